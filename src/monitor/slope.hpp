// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/network/flow.hpp>

#include <optional>

namespace hamlet {

// dE/ds of x + s d at s = 0, one number a sample: measured by central differences, and what the flow says it is.
struct Slope {
  Energies measured;
  Energies error;      // of the measurement, truncation and rounding together; infinite where there is none
  Energies predicted;  // −Σ_A (τ_A ẋ_A)ᵀ (∂²L_A/∂x_A²) d_A, if the flow is −∂E/∂g and g = ∂L/∂x

  // Whether E really rises along d in this sample, beyond the error of the measurement.
  bool rises(Index sample) const { return measured[sample] > 8 * error[sample]; }
};

// `derivative` is ẋ at x; d is taken as 0 where ẋ is, so that what is clamped stays put.
Slope measure_slope(const Flow& flow, const State& x, const State& derivative, const State& direction);

// A sample where the flow is not −∂E/∂g, and by how much: |measured − predicted| / |predicted|.
struct WrongSlope {
  Index sample;
  double size;
};

// The sample whose slope along ẋ (there it is Ė) or along a random direction made from `seed` differs most from what
// the flow says, beyond the error of the measurement; nothing when none does. `energy` is that of x.
std::optional<WrongSlope> wrong_gradient(const Flow& flow, const State& x, const Energies& energy,
                                         const State& derivative, unsigned seed);

}  // namespace hamlet
