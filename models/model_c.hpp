// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/norm.hpp>
#include <hamlet/lagrangian/rectified_power.hpp>
#include <hamlet/network/eliminate.hpp>

#include <models/two_layer.hpp>

namespace hamlet::models {

/// Spherical memory, Model C: L_v = ‖v‖, L_h = Σ F(h).
struct ModelC {
  Lagrangian F = RectifiedPower{.n = 3};  ///< The sum over memories of the interaction function F.
  TimeConstant tau_f = 1.0;

  /// The two-layer network whose memory neurons, integrated out, leave Model C.
  TwoLayer microscopic(TimeConstant tau_h = 0.1) const {
    return {.visible = Norm{}, .hidden = F, .tau_f = tau_f, .tau_h = std::move(tau_h)};
  }
};

/// Model C of K memories of N numbers, one a row of ξ (K × N):
///     E = −Σ_μ F(ξ_μ·v/‖v‖)
///     τ_f v̇ = ξᵀ F′(ξ v/‖v‖) − v
/// E depends on the direction of v alone: v is a null direction of its Hessian, and its length settles by itself.
/// Source: Krotov & Hopfield 2021, section 3, Model C.
inline Network model_c(State memories, const ModelC& choice = {}) {
  const Network full = two_layer(std::move(memories), choice.microscopic());
  return eliminate(full, full.find("memories"));
}

}  // namespace hamlet::models
