// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// L(x) = Σ eˣ: g = eˣ, ∂²L/∂x² = diag(eˣ). No null directions. Overflows above x = 709, and with an unbounded g the
/// energy is unbounded below. Source: Demircigil et al., "On a Model of Associative Memory with Huge Storage Capacity",
/// J. Stat. Phys. 168, 2017.
struct Exponential {
  template <class T>
  T operator()(const T& x) const {
    return exp(x);
  }
  double activation(double x) const { return exp(x); }
  double curvature(double x) const { return exp(x); }

  void value(std::span<const double> x, std::span<double> F) const { activation(x, F); }
  void activation(std::span<const double> x, std::span<double> g) const;
  void curvature(std::span<const double> x, std::span<double> slope) const { activation(x, slope); }

  std::string name() const { return "Exponential"; }
};

extern template std::shared_ptr<const LagrangianForm> make_form(const Exponential&);

}  // namespace hamlet
