// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <numbers>
#include <utility>

/// Functions of the field that neither overflow nor cancel at any finite double.
namespace hamlet {

/// −1, 0 or 1.
constexpr double sign(double x) { return static_cast<double>(x > 0) - static_cast<double>(x < 0); }

/// log cosh x.
inline double log_cosh(double x) {
  // Below 1 the first form cancels: log cosh x ≈ x²/2, while its terms are of size log 2.
  const double size = std::abs(x);
  if (size >= 1) return size + std::log1p(std::exp(-2 * size)) - std::numbers::ln2;
  const double s = std::sinh(size / 2);
  return std::log1p(2 * s * s);  // cosh x = 1 + 2 sinh²(x/2)
}

/// log(1 + eˣ).
inline double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

/// logistic x = 1/(1 + e⁻ˣ), the slope of softplus, and logistic −x.
inline std::pair<double, double> logistic_and_complement(double x) {
  const double e = std::exp(-std::abs(x)), larger = 1 / (1 + e), smaller = e / (1 + e);
  return x >= 0 ? std::pair(larger, smaller) : std::pair(smaller, larger);
}
inline double logistic(double x) { return logistic_and_complement(x).first; }

/// 1/cosh² x, the slope of tanh.
inline double sech_squared(double x) {
  const double e = std::exp(-2 * std::abs(x));
  return 4 * e / ((1 + e) * (1 + e));
}

/// tanh x and 1/cosh² x.
inline std::pair<double, double> tanh_and_sech_squared(double x) {
  const double size = std::abs(x);
  if (size < 0.4) {  // where 1 − e^{−2|x|} cancels
    const double t = std::expm1(2 * size), r = 1 / (2 + t);
    return {std::copysign(t * r, x), 4 * (1 + t) * r * r};
  }
  const double e = std::exp(-2 * size), r = 1 / (1 + e);
  return {std::copysign((1 - e) * r, x), 4 * e * r * r};
}

/// sinh x and cosh x.
inline std::pair<double, double> sinh_and_cosh(double x) {
  const double size = std::abs(x);
  if (size < 0.4) {  // where e^{|x|} − e^{−|x|} cancels
    const double t = std::expm1(size), r = t / (1 + t);
    return {std::copysign(0.5 * (t + r), x), 1 + 0.5 * t * r};
  }
  if (!(size < 700)) return {std::sinh(x), std::cosh(x)};  // where e^{|x|} may be beyond double and they are not
  const double e = std::exp(size), r = 1 / e;
  return {std::copysign(0.5 * (e - r), x), 0.5 * (e + r)};
}

/// sin x and cos x.
inline std::pair<double, double> sin_and_cos(double x) { return {std::sin(x), std::cos(x)}; }

}  // namespace hamlet
