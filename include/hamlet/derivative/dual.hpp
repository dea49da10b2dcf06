// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>

#include <compare>
#include <concepts>

namespace hamlet {

/// A number v + t ε with ε² = 0: a value and its derivative along one direction, carried forward together. Nests:
/// Dual<Dual<double>> carries second derivatives. Two scalars T.
/// Source: Griewank & Walther, "Evaluating Derivatives", 2nd ed., SIAM 2008, section 3.1.
template <class T = double>
struct Dual {
  T value;
  T tangent;

  constexpr Dual() : value(0.0), tangent(0.0) {}
  constexpr Dual(const T& value, const T& tangent) : value(value), tangent(tangent) {}
  /// A constant.
  constexpr Dual(double constant) : value(constant), tangent(0.0) {}
  constexpr Dual(const T& constant) requires(!std::same_as<T, double>) : value(constant), tangent(0.0) {}

  /// y = f(s), given f′.
  template <class Slope>
  static Dual chain(const T& y, const Dual& s, const Slope& slope, int) {
    return {y, slope * s.tangent};
  }
  /// y = f(s, t), given ∂f/∂s and ∂f/∂t.
  template <class SlopeS, class SlopeT>
  static Dual chain(const T& y, const Dual& s, const SlopeS& slope_s, const Dual& t, const SlopeT& slope_t, int) {
    return {y, slope_s * s.tangent + slope_t * t.tangent};
  }

  /// Comparisons are by value.
  friend bool operator==(const Dual& a, const Dual& b) { return a.value == b.value; }
  friend std::partial_ordering operator<=>(const Dual& a, const Dual& b) { return a.value <=> b.value; }
};

template <class T>
inline constexpr bool is_differentiable<Dual<T>> = true;

}  // namespace hamlet

template <class T>
struct Eigen::NumTraits<hamlet::Dual<T>> : hamlet::ScalarTraits<hamlet::Dual<T>> {};
