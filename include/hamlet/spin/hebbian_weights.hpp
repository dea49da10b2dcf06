// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/classical_spins.hpp>
#include <hamlet/spin/coupled_spins.hpp>
#include <hamlet/spin/spin_patterns.hpp>

namespace hamlet {

/// Hebb's rule, one pattern after the other, without keeping them: Σ_μ ξ_μ ξ_μᵀ, whole numbers, so that what is stored
/// and forgotten in any order leaves what it would have been without.
/// Source: Hopfield 1982, eq. 2.
class HebbianWeights {
 public:
  /// Of N spins, nothing stored. Throws ShapeError unless positive.
  explicit HebbianWeights(Index spins);
  /// Of many patterns at once.
  explicit HebbianWeights(const SpinPatterns& patterns);

  /// Adds ξξᵀ, or takes it away. Both throw ShapeError when sizes differ; `forget` does not know whether the pattern
  /// had been stored.
  void store(const Spins& pattern);
  void forget(const Spins& pattern);

  /// Σ ξξᵀ, N × N.
  const State& sums() const { return sums_; }
  /// W = N⁻¹ Σ ξξᵀ, which runs as ClassicalSpins does, flip for flip, in O(1) a spin and O(N) a flip; but CoupledSpins
  /// rounds a bias.
  CoupledSpins network(const ClassicalSpins::Options& options = {}) const;

 private:
  void add(const Spins& pattern, double weight);

  State sums_;
};

}  // namespace hamlet
