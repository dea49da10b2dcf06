// SPDX-License-Identifier: MIT
// Loops over bits that stand for ±1, bit k of an array being bit k % 64 of its word k / 64. Arrays of bits are readable
// up to a multiple of eight words.
#pragma once

#include <hamlet/core/state.hpp>

#include <cstdint>

namespace hamlet::kernel {

/// Of every row, size − 2 × the number of bits that differ from `bits`. A row has `stride` words, a multiple of 8, of
/// which those of `size` bits are read; what is beyond these is equal in all.
void overlaps(const std::uint64_t* rows, Index stride, Index count, const std::uint64_t* bits, Index size, int* into);

/// How many of the first `count` bits are set, where those beyond are 0.
Index set_bits(const std::uint64_t* bits, Index count);

/// What numbers beside bits are padded to: they are read, and those that are written are written, up to a multiple of
/// this. Bits there are 0.
inline constexpr Index padding = 32;
constexpr Index padded(Index count) { return (count + padding - 1) / padding * padding; }

/// Σ x_k over the bits that are set, where |x_k| ≤ largest, 0 < largest.
std::int64_t sum_where_set(const std::uint64_t* bits, const std::int32_t* x, Index count, std::int32_t largest);
std::int64_t sum_where_set(const std::uint64_t* bits, const std::int16_t* x, Index count, std::int16_t largest);
/// The same by four arrays of bits, into four sums.
void four_sums_where_set(const std::uint64_t* const* bits, const std::int16_t* x, Index count, std::int16_t largest,
                         std::int64_t* sums);

/// x_k += step where bit k is set, else x_k −= step; what the padding holds then means nothing.
void step_by_sign(const std::uint64_t* bits, std::int32_t step, std::int32_t* x, Index count);
void step_by_sign(const std::uint64_t* bits, std::int16_t step, std::int16_t* x, Index count);

/// Σ of x_k where bit k is set, else of y_k; in any order. The padding is 0.
double sum_of_either(const std::uint64_t* bits, const double* x, const double* y, Index count);

}  // namespace hamlet::kernel
