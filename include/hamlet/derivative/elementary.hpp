// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>
#include <hamlet/derivative/arithmetic.hpp>
#include <hamlet/derivative/pairwise_sum.hpp>
#include <hamlet/derivative/pure.hpp>
#include <hamlet/derivative/stable.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>
#include <utility>

/// The elementary functions of every scalar type. They exist for double under the same names, so that a template may
/// say `using std::cosh;` or `using hamlet::cosh;` and call `cosh(x)` for any T.
namespace hamlet {

// Inlined always, so that what a derivative does not need, as the value of the last function, is not computed.
// One row a function: its name, by how many units in the last place its value on double may be wrong (the GNU C
// library's documented errors, rounded up), and its derivative in terms of x and y = NAME(x).
#define HAMLET_UNARY(NAME, ULPS, SLOPE)              \
  template <Differentiable S>                        \
  [[gnu::always_inline]] inline S NAME(const S& s) { \
    using pure::NAME;                                \
    [[maybe_unused]] const auto& x = s.value;        \
    const auto y = NAME(x);                          \
    return S::chain(y, s, SLOPE, ULPS);              \
  }

// The same for y = NAME(a, b).
#define HAMLET_BINARY(NAME, ULPS, SLOPE_A, SLOPE_B)   \
  template <Differentiable S>                         \
  S NAME(const S& s, const S& t) {                    \
    using pure::NAME;                                 \
    const auto& a = s.value;                          \
    const auto& b = t.value;                          \
    const auto y = NAME(a, b);                        \
    return S::chain(y, s, SLOPE_A, t, SLOPE_B, ULPS); \
  }                                                   \
  template <Differentiable S>                         \
  S NAME(const S& s, double b) {                      \
    using pure::NAME;                                 \
    const auto& a = s.value;                          \
    [[maybe_unused]] const auto y = NAME(a, b);       \
    return S::chain(y, s, SLOPE_A, ULPS);             \
  }                                                   \
  template <Differentiable S>                         \
  S NAME(double a, const S& t) {                      \
    using pure::NAME;                                 \
    const auto& b = t.value;                          \
    const auto y = NAME(a, b);                        \
    return S::chain(y, t, SLOPE_B, ULPS);             \
  }

using std::abs, std::fabs, std::sqrt, std::cbrt, std::hypot, std::pow;
using std::acosh, std::asinh, std::atanh, std::cosh, std::sinh, std::tanh;
using std::asin, std::acos, std::atan, std::atan2, std::cos, std::sin, std::tan;
using std::erf, std::erfc, std::exp, std::exp2, std::expm1, std::log, std::log10, std::log1p, std::log2;
using std::max, std::min;

/// The value of a function that is constant between jumps.
HAMLET_UNARY(sign, 0, 0.0)
HAMLET_UNARY(abs, 0, sign(x))
HAMLET_UNARY(fabs, 0, sign(x))

// Two functions of which the slopes of both are made, computed together: so nested derivatives, which ask for slopes of
// slopes, evaluate nothing twice. One row a pair: the name of both, then of each its name, error, and derivative in
// terms of the values y and z of the first and the second.
#define HAMLET_PAIR(BOTH, FIRST, FIRST_ULPS, FIRST_SLOPE, SECOND, SECOND_ULPS, SECOND_SLOPE)     \
  template <Differentiable S>                                                                    \
  [[gnu::always_inline]] inline std::pair<S, S> BOTH(const S& s) {                               \
    const auto [y, z] = BOTH(s.value);                                                           \
    return {S::chain(y, s, FIRST_SLOPE, FIRST_ULPS), S::chain(z, s, SECOND_SLOPE, SECOND_ULPS)}; \
  }                                                                                              \
  template <Differentiable S>                                                                    \
  [[gnu::always_inline]] inline S FIRST(const S& s) {                                            \
    [[maybe_unused]] const auto [y, z] = BOTH(s.value);                                          \
    return S::chain(y, s, FIRST_SLOPE, FIRST_ULPS);                                              \
  }                                                                                              \
  template <Differentiable S>                                                                    \
  [[gnu::always_inline]] inline S SECOND(const S& s) {                                           \
    [[maybe_unused]] const auto [y, z] = BOTH(s.value);                                          \
    return S::chain(z, s, SECOND_SLOPE, SECOND_ULPS);                                            \
  }

HAMLET_PAIR(sin_and_cos, sin, 1, z, cos, 1, -y)
HAMLET_PAIR(sinh_and_cosh, sinh, 2, z, cosh, 2, y)
HAMLET_PAIR(tanh_and_sech_squared, tanh, 2, z, sech_squared, 6, -2.0 * y * z)
HAMLET_PAIR(logistic_and_complement, logistic, 4, y* z, logistic_of_negative, 4, -y* z)

HAMLET_UNARY(exp, 1, y)
HAMLET_UNARY(exp2, 1, std::numbers::ln2* y)
HAMLET_UNARY(expm1, 1, exp(x))
HAMLET_UNARY(log, 1, 1.0 / x)
HAMLET_UNARY(log2, 1, std::numbers::log2e / x)
HAMLET_UNARY(log10, 2, std::numbers::log10e / x)
HAMLET_UNARY(log1p, 1, 1.0 / (1.0 + x))
HAMLET_UNARY(sqrt, 1, 0.5 / y)
HAMLET_UNARY(cbrt, 4, (1.0 / 3.0) / (y * y))

HAMLET_UNARY(tan, 1, 1.0 + y * y)
HAMLET_UNARY(asin, 1, 1.0 / sqrt((1.0 - x) * (1.0 + x)))
HAMLET_UNARY(acos, 1, -1.0 / sqrt((1.0 - x) * (1.0 + x)))
HAMLET_UNARY(atan, 1, 1.0 / (1.0 + x * x))

HAMLET_UNARY(asinh, 2, 1.0 / hypot(x, 1.0))
HAMLET_UNARY(acosh, 2, 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0)))
HAMLET_UNARY(atanh, 2, 1.0 / ((1.0 - x) * (1.0 + x)))

HAMLET_UNARY(erf, 1, 2.0 * std::numbers::inv_sqrtpi * exp(-x * x))
HAMLET_UNARY(erfc, 5, -2.0 * std::numbers::inv_sqrtpi * exp(-x * x))

HAMLET_UNARY(softplus, 4, logistic(x))
HAMLET_UNARY(log_cosh, 8, tanh(x))

// ∂(aᵇ)/∂a = b aᵇ⁻¹, which is 0 for b = 0 at a = 0 too.
template <class A, class B>
auto power_slope(const A& a, const B& b) {
  using pure::pow;
  using Slope = std::decay_t<decltype(b * pow(a, b - 1.0))>;
  return b == 0.0 ? Slope(0.0) : Slope(b * pow(a, b - 1.0));
}
// ∂(aᵇ)/∂b = y log a. For a ≤ 0 powers exist at isolated b only, so that there b counts as a constant.
template <class A, class Y>
auto exponent_slope(const A& a, const Y& y) {
  return a > 0.0 ? Y(y * log(a)) : Y(0.0);
}
// a/y, a component of the direction of (a, b); 0 at the origin.
template <class A, class Y>
Y direction(const A& a, const Y& y) {
  return y == 0.0 ? Y(0.0) : Y(a / y);
}
HAMLET_BINARY(pow, 1, power_slope(a, b), exponent_slope(a, y))
HAMLET_BINARY(hypot, 1, direction(a, y), direction(b, y))
HAMLET_BINARY(atan2, 1, direction(b, hypot(a, b)) / hypot(a, b), -direction(a, hypot(a, b)) / hypot(a, b))
#undef HAMLET_UNARY
#undef HAMLET_PAIR
#undef HAMLET_BINARY

/// The larger; the first when equal.
template <Differentiable S>
S max(const S& a, const S& b) {
  return a < b ? b : a;
}
template <Differentiable S>
S max(const S& a, double b) {
  return max(a, S(b));
}
template <Differentiable S>
S max(double a, const S& b) {
  return max(S(a), b);
}
/// The smaller; the first when equal.
template <Differentiable S>
S min(const S& a, const S& b) {
  return b < a ? b : a;
}
template <Differentiable S>
S min(const S& a, double b) {
  return min(a, S(b));
}
template <Differentiable S>
S min(double a, const S& b) {
  return min(S(a), b);
}

/// log Σ eˣ, for x of any size; −∞ for an empty x.
template <class T>
T log_sum_exp(const Vector<T>& x) {
  // log Σ eˣ = c + log Σ eˣ⁻ᶜ for every constant c: with the largest x no term overflows, and c drops out of
  // derivatives.
  double c = -std::numeric_limits<double>::infinity();
  for (const T& component : x) c = max(c, primal(component));
  if (!std::isfinite(c)) return T(c);
  return c + log(pairwise_sum<T>(0, x.size(), [&](Index i) { return exp(x[i] - c); }));
}

}  // namespace hamlet
