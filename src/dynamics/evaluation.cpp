// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/evaluation.hpp>

#include <fmt/format.h>

namespace hamlet {

void Evaluation::interpolate(double t, State& x) const {
  if (!(previous_time <= t && t <= time))
    throw ValueError(fmt::format("no state at t = {}: the last step went from t = {} to {}", t, previous_time, time));
  if (t == time)
    x = state;
  else if (t == previous_time)
    x = previous_state;
  else
    dense_output.interpolate(t, x);
}

void Evaluation::energies_of(const State& x, double t, Energies& result) const {
  if (!energies) throw ValueError("energies are asked for, but the system that is integrated has none");
  dense_output.energies_of(x, t, result);
}

}  // namespace hamlet
