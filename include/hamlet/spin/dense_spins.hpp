// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/interaction.hpp>
#include <hamlet/spin/spin_patterns.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hamlet {

/// Dense associative memory of K patterns ξ of N spins:
///     E = −Σ_μ F(ξ_μ·σ);  σ_i ← sign Σ_μ [F(ξ_μi + y_μ) − F(−ξ_μi + y_μ)], y_μ = Σ_{j≠i} ξ_μj σ_j, unchanged on 0.
/// F is known by its values at the overlaps there are, exact for powers, else of 53 bits. A spin is asked, or flipped,
/// in O(K); the sign of its sum of these is exact, whatever their size: sums of doubles decide where their rounding
/// cannot matter, whole numbers of as many bits as they need elsewhere. It is the 2016 update, not the sign dynamics of
/// Model A, which keeps the spin's own part in the sum; see docs/spin.md. Source: Krotov & Hopfield, "Dense Associative
/// Memory for Pattern Recognition", NeurIPS 2016, eqs. 2 and 4.
class DenseSpins {
 public:
  class Run;

  /// DenseSpins(patterns, interaction::Power{3}), or any F of yours. Throws ShapeError when there are no spins, and as
  /// tabulate.
  template <Interaction F>
  DenseSpins(SpinPatterns patterns, const F& f)
      : DenseSpins(std::move(patterns), tabulate(f, patterns.spins()), name_of(f)) {}

  /// One more memory. Throws ShapeError when sizes differ.
  void store(const Spins& pattern);
  /// As if the memory `row` had never been stored. Throws ValueError when there is none.
  void forget(Index row);

  const SpinPatterns& patterns() const { return patterns_; }

  Index size() const { return patterns_.spins(); }
  std::string name() const;
  bool descends() const { return true; }
  Run run(const Spins& start) const;

 private:
  DenseSpins(SpinPatterns&& patterns, std::shared_ptr<const InteractionTable> table, std::string interaction);

  SpinPatterns patterns_;
  SpinPatterns columns_;  // N × K
  std::shared_ptr<const InteractionTable> table_;
  std::string interaction_;
};

/// A state of a DenseSpins, which must outlive it.
class DenseSpins::Run {
 public:
  Run(const DenseSpins& model, const Spins& start);

  const Spins& spins() const { return spins_; }
  int pull(Index i) const;
  WideReal difference(Index i) const;
  void flip(Index i);
  WideReal energy() const;

 private:
  /// What Σ F gains when σ_i flips: a sum of doubles and what it may be wrong by, in units of 2^scale_.
  struct Gain {
    double sum, bound;
  };
  Gain gain(Index i) const;
  WideReal exact_gain(Index i) const;
  std::span<const std::int32_t> agreeing() const;
  void look_up();
  bool looked_up();
  void rescale();

  const DenseSpins* model_;
  Spins spins_;
  std::vector<std::int32_t> agreeing_;  // spins, with every pattern; padded, as are the next but one
  std::vector<double> differences_;     // of the table, in units of 2^scale_
  std::int64_t scale_ = 0;
  std::vector<double> if_one_more_, if_one_less_;  // what F of a pattern gains when one more, or one less, agrees
  double bound_ = 0;
  bool exact_;
  mutable std::vector<std::int64_t> counts_;
};

}  // namespace hamlet
