// SPDX-License-Identifier: MIT
#include "kernel/bits.hpp"

// Counts of bits have an instruction of their own there.
#define HWY_WANT_AVX3_DL
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/bits.cpp"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

// Words are read as bytes and halves of halves.
static_assert(std::endian::native == std::endian::little);

HWY_BEFORE_NAMESPACE();
namespace hamlet::kernel {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Word = std::uint64_t;

/// Bits k, k + 1, … as a mask of D.
template <class D>
HWY_INLINE hn::Mask<D> mask(D d, const Word* bits, Index k) {
  if constexpr (hn::MaxLanes(d) >= 8) {
    return hn::LoadMaskBits(d, reinterpret_cast<const std::uint8_t*>(bits) + static_cast<std::size_t>(k) / 8);
  } else {
    const Word from = bits[k / 64] >> (k % 64);
    std::array<std::uint8_t, 8> bytes{static_cast<std::uint8_t>(from)};
    return hn::LoadMaskBits(d, bytes.data());
  }
}

/// Σ of the lanes.
template <class D, class V = hn::Vec<D>>
HWY_INLINE hn::TFromD<D> add_lanes(D d, V v) {
#if HWY_TARGET == HWY_SCALAR
  (void)d;
  return hn::GetLane(v);
#else
  // Halves, which is fewer steps than sums in all lanes.
  if constexpr (hn::MaxLanes(d) * sizeof(hn::TFromD<D>) > 16) {
    const hn::Half<D> half;
    return add_lanes(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
  } else {
    return hn::GetLane(hn::SumOfLanes(d, v));
  }
#endif
}

/// Words of a row that are counted at once: they have fewer than 2¹⁶ bits.
constexpr Index few_words = 1016;

/// In how many bits four rows, `stride` apart, differ from `bits`: four numbers of 16 bits. Of at most `few_words`.
HWY_INLINE Word count_differences(const Word* HWY_RESTRICT rows, Index stride, const Word* HWY_RESTRICT bits,
                                  Index words) {
  const hn::CappedTag<Word, 8> d;
  using V = hn::Vec<decltype(d)>;
  constexpr auto lanes = static_cast<Index>(hn::MaxLanes(d));
  V sum[4];
  HWY_UNROLL(4) for (int r = 0; r < 4; ++r) sum[r] = hn::Zero(d);
  Index w = 0;
  for (; w + lanes <= words; w += lanes) {
    const V here = hn::LoadU(d, bits + w);
    HWY_UNROLL(4)
    for (int r = 0; r < 4; ++r)
      sum[r] = hn::Add(sum[r], hn::PopulationCount(hn::Xor(hn::LoadU(d, rows + r * stride + w), here)));
  }
  const V low = hn::Add(sum[0], hn::ShiftLeft<16>(sum[1])), high = hn::Add(sum[2], hn::ShiftLeft<16>(sum[3]));
  Word counts = add_lanes(d, hn::Add(low, hn::ShiftLeft<32>(high)));
  for (; w < words; ++w)
    for (int r = 0; r < 4; ++r) counts += static_cast<Word>(std::popcount(rows[r * stride + w] ^ bits[w])) << (16 * r);
  return counts;
}

/// into −= 2 × the number of bits in which each row differs from `bits`
HWY_INLINE void subtract_differences(const Word* rows, Index stride, Index count, const Word* bits, Index words,
                                     int* HWY_RESTRICT into) {
  // Numbers are kept as they come and then widened together.
  std::array<Word, 16> fours;
  Index row = 0;
  while (row + 4 <= count) {
    const Index blocks = std::min<Index>((count - row) / 4, 16);
    for (Index b = 0; b < blocks; ++b)
      fours[static_cast<std::size_t>(b)] = count_differences(rows + (row + 4 * b) * stride, stride, bits, words);
    std::array<std::uint16_t, 64> differ;
    std::memcpy(differ.data(), fours.data(), sizeof fours);
    for (Index k = 0; k < 4 * blocks; ++k) into[row + k] -= 2 * differ[static_cast<std::size_t>(k)];
    row += 4 * blocks;
  }
  for (; row < count; ++row)
    for (Index w = 0; w < words; ++w) into[row] -= 2 * std::popcount(rows[row * stride + w] ^ bits[w]);
}

void overlaps(const Word* rows, Index stride, Index count, const Word* bits, Index size, int* into) {
  std::fill_n(into, count, static_cast<int>(size));
  const Index words = (size + 63) / 64;
  for (Index w = 0; w < words; w += few_words)
    subtract_differences(rows + w, stride, count, bits + w, std::min(few_words, words - w), into);
}

Index set_bits(const Word* bits, Index count) {
  const hn::CappedTag<Word, 8> d;
  auto sum = hn::Zero(d);
  for (Index w = 0; w < (count + 63) / 64; w += static_cast<Index>(hn::MaxLanes(d)))
    sum = hn::Add(sum, hn::PopulationCount(hn::LoadU(d, bits + w)));
  return static_cast<Index>(add_lanes(d, sum));
}

std::int64_t sum_where_set(const Word* bits, const std::int32_t* x, Index count, std::int32_t largest) {
  const hn::CappedTag<std::int32_t, 16> d;
  constexpr auto lanes = static_cast<Index>(hn::MaxLanes(d));
  const auto set = [&](Index k) HWY_ATTR { return hn::IfThenElseZero(mask(d, bits, k), hn::LoadU(d, x + k)); };
  // So many numbers stay, in sum, within 31 bits.
  const Index all = padded(count), block = std::max<Index>(lanes, 0x7fffffff / largest / lanes * lanes);
  std::int64_t sum = 0;
  for (Index k = 0; k < all;) {
    const Index end = std::min(all, k + block);
    auto first = hn::Zero(d), second = hn::Zero(d);
    for (; k + 4 * lanes <= end; k += 4 * lanes) {
      first = hn::Add(first, hn::Add(set(k), set(k + lanes)));
      second = hn::Add(second, hn::Add(set(k + 2 * lanes), set(k + 3 * lanes)));
    }
    for (; k < end; k += lanes) first = hn::Add(first, set(k));
    if (0x7fffffff / largest >= lanes) {
      sum += add_lanes(d, hn::Add(first, second));
    } else {
      HWY_ALIGN std::array<std::int32_t, 16> parts;
      hn::Store(first, d, parts.data());
      for (Index lane = 0; lane < lanes; ++lane) sum += parts[static_cast<std::size_t>(lane)];
    }
  }
  return sum;
}

/// The same by 1 or 4 arrays of bits, of at most 2¹⁵ numbers of 16 bits: their sum has no more than 31 bits.
template <int R>
HWY_INLINE void add_sums_of_few(const Word* const* bits, Index from, Index to, const std::int16_t* HWY_RESTRICT x,
                                std::int16_t largest, std::int64_t* HWY_RESTRICT sums) {
  const hn::CappedTag<std::int16_t, padding> d;
  const hn::RepartitionToWide<decltype(d)> wide;
  constexpr auto lanes = static_cast<Index>(hn::MaxLanes(d));
  constexpr int parts = 4 / R;  // so that sums do not wait for one another
  const auto one = hn::Set(d, 1);
  hn::Vec<decltype(wide)> sum[R], more[R];
  HWY_UNROLL(4) for (int r = 0; r < R; ++r) sum[r] = more[r] = hn::Zero(wide);
  // So many numbers stay, in sum, within 15 bits.
  const Index block = 0x7fff / largest * lanes;
  for (Index k = from; k < to;) {
    hn::Vec<decltype(d)> part[4];
    HWY_UNROLL(4) for (int p = 0; p < 4; ++p) part[p] = hn::Zero(d);
    const auto add = [&](int r, int p) HWY_ATTR {
      hn::Vec<decltype(d)>& at = part[r * parts + p];
      at = hn::IfThenElse(mask(d, bits[r], k + p * lanes), hn::Add(at, hn::LoadU(d, x + k + p * lanes)), at);
    };
    const Index end = std::min(to, k + block);
    for (; k + parts * lanes <= end; k += parts * lanes) {
      HWY_UNROLL(4) for (int p = 0; p < 4; ++p) add(p / parts, p % parts);
    }
    if constexpr (R == 1) {
      for (; k < end; k += lanes) add(0, 0);
      part[0] = hn::Add(hn::Add(part[0], part[1]), hn::Add(part[2], part[3]));
    }
    HWY_UNROLL(4)
    for (int r = 0; r < R; ++r) sum[r] = hn::ReorderWidenMulAccumulate(wide, part[r], one, sum[r], more[r]);
  }
  HWY_UNROLL(4)
  for (int r = 0; r < R; ++r) sums[r] += add_lanes(wide, hn::RearrangeToOddPlusEven(sum[r], more[r]));
}

template <int R>
HWY_INLINE void sums_where_set16(const Word* const* bits, const std::int16_t* x, Index count, std::int16_t largest,
                                 std::int64_t* sums) {
  constexpr Index few = 0x8000;
  for (Index k = 0; k < padded(count); k += few)
    add_sums_of_few<R>(bits, k, std::min(padded(count), k + few), x, largest, sums);
}

std::int64_t sum_where_set16(const Word* bits, const std::int16_t* x, Index count, std::int16_t largest) {
  std::int64_t sum = 0;
  sums_where_set16<1>(&bits, x, count, largest, &sum);
  return sum;
}

void four_sums_where_set16(const Word* const* bits, const std::int16_t* x, Index count, std::int16_t largest,
                           std::int64_t* sums) {
  std::fill_n(sums, 4, 0);
  sums_where_set16<4>(bits, x, count, largest, sums);
}

template <class T>
HWY_INLINE void step_by_sign_of(const Word* bits, T step, T* x, Index count) {
  const hn::CappedTag<T, padding> d;
  constexpr auto lanes = static_cast<Index>(hn::MaxLanes(d));
  const auto up = hn::Set(d, step), down = hn::Set(d, static_cast<T>(-step));
  for (Index k = 0; k < padded(count); k += lanes)
    hn::StoreU(hn::Add(hn::LoadU(d, x + k), hn::IfThenElse(mask(d, bits, k), up, down)), d, x + k);
}

void step_by_sign(const Word* bits, std::int32_t step, std::int32_t* x, Index count) {
  step_by_sign_of(bits, step, x, count);
}
void step_by_sign16(const Word* bits, std::int16_t step, std::int16_t* x, Index count) {
  step_by_sign_of(bits, step, x, count);
}

double sum_of_either(const Word* bits, const double* x, const double* y, Index count) {
  const hn::CappedTag<double, 8> d;
  constexpr auto lanes = static_cast<Index>(hn::MaxLanes(d));
  const auto either = [&](Index k) HWY_ATTR {
    return hn::IfThenElse(mask(d, bits, k), hn::LoadU(d, x + k), hn::LoadU(d, y + k));
  };
  auto first = hn::Zero(d), second = hn::Zero(d);
  for (Index k = 0; k < padded(count); k += 2 * lanes) {
    first = hn::Add(first, either(k));
    second = hn::Add(second, either(k + lanes));
  }
  return add_lanes(d, hn::Add(first, second));
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hamlet::kernel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hamlet::kernel {

HWY_EXPORT(overlaps);
HWY_EXPORT(set_bits);
HWY_EXPORT(sum_where_set);
HWY_EXPORT(sum_where_set16);
HWY_EXPORT(four_sums_where_set16);
HWY_EXPORT(step_by_sign);
HWY_EXPORT(step_by_sign16);
HWY_EXPORT(sum_of_either);

void overlaps(const std::uint64_t* rows, Index stride, Index count, const std::uint64_t* bits, Index size, int* into) {
  HWY_DYNAMIC_DISPATCH(overlaps)(rows, stride, count, bits, size, into);
}
Index set_bits(const std::uint64_t* bits, Index count) { return HWY_DYNAMIC_DISPATCH(set_bits)(bits, count); }
std::int64_t sum_where_set(const std::uint64_t* bits, const std::int32_t* x, Index count, std::int32_t largest) {
  return HWY_DYNAMIC_DISPATCH(sum_where_set)(bits, x, count, largest);
}
std::int64_t sum_where_set(const std::uint64_t* bits, const std::int16_t* x, Index count, std::int16_t largest) {
  return HWY_DYNAMIC_DISPATCH(sum_where_set16)(bits, x, count, largest);
}
void four_sums_where_set(const std::uint64_t* const* bits, const std::int16_t* x, Index count, std::int16_t largest,
                         std::int64_t* sums) {
  HWY_DYNAMIC_DISPATCH(four_sums_where_set16)(bits, x, count, largest, sums);
}
void step_by_sign(const std::uint64_t* bits, std::int16_t step, std::int16_t* x, Index count) {
  HWY_DYNAMIC_DISPATCH(step_by_sign16)(bits, step, x, count);
}
void step_by_sign(const std::uint64_t* bits, std::int32_t step, std::int32_t* x, Index count) {
  HWY_DYNAMIC_DISPATCH(step_by_sign)(bits, step, x, count);
}
double sum_of_either(const std::uint64_t* bits, const double* x, const double* y, Index count) {
  return HWY_DYNAMIC_DISPATCH(sum_of_either)(bits, x, y, count);
}

}  // namespace hamlet::kernel
#endif
