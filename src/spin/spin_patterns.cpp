// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/spin_patterns.hpp>

#include "kernel/bits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hamlet {

SpinPatterns::SpinPatterns(Index spins) : spins_(spins), stride_((spins + 511) / 512 * 8) {
  if (spins <= 0) throw ShapeError(fmt::format("SpinPatterns: of {} spins", spins));
}

SpinPatterns::SpinPatterns(std::initializer_list<Spins> rows)
    : SpinPatterns(rows.size() == 0 ? Index{0} : rows.begin()->size()) {
  for (const Spins& row : rows) append(row);
}

SpinPatterns SpinPatterns::sign(const Eigen::Ref<const State>& rows) {
  SpinPatterns patterns(rows.cols());
  for (Index row = 0; row < rows.rows(); ++row) patterns.append(Spins::sign(rows.row(row).transpose()));
  return patterns;
}

SpinPatterns SpinPatterns::random(Index patterns, Index spins, Spins::Random& random) {
  if (patterns < 0) throw ShapeError(fmt::format("SpinPatterns::random: {} patterns", patterns));
  SpinPatterns made(spins);
  for (Index row = 0; row < patterns; ++row) made.append(Spins::random(spins, random));
  return made;
}

void SpinPatterns::check(Index row) const {
  if (row < 0 || row >= rows_) throw ValueError(fmt::format("SpinPatterns: there is no row {} of {}", row, rows_));
}

Spins SpinPatterns::operator[](Index row) const {
  check(row);
  Spins spins(spins_);
  const std::span<const std::uint64_t> from = words(row);
  std::copy_n(from.begin(), spins.words_.size(), spins.words_.begin());
  return spins;
}

void SpinPatterns::append(const Spins& row) {
  if (row.size() != spins_)
    throw ShapeError(fmt::format("SpinPatterns::append: a pattern of {} spins to those of {}", row.size(), spins_));
  words_.insert(words_.end(), row.words().begin(), row.words().end());
  words_.resize(static_cast<std::size_t>(++rows_ * stride_));
}

void SpinPatterns::remove(Index row) {
  check(row);
  const auto first = words_.begin() + row * stride_;
  words_.erase(first, first + stride_);
  --rows_;
}

Vector<int> SpinPatterns::overlaps(const Spins& spins) const {
  Vector<int> result(rows_);
  overlaps(spins, std::span(result.data(), static_cast<std::size_t>(rows_)));
  return result;
}

void SpinPatterns::overlaps(const Spins& spins, std::span<int> into) const {
  if (spins.size() != spins_ || static_cast<Index>(into.size()) != rows_)
    throw ShapeError(fmt::format("SpinPatterns::overlaps: of {} patterns of {} spins with {} spins into {} numbers",
                                 rows_, spins_, spins.size(), into.size()));
  kernel::overlaps(words_.data(), stride_, rows_, spins.words().data(), spins_, into.data());
}

namespace {

/// A block of 64 × 64 bits in place: halves, then quarters, … of it are exchanged.
/// Source: Warren, "Hacker's Delight", 2nd ed., Addison-Wesley 2012, section 7-3.
void transpose(std::array<std::uint64_t, 64>& block) {
  std::uint64_t low = 0x00000000ffffffff;
  for (std::size_t width = 32; width != 0; width /= 2, low ^= low << width) {
    for (std::size_t k = 0; k < 64; k = (k + width + 1) & ~width) {
      const std::uint64_t exchanged = ((block[k] >> width) ^ block[k + width]) & low;
      block[k] ^= exchanged << width;
      block[k + width] ^= exchanged;
    }
  }
}

}  // namespace

SpinPatterns SpinPatterns::transposed() const {
  SpinPatterns result(std::max<Index>(rows_, 1));
  result.spins_ = rows_;
  result.rows_ = spins_;
  result.words_.resize(static_cast<std::size_t>(result.rows_ * result.stride_));
  std::array<std::uint64_t, 64> block{};
  for (Index row = 0; row < rows_; row += 64) {
    for (Index i = 0; i < spins_; i += 64) {
      for (Index k = 0; k < 64; ++k)
        block[static_cast<std::size_t>(k)] =
            row + k < rows_ ? words_[static_cast<std::size_t>((row + k) * stride_ + i / 64)] : 0;
      transpose(block);
      for (Index k = 0; k < std::min<Index>(64, spins_ - i); ++k)
        result.words_[static_cast<std::size_t>((i + k) * result.stride_ + row / 64)] =
            block[static_cast<std::size_t>(k)];
    }
  }
  return result;
}

State SpinPatterns::matrix() const {
  return State::NullaryExpr(rows_, spins_, [&](Index row, Index i) { return (*this)(row, i); });
}

}  // namespace hamlet
