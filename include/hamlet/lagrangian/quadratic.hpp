// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// L(x) = ½ Σ x²: g = x, ∂²L/∂x² = I. A layer of linear neurons.
/// Source: Krotov & Hopfield 2021, section 3 (Model B's feature neurons).
struct Quadratic {
  template <class T>
  T operator()(const T& x) const {
    return 0.5 * x * x;
  }
  double activation(double x) const { return x; }
  double curvature(double) const { return 1; }

  std::string name() const { return "Quadratic"; }
};

extern template std::shared_ptr<const LagrangianForm> make_form(const Quadratic&);

}  // namespace hamlet
