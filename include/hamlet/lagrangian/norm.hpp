// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/lagrangian.hpp>
#include <hamlet/lagrangian/regularised_norm.hpp>

namespace hamlet {

/// L(x) = γ r, r = √(‖x‖² + ε): g = γ x/r, ∂²L/∂x² = γ (I − x xᵀ/r²)/r. With ε = 0 the activation lies on a sphere, x
/// is a null direction, and g(0) = 0 is chosen at the kink. Source: Krotov & Hopfield 2021, section 3 (Model C,
/// spherical normalisation).
struct Norm {
  double gamma = 1;    ///< γ > 0, the radius of the sphere.
  double epsilon = 0;  ///< ε ≥ 0, which rounds the kink at 0.

  template <class T>
  T value(const Vector<T>& x) const {
    return gamma * regularised_norm(x, epsilon);
  }
  void activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const;
  void hessian_product(const Vector<double>& x, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const;

  void validate() const;
  std::string name() const;
};

extern template std::shared_ptr<const LagrangianForm> make_form(const Norm&);

}  // namespace hamlet
