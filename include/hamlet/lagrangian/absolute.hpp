// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

#include <vector>

namespace hamlet {

/// L(x) = Σ |x|: g = sign x (0 at 0), ∂²L/∂x² = 0 away from 0. Not smooth: when x_i crosses 0, g_i jumps and the energy
/// drops by 2 τ |ẋ_i|. Every direction is a null direction. Source: Krotov & Hopfield 2021, section 3 (Model A).
struct Absolute {
  template <class T>
  T operator()(const T& x) const {
    return abs(x);
  }
  double activation(double x) const { return sign(x); }
  double curvature(double) const { return 0; }

  std::vector<double> discontinuities() const { return {0}; }
  std::string name() const { return "Absolute"; }
};

extern template std::shared_ptr<const LagrangianForm> make_form(const Absolute&);

}  // namespace hamlet
