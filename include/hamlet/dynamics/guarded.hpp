// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/stepper.hpp>

namespace hamlet {

/// Any stepper, with a guard: a step that raises the energy of any sample beyond its rounding is refused and tried
/// again half as long; `Guarded{RungeKutta4{.step = 0.5}}`. A stepper of equal steps comes back to its step by
/// doubling what eight steps in a row have kept. Statistics::energy_rises counts the refusals. Costs the energies, and
/// one right-hand side a run. The guard bounds E, not x: where E hardly feels a state, as that of h behind a saturated
/// softmax, a step beyond stability can lower E a little and let h grow without end; so an explicit stepper of equal
/// steps stays within 2 min τ here, Euler and AdamsBashforthMoulton within min τ, unless Integration::largest_step says
/// otherwise. Needs a system that has energies and their rounding, as a Flow.
struct Guarded {
  Stepper stepper;

  /// Throws as the stepper's own.
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

}  // namespace hamlet
