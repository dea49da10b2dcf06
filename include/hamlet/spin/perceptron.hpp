// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/coupled_spins.hpp>
#include <hamlet/spin/spin_patterns.hpp>

namespace hamlet {

/// How to learn by the perceptron rule.
struct PerceptronOptions {
  double margin = 0;        ///< κ ≥ 0, which every stability is to exceed.
  long most_sweeps = 1000;  ///< Through all patterns, for each spin; > 0.
};

/// What was learned.
struct PerceptronLearning {
  CoupledSpins network;  ///< Diagonal 0; not symmetric, so that no descent is promised.
  bool converged;        ///< Whether every pattern is stable with the margin.
  long sweeps;           ///< Of the spin that took most.
  double margin;         ///< The smallest stability ξ_i (Wξ)_i / ‖W_i‖ there is.
};

/// Every spin learns its own row of weights: W_ij += N⁻¹ ξ_i ξ_j, j ≠ i, for each pattern whose stability there is not
/// above κ, until there is none. It converges whenever weights with a larger margin exist, for random patterns up to
/// K = 2N at κ = 0.
/// Source: Gardner, "The space of interactions in neural network models", J. Phys. A 21 (1988), section 6. Throws
/// ShapeError when there is no pattern, ValueError for options that mean nothing.
PerceptronLearning perceptron(const SpinPatterns& patterns, const PerceptronOptions& options = {});

}  // namespace hamlet
