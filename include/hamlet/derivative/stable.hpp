// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <numbers>

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

/// 1/(1 + e⁻ˣ), the slope of softplus.
inline double logistic(double x) {
  if (x >= 0) return 1 / (1 + std::exp(-x));
  const double e = std::exp(x);
  return e / (1 + e);
}

/// 1/cosh² x, the slope of tanh.
inline double sech_squared(double x) {
  const double e = std::exp(-2 * std::abs(x));
  return 4 * e / ((1 + e) * (1 + e));
}

}  // namespace hamlet
