// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>

#include <algorithm>
#include <cmath>
#include <compare>
#include <limits>

namespace hamlet {

/// A number and an upper bound on the absolute error that rounding has made in it: running error analysis. Every
/// operation passes on |f′| times the bounds of its operands, to first order, and adds its own rounding.
/// Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., SIAM 2002, section 3.3.
struct Rounding {
  double value;
  double bound;

  constexpr Rounding(double value = 0, double bound = 0) : value(value), bound(bound) {}

  /// y = f(s), given f′ and by how many units in the last place y may be wrong.
  static Rounding chain(double y, const Rounding& s, double slope, int ulps) {
    return {y, passed_on(slope, s) + made(y, ulps)};
  }
  /// y = f(s, t), given ∂f/∂s and ∂f/∂t.
  static Rounding chain(double y, const Rounding& s, double slope_s, const Rounding& t, double slope_t, int ulps) {
    return {y, passed_on(slope_s, s) + passed_on(slope_t, t) + made(y, ulps)};
  }

  /// Comparisons are by value.
  friend bool operator==(const Rounding& a, const Rounding& b) { return a.value == b.value; }
  friend std::partial_ordering operator<=>(const Rounding& a, const Rounding& b) { return a.value <=> b.value; }

 private:
  // An exact operand passes on nothing, where the slope is infinite too.
  static double passed_on(double slope, const Rounding& operand) {
    return operand.bound == 0 ? 0 : std::abs(slope) * operand.bound;
  }
  // A unit in the last place of y is at most ε|y|, and never less than the smallest subnormal.
  static double made(double y, int ulps) {
    using Limits = std::numeric_limits<double>;
    return ulps * (Limits::epsilon() * std::max(std::abs(y), Limits::min()));
  }
};

template <>
inline constexpr bool is_differentiable<Rounding> = true;

// Where the first order is not enough.

// |â b̂ − a b| ≤ |b̂| δa + |â| δb + δa δb
inline Rounding operator*(const Rounding& a, const Rounding& b) {
  Rounding product = Rounding::chain(a.value * b.value, a, b.value, b, a.value, 1);
  product.bound += a.bound * b.bound;
  return product;
}
// |√x̂ − √x| = |x̂ − x| / (√x̂ + √x) ≤ δ / (√x̂ + √max(x̂ − δ, 0)), and at most √δ
inline Rounding sqrt(const Rounding& x) {
  Rounding root = Rounding::chain(std::sqrt(x.value), {x.value}, 0, 1);
  if (x.bound > 0) {
    const double least = std::sqrt(std::max(x.value - x.bound, 0.0));
    root.bound += std::min(x.bound / (root.value + least), std::sqrt(x.bound));
  }
  return root;
}
// ||x̂| − |x|| ≤ |x̂ − x|, across the kink too.
inline Rounding abs(const Rounding& x) { return {std::abs(x.value), x.bound}; }
inline Rounding fabs(const Rounding& x) { return abs(x); }
// The larger of two, of which either may be the larger in truth.
inline Rounding max(const Rounding& a, const Rounding& b) {
  return {std::max(a.value, b.value), std::max(a.bound, b.bound)};
}
inline Rounding min(const Rounding& a, const Rounding& b) {
  return {std::min(a.value, b.value), std::max(a.bound, b.bound)};
}

}  // namespace hamlet

template <>
struct Eigen::NumTraits<hamlet::Rounding> : hamlet::ScalarTraits<hamlet::Rounding> {};
