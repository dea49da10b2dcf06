// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/coupled_spins.hpp>
#include <hamlet/spin/spin_patterns.hpp>

namespace hamlet {

/// Storkey's rule, local and one pattern after the other, whose order matters:
///     W_ij += N⁻¹ (ξ_i ξ_j − ξ_i h_ji − h_ij ξ_j),  h_ij = Σ_{k≠i,j} W_ik ξ_k.
/// W is symmetric, its diagonal 0: E descends. O(N²) a pattern.
/// Source: Storkey, "Increasing the capacity of a Hopfield network without sacrificing functionality", ICANN 1997,
/// eq. 3.
class StorkeyWeights {
 public:
  /// Of N spins, nothing stored. Throws ShapeError unless positive.
  explicit StorkeyWeights(Index spins);
  /// Of all patterns in turn.
  explicit StorkeyWeights(const SpinPatterns& patterns);

  /// Throws ShapeError when sizes differ.
  void store(const Spins& pattern);

  /// W, N × N.
  const State& weights() const { return weights_; }
  CoupledSpins network() const { return CoupledSpins(weights_); }

 private:
  State weights_;
};

}  // namespace hamlet
