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
    return hn::LoadMaskBits(d, reinterpret_cast<const std::uint8_t*>(bits) + k / 8);
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

/// The same of four vectors of numbers whose sums are below 2^16 where they are `small`.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void add_lanes_of_four(D d, const V* v, bool small, std::int64_t* sums) {
  if (!small) {
    for (int r = 0; r < 4; ++r) sums[r] = static_cast<std::int64_t>(add_lanes(d, v[r]));
    return;
  }
  const V low = hn::Add(v[0], hn::ShiftLeft<16>(v[1])), high = hn::Add(v[2], hn::ShiftLeft<16>(v[3]));
  const Word packed = add_lanes(d, hn::Add(low, hn::ShiftLeft<32>(high)));
  for (int r = 0; r < 4; ++r) sums[r] = static_cast<std::int64_t>((packed >> (16 * r)) & 0xffff);
}

/// In how many bits four rows, `stride` apart, differ from `bits`.
HWY_INLINE void count_differences(const Word* HWY_RESTRICT rows, Index stride, const Word* HWY_RESTRICT bits,
                                  Index words, std::int64_t* HWY_RESTRICT counts) {
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
  add_lanes_of_four(d, sum, words < 1024, counts);
  for (; w < words; ++w)
    for (int r = 0; r < 4; ++r) counts[r] += std::popcount(rows[r * stride + w] ^ bits[w]);
}

void overlaps(const Word* rows, Index stride, Index count, const Word* bits, Index size, int* into) {
  const Index words = (size + 63) / 64;
  Index row = 0;
  for (; row + 4 <= count; row += 4, rows += 4 * stride) {
    std::array<std::int64_t, 4> differ;
    count_differences(rows, stride, bits, words, differ.data());
    for (std::size_t r = 0; r < 4; ++r) into[row + static_cast<Index>(r)] = static_cast<int>(size - 2 * differ[r]);
  }
  for (; row < count; ++row, rows += stride) {
    Index differ = 0;
    for (Index w = 0; w < words; ++w) differ += std::popcount(rows[w] ^ bits[w]);
    into[row] = static_cast<int>(size - 2 * differ);
  }
}

std::int64_t sum_where_set(const Word* bits, const std::int32_t* x, Index count, std::int32_t largest) {
  const hn::CappedTag<std::int32_t, padding> d;
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
      HWY_ALIGN std::array<std::int32_t, padding> parts;
      hn::Store(first, d, parts.data());
      for (Index lane = 0; lane < lanes; ++lane) sum += parts[static_cast<std::size_t>(lane)];
    }
  }
  return sum;
}

void step_by_sign(const Word* bits, std::int32_t step, std::int32_t* x, Index count) {
  const hn::CappedTag<std::int32_t, padding> d;
  constexpr auto lanes = static_cast<Index>(hn::MaxLanes(d));
  const auto up = hn::Set(d, step), down = hn::Set(d, -step);
  for (Index k = 0; k < padded(count); k += lanes)
    hn::StoreU(hn::Add(hn::LoadU(d, x + k), hn::IfThenElse(mask(d, bits, k), up, down)), d, x + k);
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
HWY_EXPORT(sum_where_set);
HWY_EXPORT(step_by_sign);
HWY_EXPORT(sum_of_either);

void overlaps(const std::uint64_t* rows, Index stride, Index count, const std::uint64_t* bits, Index size, int* into) {
  HWY_DYNAMIC_DISPATCH(overlaps)(rows, stride, count, bits, size, into);
}
std::int64_t sum_where_set(const std::uint64_t* bits, const std::int32_t* x, Index count, std::int32_t largest) {
  return HWY_DYNAMIC_DISPATCH(sum_where_set)(bits, x, count, largest);
}
void step_by_sign(const std::uint64_t* bits, std::int32_t step, std::int32_t* x, Index count) {
  HWY_DYNAMIC_DISPATCH(step_by_sign)(bits, step, x, count);
}
double sum_of_either(const std::uint64_t* bits, const double* x, const double* y, Index count) {
  return HWY_DYNAMIC_DISPATCH(sum_of_either)(bits, x, y, count);
}

}  // namespace hamlet::kernel
#endif
