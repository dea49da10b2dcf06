// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/pattern_overlaps.hpp>
#include <hamlet/spin/spin_patterns.hpp>
#include <hamlet/spin/wide_real.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace hamlet {

/// What the diagonal of the Hebbian weights is.
enum class SelfCoupling {
  none,  ///< W_ii = 0, as published.
  kept   ///< W_ii = K/N: every spin holds itself; fewer bits of memories err, and fewer errors are mended.
};

/// The classical network of K patterns ξ of N spins, b its bias:
///     E = −½ σᵀWσ − b·σ,  W = N⁻¹ Σ_μ ξ_μ ξ_μᵀ;  σ_i ← sign(Σ_j W_ij σ_j + b_i), unchanged on 0.
/// It runs by the overlaps m = ξσ, whole numbers: a spin is asked, or flipped, in O(K). Signs of fields and of energy
/// differences are exact.
/// Source: Hopfield, "Neural networks and physical systems with emergent collective computational abilities", PNAS 79
/// (1982), eqs. 1, 2 and 7, for σ = ±1.
class ClassicalSpins {
 public:
  class Run;

  struct Options {
    SelfCoupling diagonal = SelfCoupling::none;
    Vector<double> bias = {};  ///< N × 1; by default 0.
  };

  /// Throws ShapeError when there are no spins or the bias does not fit, ValueError when it is not finite.
  explicit ClassicalSpins(SpinPatterns patterns);
  ClassicalSpins(SpinPatterns patterns, Options options);

  /// One more memory. Throws ShapeError when sizes differ.
  void store(const Spins& pattern);
  /// As if the memory `row` had never been stored. Throws ValueError when there is none.
  void forget(Index row);

  const SpinPatterns& patterns() const { return patterns_; }
  const Options& options() const { return options_; }
  /// W, N × N.
  State weights() const;

  Index size() const { return patterns_.spins(); }
  std::string name() const;
  bool descends() const { return true; }
  Run run(const Spins& start) const;

 private:
  SpinPatterns patterns_;
  Options options_;
  SpinPatterns columns_;  // N × K
};

/// A state of a ClassicalSpins, which must outlive it.
class ClassicalSpins::Run final {
 public:
  Run(const ClassicalSpins& model, const Spins& start);

  const Spins& spins() const { return spins_; }
  int pull(Index i) const;
  std::size_t staying(std::span<const Index> sites) const;
  WideReal difference(Index i) const;
  void flip(Index i);
  WideReal energy() const;

 private:
  int pull(Index i, std::int64_t along) const;

  const ClassicalSpins* model_;
  Spins spins_;
  PatternOverlaps overlaps_;
  std::int64_t squares_ = 0;  // Σ m²
};

}  // namespace hamlet
