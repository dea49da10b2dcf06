// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/absolute.hpp>
#include <hamlet/lagrangian/rectified_power.hpp>
#include <hamlet/network/eliminate.hpp>

#include <models/two_layer.hpp>

namespace hamlet::models {

/// Dense associative memory, Model A: L_v = Σ|v|, L_h = Σ F(h).
struct ModelA {
  Lagrangian F = RectifiedPower{.n = 3};  ///< The sum over memories of the interaction function F.
  TimeConstant tau_f = 1.0;

  /// The two-layer network whose memory neurons, integrated out, leave Model A.
  TwoLayer microscopic(TimeConstant tau_h = 0.1) const {
    return {.visible = Absolute{}, .hidden = F, .tau_f = tau_f, .tau_h = std::move(tau_h)};
  }
};

/// Model A of K memories of N numbers, one a row of ξ (K × N), with σ = sign v:
///     E = −Σ_μ F(Σ_i ξ_μi σ_i)
///     τ_f v̇ = ξᵀ F′(ξ σ) − v
/// When a v_i crosses 0, σ_i jumps and E drops by 2 τ_f |v̇_i|. It is not the asynchronous rule of spins, which leaves a
/// neuron's own part out of the sum.
/// Source: Krotov & Hopfield 2021, section 3, Model A; Krotov & Hopfield, "Dense Associative Memory for Pattern
/// Recognition", NeurIPS 2016.
inline Network model_a(State memories, const ModelA& choice = {}) {
  const Network full = two_layer(std::move(memories), choice.microscopic());
  return eliminate(full, full.find("memories"));
}

}  // namespace hamlet::models
