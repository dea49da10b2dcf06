// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/line_allocator.hpp>
#include <hamlet/core/state.hpp>

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace hamlet {

/// A state σ ∈ {−1, +1}^N, one bit a spin: set where σ_i = +1. A value.
class Spins {
 public:
  /// Where chance comes from: the same numbers on every machine.
  using Random = std::mt19937_64;

  Spins() = default;
  /// N spins, all −1. Throws ShapeError when `size` is negative.
  explicit Spins(Index size);
  /// {1, -1, 1}. Throws ValueError for anything but ±1.
  Spins(std::initializer_list<int> signs);
  /// σ_i = +1 where x_i > 0, else −1, of N numbers, such as a column of a State. Throws ValueError, naming the entry,
  /// for a 0 and for NaN, which have no sign.
  static Spins sign(const Eigen::Ref<const Vector<double>>& x);
  /// Every spin ±1 with probability ½.
  static Spins random(Index size, Random& random);

  Index size() const { return size_; }
  /// σ_i = ±1. Unchecked, as are `set` and `flip`: 0 ≤ i < size().
  int operator[](Index i) const { return ((words_[word(i)] >> (i % 64)) & 1) != 0 ? 1 : -1; }
  /// σ_i = ±1, by the sign of `spin`.
  void set(Index i, int spin) {
    const std::uint64_t bit = std::uint64_t{1} << (i % 64);
    words_[word(i)] = spin > 0 ? words_[word(i)] | bit : words_[word(i)] & ~bit;
  }
  void flip(Index i) { words_[word(i)] ^= std::uint64_t{1} << (i % 64); }

  /// −σ
  Spins operator-() const;
  /// The same with `count` different spins flipped, chosen by chance. Throws ValueError unless 0 ≤ count ≤ size().
  Spins with_flips(Index count, Random& random) const;
  /// ±1, N × 1.
  Vector<double> column() const;
  /// Σ σ_i
  Index sum() const;

  /// Bit i % 64 of word i / 64 is spin i; bits beyond the last spin are 0.
  std::span<const std::uint64_t> words() const { return words_; }
  /// "+-+", at most the first 64 of them.
  std::string text() const;

  friend bool operator==(const Spins&, const Spins&) = default;

 private:
  static std::size_t word(Index i) { return static_cast<std::size_t>(i / 64); }
  void clear_rest();

  friend class SpinPatterns;

  Index size_ = 0;
  std::vector<std::uint64_t, LineAllocator<std::uint64_t>> words_;
};

std::ostream& operator<<(std::ostream&, const Spins&);

/// σ·τ = Σ σ_i τ_i, N − 2 × the number of spins in which they differ. Throws ShapeError when sizes differ.
Index overlap(const Spins& a, const Spins& b);

}  // namespace hamlet
