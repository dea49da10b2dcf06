// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// L(x) = β⁻¹ log Σ e^{βx}: g = softmax(βx), ∂²L/∂x² = β (diag g − g gᵀ). Null direction: all ones.
/// Source: Krotov & Hopfield 2021, section 3 (Model B's memory neurons).
struct LogSumExp {
  double beta = 1;  ///< β > 0, the inverse temperature of the softmax.

  template <class T>
  T value(const Vector<T>& x) const {
    // L = c + β⁻¹ log Σ e^{β(x − c)} for every constant c; with the largest x nothing overflows, β(x − c) ≤ 0.
    const double c = largest(x);
    return c + log(pairwise_sum<T>(0, x.size(), [&](Index i) { return exp(beta * (x[i] - c)); })) / beta;
  }
  double value(const Vector<double>& x) const;
  Rounding value(const Vector<Rounding>& x) const;
  void activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const;
  void hessian_product(const Vector<double>& x, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const;

  double inverse_temperature() const { return beta; }

  void validate() const;
  std::string name() const;

  /// The largest x, as a constant.
  template <class T>
  static double largest(const Vector<T>& x) {
    double c = primal(x[0]);
    for (const T& component : x) c = max(c, primal(component));
    return c;
  }
};

extern template std::shared_ptr<const LagrangianForm> make_form(const LogSumExp&);

}  // namespace hamlet
