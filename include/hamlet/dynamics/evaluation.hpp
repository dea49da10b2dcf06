// SPDX-License-Identifier: MIT
#pragma once

// CONTRACT (architect)

#include <hamlet/core/state.hpp>

namespace hamlet {

/// What an observer is told: once at the start, then after every accepted step. References are valid during the call.
/// An observer is any callable (const Evaluation&) that returns void, or Proceed to be able to end the run.
/// Optional member of an observer: void finish(const Outcome&), called once when the run ends.
enum class Proceed { on, stop };

struct Evaluation {
  long step;                    // accepted steps so far; 0 at the start
  double time;
  const State& state;
  const State& derivative;      // ẋ at (state, time)
  const Energies* energies;     // null for a system without energy
  double residual;              // ‖τẋ‖∞
  double previous_time;         // equal to time at the start
  const State& previous_state;  // equal to state at the start
  // void interpolate(double t, State& x) const;   dense output in [previous_time, time]
};

}  // namespace hamlet
