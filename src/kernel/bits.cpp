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

bool is_set(const Word* bits, Index k) { return ((bits[k / 64] >> (k % 64)) & 1) != 0; }

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

void overlaps(const Word* rows, Index stride, Index count, const Word* bits, Index size, int* into) {
  const hn::CappedTag<Word, 8> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  const Index words = (size + 63) / 64, whole = words / lanes * lanes;
  for (Index row = 0; row < count; ++row, rows += stride) {
    auto first = hn::Zero(d), second = hn::Zero(d);
    Index w = 0;
    for (; w + 2 * lanes <= whole; w += 2 * lanes) {
      first = hn::Add(first, hn::PopulationCount(hn::Xor(hn::LoadU(d, rows + w), hn::LoadU(d, bits + w))));
      second =
          hn::Add(second, hn::PopulationCount(hn::Xor(hn::LoadU(d, rows + w + lanes), hn::LoadU(d, bits + w + lanes))));
    }
    if (w < whole) {
      first = hn::Add(first, hn::PopulationCount(hn::Xor(hn::LoadU(d, rows + w), hn::LoadU(d, bits + w))));
      w += lanes;
    }
    auto differ = static_cast<Index>(hn::GetLane(hn::SumOfLanes(d, hn::Add(first, second))));
    for (; w < words; ++w) differ += std::popcount(rows[w] ^ bits[w]);
    into[row] = static_cast<int>(size - 2 * differ);
  }
}

std::int64_t sum_where_set(const Word* bits, const std::int32_t* x, Index count, std::int32_t largest) {
  const hn::CappedTag<std::int32_t, 16> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  // So many sums of two vectors stay within 31 bits.
  const Index block = 2 * lanes * std::max<Index>(1, 0x7fffffff / (2 * Index{largest}));
  const Index whole = count / (2 * lanes) * (2 * lanes);
  std::int64_t sum = 0;
  Index k = 0;
  while (k < whole) {
    auto first = hn::Zero(d), second = hn::Zero(d);
    for (const Index end = std::min(whole, k + block); k < end; k += 2 * lanes) {
      first = hn::Add(first, hn::IfThenElseZero(mask(d, bits, k), hn::LoadU(d, x + k)));
      second = hn::Add(second, hn::IfThenElseZero(mask(d, bits, k + lanes), hn::LoadU(d, x + k + lanes)));
    }
    HWY_ALIGN std::array<std::int32_t, 32> parts;
    hn::Store(first, d, parts.data());
    hn::Store(second, d, parts.data() + lanes);
    for (Index lane = 0; lane < 2 * lanes; ++lane) sum += parts[static_cast<std::size_t>(lane)];
  }
  for (; k < count; ++k) sum += is_set(bits, k) ? x[k] : 0;
  return sum;
}

void step_by_sign(const Word* bits, std::int32_t step, std::int32_t* x, Index count) {
  const hn::CappedTag<std::int32_t, 16> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  const auto up = hn::Set(d, step), down = hn::Set(d, -step);
  Index k = 0;
  for (; k + lanes <= count; k += lanes)
    hn::StoreU(hn::Add(hn::LoadU(d, x + k), hn::IfThenElse(mask(d, bits, k), up, down)), d, x + k);
  for (; k < count; ++k) x[k] += is_set(bits, k) ? step : -step;
}

double sum_of_either(const Word* bits, const double* x, const double* y, Index count) {
  const hn::CappedTag<double, 8> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  auto first = hn::Zero(d), second = hn::Zero(d);
  Index k = 0;
  for (; k + 2 * lanes <= count; k += 2 * lanes) {
    first = hn::Add(first, hn::IfThenElse(mask(d, bits, k), hn::LoadU(d, x + k), hn::LoadU(d, y + k)));
    second = hn::Add(
        second, hn::IfThenElse(mask(d, bits, k + lanes), hn::LoadU(d, x + k + lanes), hn::LoadU(d, y + k + lanes)));
  }
  double sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(first, second)));
  for (; k < count; ++k) sum += is_set(bits, k) ? x[k] : y[k];
  return sum;
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
