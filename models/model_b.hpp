// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/log_sum_exp.hpp>
#include <hamlet/lagrangian/quadratic.hpp>
#include <hamlet/network/eliminate.hpp>

#include <models/two_layer.hpp>

namespace hamlet::models {

/// The modern Hopfield network, Model B: L_v = ½ Σ v², L_h = β⁻¹ log Σ e^{βh}.
struct ModelB {
  double beta = 1;  ///< β > 0: the larger, the fewer memories share a recall.
  TimeConstant tau_f = 1.0;

  /// The two-layer network whose memory neurons, integrated out, leave Model B.
  TwoLayer microscopic(TimeConstant tau_h = 0.1) const {
    return {.visible = Quadratic{}, .hidden = LogSumExp{.beta = beta}, .tau_f = tau_f, .tau_h = std::move(tau_h)};
  }
};

/// Model B of K memories of N numbers, one a row of ξ (K × N):
///     E = ½ ‖v‖² − β⁻¹ log Σ_μ exp(β ξ_μ·v)
///     τ_f v̇ = ξᵀ softmax(β ξ v) − v
/// One Euler step of τ_f is v ← ξᵀ softmax(β ξ v), the attention of transformers.
/// Source: Krotov & Hopfield 2021, section 3, Model B; Ramsauer et al., "Hopfield Networks is All You Need", ICLR 2021.
inline Network model_b(State memories, const ModelB& choice = {}) {
  const Network full = two_layer(std::move(memories), choice.microscopic());
  return eliminate(full, full.find("memories"));
}

}  // namespace hamlet::models
