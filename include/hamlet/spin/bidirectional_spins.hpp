// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/pattern_overlaps.hpp>
#include <hamlet/spin/spin_patterns.hpp>
#include <hamlet/spin/wide_real.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hamlet {

/// Bidirectional associative memory of K pairs (ξ, η), of N and M spins: layers x and y,
///     E = −yᵀWx,  W = Σ_μ η_μ ξ_μᵀ;  x_i ← sign(Wᵀy)_i, y_j ← sign(Wx)_j, unchanged on 0.
/// Its state is σ = (x, y), N + M spins; no weights join spins of one layer, so that a layer is updated at once or one
/// by one alike, and a fixed order updates the layers in turn. E is a whole number.
/// Source: Kosko, "Bidirectional associative memories", IEEE Trans. Syst. Man Cybern. 18 (1988), eqs. 1–4.
class BidirectionalSpins {
 public:
  class Run;

  /// K × N and K × M. Throws ShapeError when the numbers of patterns differ or a layer has no spins.
  BidirectionalSpins(SpinPatterns first, SpinPatterns second);

  /// One more pair. Throws ShapeError when sizes differ.
  void store(const Spins& first, const Spins& second);
  /// As if the pair `row` had never been stored. Throws ValueError when there is none.
  void forget(Index row);

  const SpinPatterns& first() const { return first_; }
  const SpinPatterns& second() const { return second_; }

  /// σ = (x, y). This and the next two throw ShapeError when sizes differ.
  Spins joined(const Spins& x, const Spins& y) const;
  /// x and y of σ.
  Spins first_of(const Spins& spins) const;
  Spins second_of(const Spins& spins) const;
  /// The sites of y, then those of x: the order in which a cue x is completed.
  std::vector<Index> second_then_first() const;

  Index size() const { return first_.spins() + second_.spins(); }
  std::string name() const;
  bool descends() const { return true; }
  Run run(const Spins& start) const;

 private:
  void check(const Spins& spins) const;

  SpinPatterns first_, second_;
  SpinPatterns columns_;  // (N + M) × K
};

/// A state of a BidirectionalSpins, which must outlive it.
class BidirectionalSpins::Run {
 public:
  Run(const BidirectionalSpins& model, const Spins& start);

  const Spins& spins() const { return spins_; }
  int pull(Index i) const;
  WideReal difference(Index i) const;
  void flip(Index i);
  WideReal energy() const { return static_cast<double>(energy_); }

 private:
  bool in_first(Index i) const { return i < model_->first_.spins(); }
  std::int64_t field(Index i) const;

  const BidirectionalSpins* model_;
  Spins spins_;
  PatternOverlaps first_, second_;
  std::int64_t energy_ = 0;
};

}  // namespace hamlet
