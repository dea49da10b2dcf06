// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/relax.hpp>
#include <hamlet/spin/spin_patterns.hpp>

namespace hamlet {

/// Sparse patterns s ∈ {0, 1}^N, of which A spins are active (+1 of Spins) and the others silent (−1): coding level
/// a = A/N, the setting of hippocampal CA3.
///     W = (N a (1 − a))⁻¹ Σ_μ (ξ_μ − a)(ξ_μ − a)ᵀ without its diagonal;  s ← the A neurons of the largest fields W s.
/// Of equal fields those of active neurons, then those of a smaller index, come first; fields are compared as whole
/// numbers. All neurons are updated at once, inhibition being common to them: no energy is promised to descend, and a
/// recall may end in a cycle of two states.
/// Source: Tsodyks & Feigel'man, "The enhanced storage capacity in neural networks with low activity level", Europhys.
/// Lett. 6 (1988); Treves & Rolls, Network 2 (1991), for CA3.
class SparseCovariance {
 public:
  /// Of `neurons`, N, of which `active`, A, win. Throws ValueError unless 0 < A < N ≤ 46,340.
  SparseCovariance(Index neurons, Index active);

  /// A pattern of A active neurons, all as likely.
  Spins random_pattern(Spins::Random& random) const;

  /// One more memory, of any number of active neurons. Throws ShapeError when sizes differ.
  void store(const Spins& pattern);
  void store(const SpinPatterns& patterns);
  /// As if the memory `row` had never been stored. Throws ValueError when there is none.
  void forget(Index row);

  Index size() const { return patterns_.spins(); }
  Index active() const { return active_; }
  const SpinPatterns& patterns() const { return patterns_; }

  /// The winners' state. This and the next two throw ShapeError when sizes differ.
  Spins updated(const Spins& spins) const;
  /// Updates until nothing changes, or two states alternate, or most_updates; the outcome counts updates as sweeps, and
  /// its energy is −½ sᵀWs.
  SpinOutcome recall(Spins& spins, long most_updates = 100) const;
  /// Σ_i (ξ_i − a) s_i / (N a (1 − a)): 1 for a pattern of A with itself, 0 on average with another.
  double overlap(const Spins& pattern, const Spins& spins) const;

 private:
  void prepare();
  std::vector<Index> fields(const Spins& spins) const;

  Index active_;
  SpinPatterns patterns_;
  SpinPatterns columns_;      // N × K
  std::vector<Index> sizes_;  // how many are active, of every pattern
};

}  // namespace hamlet
