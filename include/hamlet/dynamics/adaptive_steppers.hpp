// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/step_control.hpp>
#include <hamlet/dynamics/stepper.hpp>

namespace hamlet {

// Explicit steppers that choose their steps dt so that, in every entry, the estimated error of a step stays within
//   absolute_tolerance + relative_tolerance (|x| + dt |ẋ|),
// and that stay within 2 min τ of a system that knows its time constants: beyond it they are unstable near rest, and
// stall at a residual of about their tolerance. All samples of a batch share their steps. start() throws ValueError
// unless the relative tolerance is ≥ 0 and the absolute one positive (an entry that stays 0 could never be accepted),
// both finite, and the parameters of the control mean something. Right-hand sides are those of an accepted step, the
// one at the new state included.

/// Cash & Karp 1990: order 5, six right-hand sides a step. Dense output by a shorter step: five a time asked for.
struct CashKarp {
  double relative_tolerance = 1e-6;
  double absolute_tolerance = 1e-9;
  StepControl control = Elementary{};
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

/// Dormand & Prince 1980: order 5, six right-hand sides a step, and dense output of order 4 for none.
struct DormandPrince {
  double relative_tolerance = 1e-6;
  double absolute_tolerance = 1e-9;
  StepControl control = Elementary{};
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

/// Fehlberg's pair of orders 7 and 8, 1968: thirteen right-hand sides a step. Dense output by a shorter step: twelve a
/// time asked for.
struct Fehlberg78 {
  double relative_tolerance = 1e-6;
  double absolute_tolerance = 1e-9;
  StepControl control = Elementary{};
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

/// Bulirsch & Stoer's extrapolation of the midpoint rule, which chooses its order, 4 to 18, as well. Dense output by
/// shorter steps. Source: Bulirsch & Stoer, "Numerical Treatment of Ordinary Differential Equations by Extrapolation
/// Methods", Numerische Mathematik 8, 1966; order and step: Deuflhard, "Order and Stepsize Control in Extrapolation
/// Methods", Numerische Mathematik 41, 1983, as in Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I,
/// section II.9.
struct BulirschStoer {
  double relative_tolerance = 1e-6;
  double absolute_tolerance = 1e-9;
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

}  // namespace hamlet
