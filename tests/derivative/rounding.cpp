// SPDX-License-Identifier: MIT
// The bound of Rounding against arithmetic of sixty digits: never exceeded, and not absurdly loose.
#include "derivative/functions.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/test/unit_test.hpp>

using namespace hamlet;
using functions::Composition;
using Exact = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<60>, boost::multiprecision::et_off>;

template <>
Exact functions::foreign_erf(const Exact& x) {
  return boost::math::erf(x);
}

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

double error(const Rounding& rounded, const Exact& exact) {
  return static_cast<double>(abs(Exact(rounded.value) - exact));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rounding)

BOOST_AUTO_TEST_CASE(functions_of_an_exact_argument) {
  std::mt19937_64 random(1);
  for (int which = 0; which < functions::of_one; ++which) {
    const functions::Row& row = functions::rows[static_cast<std::size_t>(which)];
    for (int k = 0; k < 400; ++k) {
      const double x = functions::argument(row, k % 2 == 0, random);
      const Rounding y = functions::apply(which, Rounding(x));
      if (!std::isfinite(y.value)) continue;
      const Exact exact = functions::apply(which, Exact(x));
      BOOST_TEST_CONTEXT(row.name << " at " << x << " is " << y.value) {
        // The sixty digits of the textbook form cancel too: below 1e-40 of its terms they say nothing.
        BOOST_TEST(error(y, exact) <= y.bound + 1e-40);
        BOOST_TEST(y.bound <= 10 * epsilon * std::abs(y.value) + 1e-320);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(functions_of_an_argument_with_an_error) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> part(-1, 1);
  for (int which = 0; which < functions::of_one; ++which) {
    const functions::Row& row = functions::rows[static_cast<std::size_t>(which)];
    if (std::string_view(row.name) == "sign") continue;  // it jumps
    double closest = 0;
    for (int k = 0; k < 200; ++k) {
      const double x = functions::argument(row, true, random);
      const double bound = 30 * epsilon * std::abs(x);
      const Rounding y = functions::apply(which, Rounding(x, bound));
      const Exact exact = functions::apply(which, Exact(Exact(x) + Exact(part(random)) * bound));
      BOOST_TEST_CONTEXT(row.name << " at " << x) BOOST_TEST(error(y, exact) <= y.bound);
      closest = std::max(closest, error(y, exact) / y.bound);
    }
    BOOST_TEST_CONTEXT(row.name) BOOST_TEST(closest >= 0.5);
  }
}

BOOST_AUTO_TEST_CASE(random_compositions) {
  std::normal_distribution<double> normal;
  for (const unsigned seed : {1u, 2u, 3u}) {
    std::mt19937_64 random(seed);
    std::vector<double> shares;
    for (int k = 0; k < 60; ++k) {
      const Composition f(4, 12, random);
      std::vector<Rounding> x;
      std::vector<Exact> exact;
      for (int i = 0; i < 4; ++i) {
        x.emplace_back(normal(random));
        exact.emplace_back(x.back().value);
      }
      const Rounding y = f(x);
      BOOST_TEST_CONTEXT("composition " << k << ", seed " << seed) BOOST_TEST(error(y, f(exact)) <= y.bound);
      shares.push_back(error(y, f(exact)) / y.bound);
    }
    // Errors of random sign cancel, so that a true bound is rarely attained: a median share of a hundredth is sharp.
    std::nth_element(shares.begin(), shares.begin() + 30, shares.end());
    BOOST_TEST(shares[30] >= 0.01);
  }
}

BOOST_AUTO_TEST_CASE(sums_and_products_of_any_size) {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> exponent(-150, 150);
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    std::mt19937_64 random(seed);
    for (int k = 0; k < 200; ++k) {
      const double scale = std::pow(10.0, exponent(random));
      Rounding sum = 0, product = 1;
      Exact exact_sum = 0, exact_product = 1;
      double magnitude = 0;
      for (int i = 0; i < 50; ++i) {
        const double a = scale * normal(random), b = normal(random);
        sum += Rounding(a) * b - Rounding(a) / 3;
        exact_sum += Exact(a) * Exact(b) - Exact(a) / 3;
        magnitude += std::abs(a * b) + std::abs(a / 3);
        product *= b;
        exact_product *= Exact(b);
      }
      BOOST_TEST(error(sum, exact_sum) <= sum.bound);
      BOOST_TEST(sum.bound <= 50 * epsilon * magnitude);
      BOOST_TEST(error(product, exact_product) <= product.bound);
      BOOST_TEST(product.bound <= 51 * epsilon * std::abs(product.value));
    }
  }
  // Where results are subnormal, the bound is the distance of subnormal numbers.
  const double tiny = 1.3e-170;
  BOOST_TEST(error(Rounding(tiny) * tiny, Exact(tiny) * Exact(tiny)) <= (Rounding(tiny) * tiny).bound);
}

BOOST_AUTO_TEST_CASE(where_the_first_order_is_not_enough) {
  // x = 1 − 3 (4/3 − 1) is 0 in truth, and ε in double: everything below starts from that error.
  const auto cancelled = [](auto one) { return one - 3 * (4 * one / 3 - one); };
  const Rounding x = cancelled(Rounding(1));
  BOOST_TEST(x.value != 0);
  BOOST_TEST(x.bound >= std::abs(x.value));
  BOOST_TEST((x * x).bound >= x.value * x.value);
  BOOST_TEST(sqrt(x).bound >= std::sqrt(x.value));
  BOOST_TEST(abs(x - x.value).bound >= x.value);
  BOOST_TEST(max(x - x.value, 0).bound >= x.value);
  BOOST_TEST(sqrt(Rounding(0)).bound <= 1e-320);
}

BOOST_AUTO_TEST_SUITE_END()
