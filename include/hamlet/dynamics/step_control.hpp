// SPDX-License-Identifier: MIT
#pragma once

#include <variant>

namespace hamlet {

// How an adaptive Runge–Kutta stepper chooses its next step from the errors of its steps. An error e is the largest of
// the estimated errors over what is allowed of them: a step is accepted where e ≤ 1. k is the power of dt that e falls
// with: 5 for the pairs of orders 4 and 5, 8 for that of orders 7 and 8.

/// odeint's own: after an accepted step dt ← 0.9 dt e^(−1/k) where e < 1/2, with e no less than 5^−k, and the same dt
/// otherwise; after a refused one dt ← dt · max(0.9 e^(−1/(k−2)), 1/5).
struct Elementary {};

/// Proportional and integral control, which remembers the error before: where stability, not accuracy, limits the step,
/// steps stay even and few are refused.
///   dt ← dt · safety · eₙ^(−(kI + kP)/k) eₙ₋₁^(kP/k)
/// By default Gustafsson's 0.7/k and 0.4/k. Source: Hairer & Wanner, Solving Ordinary Differential Equations II,
/// section IV.2; Söderlind, Automatic control and adaptive time-stepping, 2002.
struct PI {
  double proportional = 0.4;  // kP
  double integral = 0.3;      // kI > 0
  double safety = 0.9;        // in (0, 1]
  /// A step changes by no less and by no more.
  double smallest_factor = 0.2;  // in (0, 1)
  double largest_factor = 10;    // > 1
};

/// The same with a derivative term, which looks two errors back:
///   dt ← dt · safety · eₙ^(−(kI + kP + kD)/k) eₙ₋₁^((kP + 2 kD)/k) eₙ₋₂^(−kD/k)
/// By default the exponents are 0.58, 0.21 and 0.1, those of ARKODE. Source: Söderlind, Digital filters in adaptive
/// time-stepping, 2003.
struct PID {
  double proportional = 0.01;  // kP
  double integral = 0.47;      // kI > 0
  double derivative = 0.1;     // kD
  double safety = 0.9;         // in (0, 1]
  /// A step changes by no less and by no more.
  double smallest_factor = 0.2;  // in (0, 1)
  double largest_factor = 10;    // > 1
};

// Under PI and PID a refused step shrinks by safety · e^(−1/k), within the same factors, and the step after it does not
// grow. Remembered errors are those of accepted steps, counted as 10⁻⁴ at least.

using StepControl = std::variant<Elementary, PI, PID>;

}  // namespace hamlet
