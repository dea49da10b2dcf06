// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/gradient.hpp>
#include <hamlet/derivative/rounding.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

/// Every elementary function, as the library has it and in textbook form, for scalars of other libraries.
namespace functions {

/// Where a function is defined and tame.
enum class Domain { all, positive, unit, above_one };

/// Whether T is a scalar of this library or double; others are given the textbook form.
template <class T>
inline constexpr bool own = std::same_as<T, double> || hamlet::Differentiable<T>;

/// The error function of a foreign scalar: found by its arguments' namespace, or overloaded beside the test.
template <class T>
T foreign_erf(const T& x) {
  return erf(x);
}

// NAME of x, domain, largest |exponent of ten| at which it is neither infinite nor a matter of argument reduction,
// textbook form
#define FUNCTIONS_OF_ONE(ROW)                                  \
  ROW(exp, all, 2.8, exp(x))                                   \
  ROW(exp2, all, 2.9, exp(x* log(T(2.0))))                     \
  ROW(expm1, all, 2.8, exp(x) - 1.0)                           \
  ROW(log, positive, 300, log(x))                              \
  ROW(log2, positive, 300, log(x) / log(T(2.0)))               \
  ROW(log10, positive, 300, log(x) / log(T(10.0)))             \
  ROW(log1p, positive, 300, log(x + 1.0))                      \
  ROW(sqrt, positive, 300, sqrt(x))                            \
  ROW(cbrt, positive, 300, exp(log(x) / 3.0))                  \
  ROW(sin, all, 6, sin(x))                                     \
  ROW(cos, all, 6, cos(x))                                     \
  ROW(tan, unit, 0, sin(x) / cos(x))                           \
  ROW(asin, unit, 0, asin(x))                                  \
  ROW(acos, unit, 0, acos(x))                                  \
  ROW(atan, all, 300, atan(x))                                 \
  ROW(sinh, all, 2.8, (exp(x) - exp(-x)) / 2.0)                \
  ROW(cosh, all, 2.8, (exp(x) + exp(-x)) / 2.0)                \
  ROW(tanh, all, 2.5, (exp(x) - exp(-x)) / (exp(x) + exp(-x))) \
  ROW(asinh, positive, 150, log(x + sqrt(x * x + 1.0)))        \
  ROW(acosh, above_one, 150, log(x + sqrt(x * x - 1.0)))       \
  ROW(atanh, unit, 0, log((1.0 + x) / (1.0 - x)) / 2.0)        \
  ROW(erf, all, 1, foreign_erf(x))                             \
  ROW(erfc, all, 1, 1.0 - foreign_erf(x))                      \
  ROW(abs, all, 300, fabs(x))                                  \
  ROW(fabs, all, 300, fabs(x))                                 \
  ROW(sign, all, 300, fabs(x) / x)                             \
  ROW(logistic, all, 2.5, 1.0 / (1.0 + exp(-x)))               \
  ROW(softplus, all, 2.5, log(1.0 + exp(x)))                   \
  ROW(log_cosh, all, 2.5, log((exp(x) + exp(-x)) / 2.0))       \
  ROW(sech_squared, all, 2.2, 4.0 / ((exp(x) + exp(-x)) * (exp(x) + exp(-x))))

// NAME of x and y, both positive
#define FUNCTIONS_OF_TWO(ROW)             \
  ROW(pow, exp(y* log(x)))                \
  ROW(hypot, sqrt(x* x + y * y))          \
  ROW(atan2, atan(x / y))                 \
  ROW(max, ((x + y) + fabs(x - y)) / 2.0) \
  ROW(min, ((x + y) - fabs(x - y)) / 2.0)

#define COUNT_ROW(...) +1
inline constexpr int of_one = 0 FUNCTIONS_OF_ONE(COUNT_ROW);
inline constexpr int of_two = 0 FUNCTIONS_OF_TWO(COUNT_ROW);
#undef COUNT_ROW

struct Row {
  const char* name;
  Domain domain;
  double exponent;
};
#define DESCRIBE_ROW(NAME, DOMAIN, EXPONENT, TEXTBOOK) Row{#NAME, Domain::DOMAIN, EXPONENT},
inline constexpr std::array<Row, of_one> rows{{FUNCTIONS_OF_ONE(DESCRIBE_ROW)}};
#undef DESCRIBE_ROW

// NOLINTBEGIN(bugprone-branch-clone): where the textbook form is the function itself
/// Function `which` of [0, of_one) at x.
template <class T>
T apply(int which, const T& x) {
  using namespace hamlet;
  int row = 0;
#define APPLY_ROW(NAME, DOMAIN, EXPONENT, TEXTBOOK) \
  if (which == row++) {                             \
    if constexpr (own<T>)                           \
      return T(NAME(x));                            \
    else                                            \
      return T(TEXTBOOK);                           \
  }
  FUNCTIONS_OF_ONE(APPLY_ROW)
#undef APPLY_ROW
  return x;
}

/// Function `which` of [0, of_two) at (x, y); then the four operations, with a mixed constant.
template <class T>
T apply(int which, const T& x, const T& y) {
  using namespace hamlet;
  int row = 0;
#define APPLY_ROW(NAME, TEXTBOOK) \
  if (which == row++) {           \
    if constexpr (own<T>)         \
      return T(NAME(x, y));       \
    else                          \
      return T(TEXTBOOK);         \
  }
  FUNCTIONS_OF_TWO(APPLY_ROW)
#undef APPLY_ROW
  if (which == row++) return T(x * y + 0.5 * x);
  if (which == row++) return T(x / y - 2.0 / y);
  if (which == row++) return T(x - y / 3.0);
  return T(1.0 - x + y);
}
// NOLINTEND(bugprone-branch-clone)
inline constexpr int operations = of_two + 4;

/// A random function of a vector: each step applies one elementary function, kept in its domain, to earlier results.
struct Composition {
  struct Step {
    bool unary;
    int which;
    std::size_t first, second;
  };
  std::vector<Step> steps;

  Composition(std::size_t variables, std::size_t length, std::mt19937_64& random) {
    const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    for (std::size_t k = 0; k < length; ++k) {
      const bool unary = below(3) != 0;
      const int which = static_cast<int>(below(static_cast<std::size_t>(unary ? of_one : operations)));
      steps.push_back({unary, which, below(variables + k), below(variables + k)});
    }
  }

  template <class Variables>
  auto operator()(const Variables& x) const {
    using T = std::decay_t<decltype(x[0])>;
    using namespace hamlet;
    std::vector<T> results;
    for (decltype(x.size()) i = 0; i < x.size(); ++i) results.push_back(x[i]);
    // c + r sin v lies in the middle of every domain.
    const auto within = [](double c, double r, const T& v) { return T(c + r * sin(v)); };
    for (const Step& step : steps) {
      const T& a = results[step.first];
      const T& b = results[step.second];
      if (!step.unary) {
        results.push_back(apply<T>(step.which, within(1.6, 1.1, a), within(1.5, 0.9, b)));
        continue;
      }
      switch (rows[static_cast<std::size_t>(step.which)].domain) {
        case Domain::all:
          results.push_back(apply<T>(step.which, within(0.1, 1.7, a)));
          break;
        case Domain::positive:
          results.push_back(apply<T>(step.which, within(1.5, 1.2, a)));
          break;
        case Domain::unit:
          results.push_back(apply<T>(step.which, within(0.1, 0.7, a)));
          break;
        case Domain::above_one:
          results.push_back(apply<T>(step.which, within(3, 1.5, a)));
          break;
      }
    }
    T sum(0.0);
    for (const T& result : results) sum += result;
    return sum;
  }
};

/// A random argument in a function's domain: moderate, or of any size the function bears.
inline double argument(const Row& row, bool moderate, std::mt19937_64& random) {
  std::uniform_real_distribution<double> uniform(0, 1);
  const double most = moderate ? 0.4 : row.exponent, least = moderate ? -2 : -300;
  double x = std::pow(10.0, least + (most - least) * uniform(random));
  if (row.domain == Domain::unit) x = std::min(x, 0.9);
  if (row.domain == Domain::above_one) x += 1;
  return (row.domain == Domain::all || row.domain == Domain::unit) && uniform(random) < 0.5 ? -x : x;
}

}  // namespace functions
