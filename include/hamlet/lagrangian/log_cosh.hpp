// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// L(x) = β⁻¹ Σ log cosh βx: g = tanh βx, ∂²L/∂x² = β diag(1/cosh² βx). No null directions, though |g| < 1 saturates.
/// Source: Hopfield, "Neurons with graded response…", PNAS 81, 1984.
struct LogCosh {
  double beta = 1;  ///< β > 0, the steepness of tanh.

  template <class T>
  T operator()(const T& x) const {
    const T z = beta * x;
    if (abs(z) < 1) return log_cosh(z) / beta;
    // The same with |z|/β = |x| divided out: βx may overflow where L does not.
    return abs(x) + (log1p(exp(-2 * abs(z))) - std::numbers::ln2) / beta;
  }
  double activation(double x) const { return tanh(beta * x); }
  double curvature(double x) const { return beta * sech_squared(beta * x); }

  void value(std::span<const double> x, std::span<double> F) const;
  void activation(std::span<const double> x, std::span<double> g) const;
  void curvature(std::span<const double> x, std::span<double> slope) const;

  void validate() const;
  std::string name() const;
};

extern template std::shared_ptr<const LagrangianForm> make_form(const LogCosh&);

}  // namespace hamlet
