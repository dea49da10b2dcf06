// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// L(x) = n⁻¹ Σ xⁿ: g = xⁿ⁻¹, ∂²L/∂x² = (n−1) diag(xⁿ⁻²). Convex for even n only, and even n stores −ξ beside every ξ;
/// for odd n > 1 it is convex where x ≥ 0. For n > 2 neurons at 0 are null directions, for n = 1 every direction is.
/// Source: Krotov & Hopfield, "Dense Associative Memory for Pattern Recognition", NeurIPS 2016, section 2.
struct Power {
  int n = 2;  ///< The degree, n ≥ 1.

  template <class T>
  T operator()(const T& x) const {
    return pow(x, n) / n;
  }
  double activation(double x) const { return pow(x, n - 1); }
  double curvature(double x) const { return n == 1 ? 0 : (n - 1) * pow(x, n - 2); }

  void value(std::span<const double> x, std::span<double> F) const;
  void activation(std::span<const double> x, std::span<double> g) const;
  void curvature(std::span<const double> x, std::span<double> slope) const;

  void validate() const;
  std::string name() const;
};

extern template std::shared_ptr<const LagrangianForm> make_form(const Power&);

}  // namespace hamlet
