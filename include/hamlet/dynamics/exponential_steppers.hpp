// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/stepper.hpp>

namespace hamlet {

// Steppers that solve the decay −x/τ exactly, whatever the step, and the rest N(x) = ẋ + x/τ (currents and input over
// τ) as explicit methods do: accurate transients where decay is stiff. All layers move at once, so that a large step
// may raise E. They need a system that tells its time constants, as a Flow does; start() throws ValueError unless the
// step is positive and finite. Right-hand sides are those of a step, the one at the new state included. Dense output is
// that of RunningStepper. With z = −dt/τ, φ₁(z) = (e^z − 1)/z, φ₂(z) = (φ₁(z) − 1)/z. Source: Cox & Matthews,
// "Exponential Time Differencing for Stiff Systems", Journal of Computational Physics 176, 2002.

/// x ← x + dt φ₁(z) ẋ: order 1, one right-hand side a step.
struct ExponentialEuler {
  double step;
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

/// a = x + dt φ₁(z) ẋ, then x ← a + dt φ₂(z) (N(a) − N(x)) (ETD2RK): order 2, two right-hand sides a step.
struct ExponentialRungeKutta2 {
  double step;
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

}  // namespace hamlet
