// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <string>

namespace hamlet {

/// Throws ValueError when there is no weight or one is not finite, naming the synapse and the first such weight.
void require_finite_weights(const State& weights, const std::string& synapse);

/// ‖row‖ of every row, 1 × rows.
Energies row_norms(const State& weights);

}  // namespace hamlet
