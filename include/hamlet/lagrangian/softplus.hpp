// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// L(x) = β⁻¹ Σ log(1 + e^{βx}): g = 1/(1 + e^{−βx}), ∂²L/∂x² = β diag(g (1 − g)). No null directions; 0 < g < 1.
/// Source: Krotov & Hopfield 2021, section 2 (any monotone activation is the gradient of a Lagrangian).
struct Softplus {
  double beta = 1;  ///< β > 0, the steepness of the logistic function.

  template <class T>
  T operator()(const T& x) const {
    const T z = beta * x;
    if (z < 1) return softplus(z) / beta;
    // log(1 + eᶻ) = z + log(1 + e⁻ᶻ), with z/β = x divided out: βx may overflow where L does not.
    return x + log1p(exp(-z)) / beta;
  }
  double activation(double x) const { return logistic(beta * x); }
  double curvature(double x) const { return beta * logistic(beta * x) * logistic(-beta * x); }

  void value(std::span<const double> x, std::span<double> F) const;
  void activation(std::span<const double> x, std::span<double> g) const;
  void curvature(std::span<const double> x, std::span<double> slope) const;

  void validate() const;
  std::string name() const;
};

extern template std::shared_ptr<const LagrangianForm> make_form(const Softplus&);

}  // namespace hamlet
