// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/integrate.hpp>

namespace hamlet {

/// Throws ValueError for what contradicts itself or means nothing, whatever the stepper.
void check_options(const Integration& how);

/// Throws ValueError when checkpoints are to be made and none is to be saved.
void check_saved(const Checkpoints& checkpoints);

/// Throws ShapeError when there is nothing to integrate, ValueError naming the first entry that is not finite.
void check_state(const State& state);

/// Throws ShapeError, or ValueError that says what differs, unless a run with this state and options can go on there.
void check_resumable(const Checkpoint& from, const State& state, const Integration& how);

/// Throws ValueError unless the system whose ẋ at the checkpoint is `derivative` is that of the checkpoint.
void check_system(const Checkpoint& from, const System& system, const State& derivative);

/// The steps of one run: what the user said, completed.
struct Steps {
  bool adaptive;
  double first;
  double smallest;  // below it, or below the rounding of time, an adaptive stepper gives up
  double largest;
};

/// Throws ValueError when the options and the stepper contradict one another. May call the system once.
Steps choose_steps(const Integration& how, RunningStepper& stepper, System& system, const Point& start);

}  // namespace hamlet
