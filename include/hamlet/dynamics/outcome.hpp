// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>
#include <string>

namespace hamlet {

/// How a run ended.
enum class Status {
  end_reached,
  settled,         // the residual fell below Integration::settled
  event,           // at a time within a step that an observer gave, such as that of a terminal Event
  stopped,         // by an observer
  interrupted,     // by a signal, while an Interrupt lives
  too_many_steps,  // Integration::most_steps were taken
  step_too_small,  // the error could not be kept within the tolerances, as before a blow-up
  not_finite,      // the right-hand side or the next state is NaN or infinite however small the step
};

/// What a run cost.
struct Statistics {
  long steps = 0;             // accepted
  long rejected = 0;          // tried and not accepted
  long energy_rises = 0;      // of these, those refused because the energy would have risen; see Guarded
  long right_hand_sides = 0;  // calls of the system, those for dense output included
  double seconds = 0;         // wall time, observers included
  double smallest_step = 0;   // of the accepted ones; 0 when there is none
  double largest_step = 0;
  long jacobian_products = 0;  // of a stepper that asks for them; each costs about a right-hand side
};

/// How, when (t) and at what cost a run ended. Whatever the status, the state is the last good one, that of `time`.
struct Outcome {
  Status status;
  double time;
  Statistics statistics;

  /// Two lines for people to read.
  std::string text() const;
};

std::ostream& operator<<(std::ostream&, Status);
std::ostream& operator<<(std::ostream&, const Outcome&);

}  // namespace hamlet
