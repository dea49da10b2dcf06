// SPDX-License-Identifier: MIT
#include "kernel/elementary.hpp"

#include "kernel/for_every_target.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

namespace {

using namespace hamlet;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double smallest = std::numeric_limits<double>::denorm_min();

struct Function {
  const char* name;
  void (*fast)(const double*, Index, double*);
  long double (*exact)(long double);
};

const Function functions[] = {
    {"exp", kernel::exp, [](long double x) { return std::exp(x); }},
    {"log", kernel::log, [](long double x) { return std::log(x); }},
    {"log1p", kernel::log1p, [](long double x) { return std::log1p(x); }},
    {"tanh", kernel::tanh, [](long double x) { return std::tanh(x); }},
    {"sigmoid", kernel::sigmoid,
     [](long double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }},
    {"sigmoid_slope", kernel::sigmoid_slope,
     [](long double x) {
       const long double e = std::exp(-std::abs(x));
       return e / ((1 + e) * (1 + e));
     }},
    {"softplus", kernel::softplus,
     [](long double x) { return std::max(x, 0.0L) + std::log1p(std::exp(-std::abs(x))); }},
    {"log_cosh", kernel::log_cosh,
     [](long double x) {
       const long double t = std::expm1(std::abs(x));
       return std::abs(x) < 100 ? std::log1p(t * t / (2 + 2 * t)) : std::abs(x) - std::log(2.0L);
     }},
};

/// Numbers of every size and both signs, and those where formulas meet.
std::vector<double> arguments() {
  std::mt19937_64 engine(5);
  std::vector<double> x;
  for (const double size : {0.0,     smallest, 0x1p-1022, 0x1p-1000, 1e-20,
                            0x1p-54, 0x1p-53,  0.5,       1.0,       20.0,
                            22.0,    709.0,    709.78,    710.0,     744.0,
                            745.13,  745.2,    746.0,     1e10,      std::numeric_limits<double>::max(),
                            infinity}) {
    for (const double near : {std::nextafter(size, 0.0), size, std::nextafter(size, infinity)}) {
      x.push_back(near);
      x.push_back(-near);
    }
  }
  for (int i = 0; i < 2000; ++i) {
    for (const double width : {1e-3, 0.3, 1.0, 3.0, 40.0, 800.0}) {
      x.push_back(std::uniform_real_distribution<double>(-width, width)(engine));
    }
    x.push_back(1 + std::uniform_real_distribution<double>(-1e-4, 1e-4)(engine));
    const std::uint64_t any = engine();
    double number;
    std::memcpy(&number, &any, sizeof number);
    if (!std::isnan(number)) x.push_back(number);
  }
  return x;
}

/// The distance from the truth, in units in the truth's last place.
double error(double result, long double exact) {
  const auto rounded = static_cast<double>(exact);
  if (std::isnan(rounded) || std::isnan(result)) return std::isnan(rounded) && std::isnan(result) ? 0 : infinity;
  if (std::isinf(rounded) || std::isinf(result)) {
    const double largest = std::numeric_limits<double>::max();
    return rounded == result || (std::abs(rounded) == largest || std::abs(result) == largest) ? 0 : infinity;
  }
  const double unit = std::max(std::nextafter(std::abs(rounded), infinity) - std::abs(rounded), smallest);
  return static_cast<double>(std::abs(static_cast<long double>(result) - exact) / static_cast<long double>(unit));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(elementary)

BOOST_AUTO_TEST_CASE(functions_are_those_of_long_double_to_4_units_in_the_last_place) {
  const std::vector<double> x = arguments();
  laws::for_every_target([&] {
    for (const auto& [name, fast, exact] : functions) {
      std::vector<double> y(x.size());
      fast(x.data(), static_cast<Index>(x.size()), y.data());
      double worst = 0, where = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double e = error(y[i], exact(static_cast<long double>(x[i])));
        if (e > worst) {
          worst = e;
          where = x[i];
        }
      }
      BOOST_TEST(worst <= 4, name << ": " << worst << " at " << where);
      BOOST_TEST_MESSAGE(name << ": " << worst << " at " << where);
      const double not_a_number = std::numeric_limits<double>::quiet_NaN();
      double result;
      fast(&not_a_number, 1, &result);
      BOOST_TEST(std::isnan(result), name);
    }
  });
}

BOOST_AUTO_TEST_CASE(a_result_does_not_depend_on_where_its_argument_stands) {
  const std::vector<double> x = arguments();
  laws::for_every_target([&] {
    for (const auto& [name, fast, exact] : functions) {
      std::vector<double> all(100), in_place(x.begin(), x.begin() + 100);
      fast(x.data(), 100, all.data());
      fast(in_place.data(), 100, in_place.data());
      for (std::size_t i = 0; i < 100; ++i) {
        double alone;
        fast(&x[i], 1, &alone);
        BOOST_TEST(std::memcmp(&alone, &all[i], sizeof alone) == 0, name);
        BOOST_TEST(std::memcmp(&alone, &in_place[i], sizeof alone) == 0, name);
      }
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()
