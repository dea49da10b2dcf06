// SPDX-License-Identifier: MIT
#include "kernel/conversions.hpp"

#include "kernel/targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/conversions.cpp"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

#ifndef HAMLET_KERNEL_CONVERSIONS
#define HAMLET_KERNEL_CONVERSIONS
namespace hamlet::kernel {

/// All for one instruction set.
struct AllConversions {
  Conversions<double> f64;
  Conversions<float> f32;
};

}  // namespace hamlet::kernel
#endif

HWY_BEFORE_NAMESPACE();
namespace hamlet::kernel {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Count = std::ptrdiff_t;
using Wide = hn::CappedTag<double, 8>;
constexpr Count lanes = static_cast<Count>(hn::MaxLanes(Wide()));

template <class A>
void pack(const double* from, Count count, A* into) {
  const Wide d;
  const hn::Rebind<A, Wide> narrow;
  Count i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto x = hn::LoadU(d, from + i);
    if constexpr (sizeof(A) == 8) {
      hn::StoreU(x, d, into + i);
    } else {
      hn::StoreU(hn::DemoteTo(narrow, x), narrow, into + i);
    }
  }
  for (; i < count; ++i) into[i] = static_cast<A>(from[i]);
}
template <class D, class A>
HWY_INLINE hn::Vec<D> widened(D d, const A* from) {
  if constexpr (sizeof(A) == 8) {
    return hn::LoadU(d, from);
  } else {
    return hn::PromoteTo(d, hn::LoadU(hn::Rebind<A, D>(), from));
  }
}
template <class A>
void add(const A* from, Count count, double* into) {
  const Wide d;
  Count i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::StoreU(hn::Add(hn::LoadU(d, into + i), widened(d, from + i)), d, into + i);
  }
  for (; i < count; ++i) into[i] += static_cast<double>(from[i]);
}
template <class A>
void combine(double a, double b, const A* from, Count count, double* into) {
  const Wide d;
  const auto of_into = hn::Set(d, a), of_from = hn::Set(d, b);
  Count i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto scaled = hn::Mul(of_into, hn::LoadU(d, into + i));
    hn::StoreU(hn::MulAdd(of_from, widened(d, from + i), scaled), d, into + i);
  }
  for (; i < count; ++i) into[i] = a * into[i] + b * static_cast<double>(from[i]);
}

}  // namespace

const AllConversions* all_conversions() {
  static constexpr AllConversions all{{pack<double>, add<double>, combine<double>},
                                      {pack<float>, add<float>, combine<float>}};
  return &all;
}

}  // namespace HWY_NAMESPACE
}  // namespace hamlet::kernel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hamlet::kernel {

HWY_EXPORT(all_conversions);

template <>
const Conversions<double>& conversions<double>() {
  return HWY_DYNAMIC_DISPATCH(all_conversions)()->f64;
}
template <>
const Conversions<float>& conversions<float>() {
  return HWY_DYNAMIC_DISPATCH(all_conversions)()->f32;
}

}  // namespace hamlet::kernel
#endif
