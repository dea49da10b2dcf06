// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/independent_sets.hpp>

#include <cmath>
#include <optional>
#include <vector>

namespace hamlet {

/// ∫₀^dt e^{−s/τ} ds = τ (1 − e^{−dt/τ}) = dt φ₁(−dt/τ), of a rate 1/τ; dt where the rate is 0.
inline double approached(double rate, double dt) { return rate > 0 ? -std::expm1(-dt * rate) / rate : dt; }

/// The decay of every row over one step.
struct Decay {
  double dt = 0;
  Vector<double> factor;    // e^{−dt/τ}
  Vector<double> approach;  // τ (1 − e^{−dt/τ})

  void set(const Vector<double>& rates, double step) {
    if (dt == step) return;
    dt = step;
    factor = (-dt * rates.array()).exp();
    approach = rates.unaryExpr([step](double rate) { return approached(rate, step); });
  }
};

/// The sets in an order in which that of the cue's rows comes last; as they are when nothing moves there. Throws
/// ShapeError when the cue is given and is no layer that moves.
std::vector<IndependentSet> sets_with_cue_last(std::vector<IndependentSet> sets, const std::optional<Rows>& cue);

}  // namespace hamlet
