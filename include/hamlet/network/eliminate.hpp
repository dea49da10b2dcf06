// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/network/network.hpp>

namespace hamlet {

/// The effective network with `hidden` integrated out (τ_h → 0): h = I_h + u(g_others), and one IntegratedOut synapse
/// −L_h(I_h + u) takes the place of the layer and its synapses. Handles of the other layers stay valid.
/// `input` is I_h, N_h × 1 (zero when empty). Throws UnknownError, ShapeError, ValueError when the input is not finite,
/// and ModelError for the last layer, for one that is clamped (it does not relax to its current), or naming the synapse
/// in which the layer does not enter linearly. Source: Krotov & Hopfield 2021, section 3.
Network eliminate(const Network& network, LayerHandle hidden, const Vector<double>& input = {});

}  // namespace hamlet
