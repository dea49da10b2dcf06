// SPDX-License-Identifier: MIT
#include <hamlet/spin/pattern_overlaps.hpp>

#include "kernel/bits.hpp"

#include <limits>
#include <numeric>
#include <span>
#include <utility>

namespace hamlet {

PatternOverlaps::PatternOverlaps(const SpinPatterns& patterns, const Spins& spins)
    : size_(patterns.rows()), spins_(patterns.spins()) {
  Numbers<std::int32_t> m(static_cast<std::size_t>(kernel::padded(size_)));
  patterns.overlaps(spins, std::span(m.data(), static_cast<std::size_t>(size_)));
  sum_ = std::accumulate(m.begin(), m.end(), std::int64_t{0});
  if (spins_ <= std::numeric_limits<std::int16_t>::max())
    numbers_ = Numbers<std::int16_t>(m.begin(), m.end());
  else
    numbers_ = std::move(m);
}

std::int64_t PatternOverlaps::along(const std::uint64_t* column) const {
  return std::visit(
      [&]<class T>(const Numbers<T>& m) {
        // Over all, Σ ξ m = 2 Σ_{ξ = 1} m − Σ m.
        return 2 * kernel::sum_where_set(column, m.data(), size_, static_cast<T>(spins_)) - sum_;
      },
      numbers_);
}

std::array<std::int64_t, 4> PatternOverlaps::along(const std::array<const std::uint64_t*, 4>& columns) const {
  std::array<std::int64_t, 4> sums;
  if (const auto* const m = std::get_if<Numbers<std::int16_t>>(&numbers_)) {
    kernel::four_sums_where_set(columns.data(), m->data(), size_, static_cast<std::int16_t>(spins_), sums.data());
    for (std::int64_t& sum : sums) sum = 2 * sum - sum_;
  } else {
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] = along(columns[k]);
  }
  return sums;
}

void PatternOverlaps::flip(const std::uint64_t* column, int spin) {
  sum_ -= 2 * spin * (2 * kernel::set_bits(column, size_) - size_);
  std::visit([&]<class T>(Numbers<T>& m) { kernel::step_by_sign(column, static_cast<T>(-2 * spin), m.data(), size_); },
             numbers_);
}

}  // namespace hamlet
