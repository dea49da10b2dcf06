// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/integrate.hpp>

#include <functional>
#include <string>
#include <vector>

namespace steppers {

/// One method in the list that every law runs over. `at` makes it from the step to take. An adaptive one is held at
/// that step by `Integration` and given tolerances so wide that it never refuses; Bulirsch–Stoer then stays at order 4.
struct Method {
  std::string name;
  int order;  // of the error, also of dense output
  bool adaptive;
  long calls;  // right-hand sides a step; 0: not the same for every step
  std::function<hamlet::Stepper(double step)> at;

  hamlet::Integration held_at(double step, double end) const {
    hamlet::Integration how{.stepper = at(step), .end = end};
    if (adaptive) how.first_step = how.smallest_step = how.largest_step = step;
    return how;
  }
};

/// The library's own.
std::vector<Method> catalogue();

/// odeint's, and one a user wrote, through the public adapter, with their default template arguments.
std::vector<Method> of_users();

/// Both.
std::vector<Method> all();

/// The library's adaptive ones, each control of each, by the tolerance to keep.
struct Controlled {
  std::string name;
  std::function<hamlet::Stepper(double tolerance)> within;
};
std::vector<Controlled> controlled();

}  // namespace steppers
