// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/quadratic.hpp>
#include <hamlet/network/network.hpp>
#include <hamlet/synapse/dense.hpp>

#include <utility>

namespace hamlet::models {

/// The choices of a two-layer network.
struct TwoLayer {
  Lagrangian visible = Quadratic{};  ///< L_v of the feature neurons v.
  Lagrangian hidden = Quadratic{};   ///< L_h of the memory neurons h.
  TimeConstant tau_f = 1.0;          ///< τ_f of the feature neurons.
  TimeConstant tau_h = 0.1;          ///< τ_h of the memory neurons, which should be the faster ones.
};

/// Feature neurons v ("features") and memory neurons h ("memories"), joined by K memories of N numbers, one a row of ξ
/// (K × N), with no synapse within a layer:
///     τ_f v̇ = ξᵀ f − v + I,    f = ∂L_h/∂h
///     τ_h ḣ = ξ g − h,         g = ∂L_v/∂v
///     E = [(v − I)·g − L_v] + [h·f − L_h] − fᵀ ξ g
/// Throws ValueError when a memory is not finite.
/// Source: Krotov & Hopfield, "Large Associative Memory Problem in Neurobiology and Machine Learning", ICLR 2021, eq.
/// 1–3.
inline Network two_layer(State memories, TwoLayer choice = {}) {
  const Dense synapse{std::move(memories)};
  const State& xi = synapse.weights();
  Network net;
  const LayerHandle v = net.add({.name = "features",
                                 .shape = {xi.cols()},
                                 .lagrangian = std::move(choice.visible),
                                 .tau = std::move(choice.tau_f)});
  const LayerHandle h = net.add({.name = "memories",
                                 .shape = {xi.rows()},
                                 .lagrangian = std::move(choice.hidden),
                                 .tau = std::move(choice.tau_h)});
  net.connect({v, h}, synapse);
  return net;
}

}  // namespace hamlet::models
