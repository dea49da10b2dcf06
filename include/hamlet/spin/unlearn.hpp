// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/coupled_spins.hpp>

#include <cstdint>

namespace hamlet {

/// How to unlearn.
struct Dreaming {
  long dreams = 100;         ///< ≥ 0
  double strength = 0.01;    ///< ε, of a pattern stored by Hebb's rule; finite.
  std::uint64_t seed = 1;    ///< Of the starts and the orders of updates.
  long most_sweeps = 10000;  ///< In which a dream must end; > 0.
};

/// Unlearns by dreaming: relaxes from a random state to some σ, then W_ij −= (ε/N) σ_i σ_j, i ≠ j; and again. What was
/// learned is recalled better at first, and lost in the end. Throws ModelError when W does not promise descent, so that
/// dreams need not end, or one does not in so many sweeps; ValueError for options that mean nothing.
/// Source: Hopfield, Feinstein & Palmer, "'Unlearning' has a stabilizing effect in collective memories", Nature 304
/// (1983).
CoupledSpins unlearn(const CoupledSpins& network, const Dreaming& how = {});

}  // namespace hamlet
