// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/stepper.hpp>

namespace hamlet {

// Explicit steppers that take every step as large as they are told (the last one of a run ends at its end). start()
// throws ValueError unless the step is positive and finite. Right-hand sides are those of an accepted step, the one at
// the new state included.

/// Euler's method: order 1, one right-hand side a step.
struct Euler {
  double step;
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

/// The classical Runge–Kutta method: order 4, four right-hand sides a step.
struct RungeKutta4 {
  double step;
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

/// Adams–Bashforth–Moulton of four steps (predict, evaluate, correct, evaluate): order 4, two right-hand sides a step.
/// The first three steps, and the last one of a run when it is shorter, are RungeKutta4's.
struct AdamsBashforthMoulton {
  double step;
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

}  // namespace hamlet
