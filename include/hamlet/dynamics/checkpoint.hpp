// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>
#include <hamlet/dynamics/outcome.hpp>

#include <functional>
#include <optional>
#include <string>

namespace hamlet {

/// Where a run can be resumed, bit for bit: all that decides how it goes on but the system, and by what to tell that
/// system and options are the same.
struct Checkpoint {
  std::string stepper;  // Stepper::text()
  double begin, end;    // of Integration, as what follows
  std::optional<double> first_step, smallest_step, largest_step;
  long every;

  double time;
  State state;       // N × B
  State derivative;  // ẋ there
  double chosen_first_step, chosen_largest_step;
  double next_step;  // to try
  double cost;       // right-hand sides so far, parts of one not rounded up
  Statistics statistics;
};

/// When checkpoints are made. At one the stepper is started anew and ẋ asked for anew, in the run that goes on as in
/// one that is resumed: so the two are equal although no stepper's memory is kept. It costs a right-hand side, and a
/// multistep method warms up again.
struct Checkpoints {
  /// Accepted steps from one to the next; 0: none is made.
  long every = 0;
  /// What becomes of one, as CheckpointFile; called when all observers were told of the step. What it throws ends the
  /// run. integrate refuses `every` without it; resume, which must be told the `every` of the run before, then keeps
  /// none.
  std::function<void(const Checkpoint&)> save = nullptr;
};

}  // namespace hamlet
