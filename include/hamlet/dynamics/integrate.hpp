// SPDX-License-Identifier: MIT
#pragma once

// CONTRACT (architect)

#include <hamlet/dynamics/evaluation.hpp>
#include <hamlet/dynamics/stepper.hpp>
#include <hamlet/dynamics/system.hpp>

namespace hamlet {

struct Integration {
  Stepper stepper;              // = DormandPrince{}
  double begin = 0;
  double end;                   // required (+∞ allowed when settled > 0)
  double settled = 0;           // ends the run when ‖τẋ‖∞ falls below it; 0: never
  std::optional<double> first_step, smallest_step, largest_step;   // inferred
  long most_steps = 1'000'000;
};

enum class Status { end_reached, settled, stopped, too_many_steps, step_too_small, not_finite };

struct Statistics { long steps, rejected, right_hand_sides; double seconds, smallest_step, largest_step; };

struct Outcome { Status status; double time; Statistics statistics; };   // printable

// template <class F, class... Observers>
// Outcome integrate(F&& system, State& state, const Integration& how, Observers&... observers);

}  // namespace hamlet
