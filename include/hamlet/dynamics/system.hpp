// SPDX-License-Identifier: MIT
#pragma once

// CONTRACT (architect)

#include <hamlet/core/state.hpp>

namespace hamlet {

/// What `integrate` integrates, seen through a non-owning reference: any callable (const State& x, State& dxdt, double t).
/// Capabilities are found by duck typing and used when present:
///   void   energy_at_last(const State& x, Energies&) const   energies of the state of the last call
///   double residual(const State& derivative) const           ‖τẋ‖∞ (default: ‖ẋ‖∞)
///   double smallest_time_constant() const                    min τ (default: unknown, +∞)
/// Counts right-hand sides.
class System;

}  // namespace hamlet
