// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/spins.hpp>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace hamlet {

/// K patterns ξ of N spins, one a row, a bit a spin. A value.
class SpinPatterns {
 public:
  SpinPatterns() = default;
  /// None yet, of N spins each. Throws ShapeError unless `spins` is positive.
  explicit SpinPatterns(Index spins);
  /// Throws ShapeError when there is none or sizes differ.
  SpinPatterns(std::initializer_list<Spins> rows);
  /// The signs of a K × N matrix. Throws ValueError for an entry that has none, 0 or NaN.
  static SpinPatterns sign(const Eigen::Ref<const State>& rows);
  /// Every spin ±1 with probability ½. Throws ShapeError when `patterns` is negative or `spins` not positive.
  static SpinPatterns random(Index patterns, Index spins, Spins::Random& random);

  /// K and N.
  Index rows() const { return rows_; }
  Index spins() const { return spins_; }
  /// A row. This and `remove` throw ValueError when there is no such row.
  Spins operator[](Index row) const;
  /// ξ_μi = ±1. Unchecked.
  int operator()(Index row, Index i) const {
    return ((words_[static_cast<std::size_t>(row * stride_ + i / 64)] >> (i % 64)) & 1) != 0 ? 1 : -1;
  }

  /// A row below the others. Throws ShapeError when sizes differ.
  void append(const Spins& row);
  /// Those below move up.
  void remove(Index row);

  /// ξ σ, K × 1: a count of bits that differ. Throws ShapeError when sizes differ.
  Vector<int> overlaps(const Spins& spins) const;
  /// The same into K numbers.
  void overlaps(const Spins& spins, std::span<int> into) const;

  /// N patterns of K spins.
  SpinPatterns transposed() const;
  /// ±1, K × N.
  State matrix() const;

  /// The bits of a row, as Spins::words, and zeros up to a multiple of eight words.
  std::span<const std::uint64_t> words(Index row) const {
    return std::span(words_).subspan(static_cast<std::size_t>(row * stride_), static_cast<std::size_t>(stride_));
  }

  friend bool operator==(const SpinPatterns&, const SpinPatterns&) = default;

 private:
  void check(Index row) const;

  Index rows_ = 0, spins_ = 0, stride_ = 0;
  std::vector<std::uint64_t, LineAllocator<std::uint64_t>> words_;
};

}  // namespace hamlet
