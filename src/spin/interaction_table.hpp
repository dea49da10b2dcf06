// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/interaction.hpp>

#include <boost/multiprecision/cpp_int.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace hamlet {

/// m 2ᵉ, m whole.
struct Dyadic {
  boost::multiprecision::cpp_int mantissa;
  std::int64_t exponent = 0;

  WideReal nearest() const;
};

class InteractionTable {
 public:
  explicit InteractionTable(const std::vector<WideReal>& values);
  /// Of whole numbers.
  explicit InteractionTable(const std::vector<boost::multiprecision::cpp_int>& values);

  /// N
  Index spins() const { return static_cast<Index>(values_.size()) - 1; }
  /// F(−N + 2h), as rounded, h = 0, …, N: of a pattern with which h spins agree.
  const std::vector<WideReal>& values() const { return values_; }
  /// D_h = F(−N + 2h) − F(−N + 2h − 2) as rounded, with 0 at h = 0 and h = N + 1, where there is none.
  const std::vector<WideReal>& differences() const { return differences_; }
  /// Whether all of these, as doubles, are neither subnormal nor near the end of their range.
  bool in_doubles() const { return in_doubles_; }
  /// Whether sums of `count` of them are exact in doubles: whole numbers below 2⁵³/count.
  bool sums_are_exact(Index count) const { return largest_whole_ * static_cast<double>(count) <= 0x1p53; }

  /// Σ_h counts_h D_h, exact.
  Dyadic sum(std::span<const std::int64_t> counts) const;

 private:
  void look_at_range();

  std::vector<WideReal> values_, differences_;
  std::vector<Dyadic> exact_;
  bool in_doubles_ = true;
  double largest_whole_ = 0;  // infinite when they are not whole
};

}  // namespace hamlet
