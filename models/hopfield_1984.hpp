// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/log_cosh.hpp>
#include <hamlet/network/network.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <utility>

namespace hamlet::models {

/// The choices of Hopfield's network of graded response.
struct Hopfield1984 {
  double beta = 1;         ///< β > 0, the gain: the larger, the nearer tanh βx is to a sign.
  TimeConstant tau = 1.0;  ///< τ = RC of the neurons.
};

/// Neurons of graded response ("neurons"), joined among themselves by symmetric weights W (N × N):
///     τ ẋ = W g + I − x,    g = tanh βx
///     E = −½ gᵀ W g + Σ_i ∫₀^{g_i} β⁻¹ artanh V dV − I·g
/// Fixed points are x = W tanh βx + I. The integral is x·g − L at L = β⁻¹ Σ log cosh βx, its Legendre transform. I is
/// the flow's: `flow.input(net.find("neurons")) = I`. For K memories, one a row of ξ, W = ξᵀξ/N with a diagonal of 0.
/// Throws ShapeError and ValueError when W is not square, finite and symmetric, ValueError unless β > 0.
/// Source: Hopfield, "Neurons with graded response have collective computational properties like those of two-state
/// neurons", PNAS 1984, eq. 7.
inline Network hopfield_1984(State weights, Hopfield1984 choice = {}) {
  const Lateral synapse{std::move(weights)};
  Network net;
  const LayerHandle neurons = net.add({.name = "neurons",
                                       .shape = {synapse.weights().rows()},
                                       .lagrangian = LogCosh{.beta = choice.beta},
                                       .tau = std::move(choice.tau)});
  net.connect({neurons}, synapse);
  return net;
}

}  // namespace hamlet::models
