// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/grouped.hpp>
#include <hamlet/lagrangian/layer_norm.hpp>
#include <hamlet/lagrangian/rectified_power.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/synapse/attention.hpp>
#include <hamlet/synapse/convolution.hpp>

#include <utility>

namespace hamlet::models {

/// The choices of an Energy Transformer beside its weights.
struct EnergyTransformer {
  Lagrangian F = RectifiedPower{.n = 2};  ///< Of a token's K overlaps with the memories.
  Lagrangian norm = LayerNorm{};          ///< Of a token's D features.
  TimeConstant tau = 1.0;
};

/// A layer "tokens" of shape {D, tokens}, D features each, of which attention moves tokens towards one another and K
/// memories, one a row of ξ (K × D), move every token towards themselves:
///     E = Σ_C [x_C·g_C − L(x_C)] + E_attention(g) − Σ_C F(ξ g_C)
///     τ ẋ_C = −∂E_attention/∂g_C + ξᵀ ∂F(ξ g_C) − x_C,    g_C = LayerNorm(x_C)
/// with F = ½ Σ_μ max(ξ_μ·g_C, 0)² by default. The memories are K hidden neurons a token, integrated out. The paper
/// leaves out the layer's own term and with it the decay −x; tokens that are to stay near what they were are held by an
/// input: `flow.input(net.find("tokens")) = x₀`.
/// Throws ShapeError when the maps of the attention do not have D columns or its graph is not of these tokens,
/// ValueError when a memory is not finite or there is no token.
/// Source: Hoover et al., "Energy Transformer", NeurIPS 2023, sections "Multi-Head Energy Attention" and "Hopfield
/// Network Module".
inline Network energy_transformer(Index tokens, const Attention& attention, State memories,
                                  EnergyTransformer choice = {}) {
  const Index K = memories.rows(), D = memories.cols();
  const Convolution overlaps{std::move(memories), {.over = {D, tokens}, .size = {1}}};
  Network net;
  const LayerHandle x = net.add({.name = "tokens",
                                 .shape = {D, tokens},
                                 .lagrangian = Grouped{std::move(choice.norm), D},
                                 .tau = std::move(choice.tau)});
  const LayerHandle h =
      net.add({.name = "memories", .shape = overlaps.output(), .lagrangian = Grouped{std::move(choice.F), K}});
  net.connect({x}, attention);
  net.connect({x, h}, overlaps);
  return eliminate(net, h);
}

}  // namespace hamlet::models
