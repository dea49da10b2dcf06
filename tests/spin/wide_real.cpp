// SPDX-License-Identifier: MIT
#include <hamlet/spin/wide_real.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace hamlet;

namespace {

namespace mp = boost::multiprecision;
using Exact = mp::number<mp::cpp_bin_float<200, mp::digit_base_2, void, std::int64_t, -(1LL << 40), 1LL << 40>>;

constexpr double epsilon = std::numeric_limits<double>::epsilon(), infinity = std::numeric_limits<double>::infinity();

Exact exact(const WideReal& x) { return ldexp(Exact(x.mantissa()), static_cast<long long>(x.exponent())); }

/// In units of ε of y.
double error(const WideReal& x, const Exact& y) {
  return static_cast<double>(Exact(abs(exact(x) - y) / abs(y))) / epsilon;
}

std::vector<WideReal> numbers() {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> mantissa(-2, 2);
  std::vector<WideReal> numbers{0.0, 1.0, -1.0, 0.5, 3.0};
  for (const std::int64_t size : {1, 10, 1000, 100'000})
    for (int k = 0; k < 12; ++k)
      numbers.emplace_back(mantissa(random), std::uniform_int_distribution<std::int64_t>(-size, size)(random));
  return numbers;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wide_real)

BOOST_AUTO_TEST_CASE(arithmetic_is_rounded_once) {
  for (const WideReal& a : numbers()) {
    BOOST_TEST((a.mantissa() == 0 || (std::abs(a.mantissa()) >= 0.5 && std::abs(a.mantissa()) < 1)));
    for (const WideReal& b : numbers()) {
      const Exact sum = exact(a) + exact(b);
      if (sum == 0)
        BOOST_TEST((a + b).sign() == 0);
      else
        BOOST_TEST(error(a + b, sum) <= 0.5);
      BOOST_TEST((a - b).sign() == (exact(a) - exact(b)).sign());
      BOOST_TEST((a < b) == (exact(a) < exact(b)));
      BOOST_TEST((a == b) == (exact(a) == exact(b)));
      if (a.sign() != 0 && b.sign() != 0) {
        BOOST_TEST(error(a * b, exact(a) * exact(b)) <= 0.5);
        BOOST_TEST(error(a / b, exact(a) / exact(b)) <= 0.5);
      }
    }
    if (a.sign() > 0) {
      BOOST_TEST(error(sqrt(a), sqrt(exact(a))) <= 0.5);
      if (a != 1.0) BOOST_TEST(error(log(a), log(exact(a))) <= 4);
    }
    if (a.sign() != 0) {
      BOOST_TEST(error(pow(a, 7), pow(exact(a), 7)) <= 4);
      BOOST_TEST(error(pow(a, -3), pow(exact(a), -3)) <= 4);
    }
  }
}

BOOST_AUTO_TEST_CASE(exponentials_go_beyond_doubles) {
  std::mt19937_64 random(2);
  for (const double size : {1.0, 100.0, 2000.0, 1e6}) {
    for (int k = 0; k < 100; ++k) {
      const double x = std::uniform_real_distribution<double>(-size, size)(random);
      BOOST_TEST(error(exp(WideReal(x)), exp(Exact(x))) <= 4);
      BOOST_TEST(error(cosh(WideReal(x)), cosh(Exact(x))) <= 4);
      BOOST_TEST(error(sinh(WideReal(x)), sinh(Exact(x))) <= 4);
      BOOST_TEST(error(tanh(WideReal(x)), Exact(1 - 2 / (exp(Exact(2 * x)) + 1))) <= 4);
    }
  }
  BOOST_TEST((exp(WideReal(1e30)).value() == infinity));
  BOOST_TEST((exp(WideReal(-1e30)).sign() == 0));
  BOOST_TEST(error(pow(exp(WideReal(2000.0)), 2.5), exp(Exact(5000))) <= 0x1p14);
}

BOOST_AUTO_TEST_CASE(doubles_are_themselves) {
  for (const double x : {0.0, 1.0, -1.5, 1e300, 4.9e-324, infinity, -infinity}) {
    BOOST_TEST(WideReal(x).value() == x);
    BOOST_TEST((WideReal(x) == WideReal(x)));
  }
  BOOST_TEST(std::isnan(WideReal(std::nan("")).value()));
  BOOST_TEST(WideReal(-std::nan("")).text() == "nan");
  BOOST_TEST(WideReal(-infinity).text() == "-inf");
  BOOST_TEST((WideReal(infinity) > exp(WideReal(1e6))));
  BOOST_TEST((WideReal(-infinity) < -exp(WideReal(1e6))));
  BOOST_TEST((max(WideReal(2.0), WideReal(-3.0)) == 2.0));
  BOOST_TEST((min(WideReal(2.0), WideReal(-3.0)) == -3.0));
  BOOST_TEST((abs(WideReal(-3.0)) == 3.0));
  BOOST_TEST(WideReal(-1.25).text() == "-1.25");
  BOOST_TEST(exp(WideReal(2000.0)).text() == "3.88e+868");
  BOOST_TEST((-exp(WideReal(-2000.0))).text() == "-2.58e-869");
}

BOOST_AUTO_TEST_SUITE_END()
