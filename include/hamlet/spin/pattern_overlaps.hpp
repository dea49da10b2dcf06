// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/line_allocator.hpp>
#include <hamlet/spin/spin_patterns.hpp>

#include <array>
#include <cstdint>
#include <variant>
#include <vector>

namespace hamlet {

/// The overlaps m_μ = ξ_μ·σ of K patterns with a state, kept up to date in O(K) a flip. A column i of the patterns, the
/// ξ_μi, is given as the words of row i of `SpinPatterns::transposed`.
/// Source: Amit, Gutfreund & Sompolinsky, "Spin-glass models of neural networks", Phys. Rev. A 32 (1985), whose
/// overlaps are m/N.
class PatternOverlaps {
 public:
  PatternOverlaps() = default;
  /// Throws ShapeError when sizes differ.
  PatternOverlaps(const SpinPatterns& patterns, const Spins& spins);

  /// K
  Index size() const { return size_; }
  /// m_μ. Unchecked, as are columns: 0 ≤ μ < K.
  std::int64_t operator[](Index row) const {
    return std::visit([row](const auto& m) { return std::int64_t{m[static_cast<std::size_t>(row)]}; }, numbers_);
  }
  /// Σ_μ ξ_μi m_μ
  std::int64_t along(const std::uint64_t* column) const;
  /// The same of four columns, read together.
  std::array<std::int64_t, 4> along(const std::array<const std::uint64_t*, 4>& columns) const;
  /// m_μ ← m_μ − 2 σ_i ξ_μi, as σ_i = `spin` flips.
  void flip(const std::uint64_t* column, int spin);

 private:
  Index size_ = 0, spins_ = 0;
  template <class T>
  using Numbers = std::vector<T, LineAllocator<T>>;

  // Of 16 bits where they hold N: twice as many are added at once. Padded as kernels ask.
  std::variant<Numbers<std::int16_t>, Numbers<std::int32_t>> numbers_;
  std::int64_t sum_ = 0;  // Σ m
};

}  // namespace hamlet
