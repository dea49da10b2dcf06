// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/stepper.hpp>

namespace hamlet {

/// An implicit stepper under which the energy does not rise, whatever the step, the time constants and the synapses:
/// also where a layer meets itself through lateral weights of any sign or through attention. Decay is solved exactly,
/// the currents by a discrete gradient of the synaptic energy in the activations (Σ E_s and the inputs alone: call it
/// S):
///   x⁺ = u + e^{−dt/τ} (x − u),   u = −D̄S(g, g⁺),   D̄S·(g⁺ − g) = S(g⁺) − S(g),
/// so that ΔE ≤ −θ/(1 − θ) (x⁺ − x)·(g⁺ − g) ≤ 0 with θ = e^{−dt/τ}, as L is convex. D̄S is Gonzalez's, the gradient at
/// the midpoint of g and g⁺, corrected along g⁺ − g where S is not quadratic: the mean-value gradient has no closed
/// form for attention or an eliminated layer, and Itoh and Abe's moves one activation at a time, which a collective
/// Lagrangian does not allow. The equation is solved, sample by sample, by its fixed-point iteration with Anderson's
/// acceleration; where that does not converge, the sample takes the step in two halves, and so on; where activations
/// jump the equation may have no solution, and the run ends with `step_too_small`. Order 2. Right-hand sides: one and a
/// half an iteration (the currents at the midpoint and S at the end), about five iterations at moderate steps, and one
/// at the new state. Needs a system that shows its activations, as a Flow. Source: Gonzalez, "Time Integration and
/// Discrete Hamiltonian Systems", Journal of Nonlinear Science 6, 1996.
struct DiscreteGradient {
  double step;  ///< dt > 0, finite.

  /// Throws ValueError for a step that means nothing.
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

}  // namespace hamlet
