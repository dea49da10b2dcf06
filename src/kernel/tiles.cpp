// SPDX-License-Identifier: MIT
#include "kernel/tiles.hpp"

#include "kernel/targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/tiles.cpp"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

#include <algorithm>
#include <type_traits>

#ifndef HAMLET_KERNEL_LOOPS
#define HAMLET_KERNEL_LOOPS
namespace hamlet::kernel {

/// All loops for one instruction set.
struct Loops {
  Streams<double> f64;
  Streams<float> f32;
  Streams<Half> f16;
  Streams<std::int8_t> int8;
  Tiles<double> tiles_f64;
  Tiles<float> tiles_f32;
  Conversions<double> conversions_f64;
  Conversions<float> conversions_f32;
};

}  // namespace hamlet::kernel
#endif

HWY_BEFORE_NAMESPACE();
namespace hamlet::kernel {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Count = std::ptrdiff_t;

/// A vector of A, no longer than a row of a granule.
template <class A>
using Wide = hn::CappedTag<A, 64 / sizeof(A)>;
template <class A>
inline constexpr Count lanes = static_cast<Count>(hn::MaxLanes(Wide<A>()));
template <class A>
inline constexpr Count vectors = granule_columns / lanes<A>;

template <class D, class A = hn::TFromD<D>>
HWY_INLINE hn::Vec<D> load(D d, const A* w) {
  return hn::LoadU(d, w);
}
template <class D>
HWY_INLINE hn::Vec<D> load(D d, const Half* w) {
  const hn::Rebind<hwy::float16_t, D> half;
  return hn::PromoteTo(d, hn::LoadU(half, reinterpret_cast<const hwy::float16_t*>(w)));
}
template <class D>
HWY_INLINE hn::Vec<D> load(D d, const std::int8_t* w) {
  const hn::Rebind<std::int32_t, D> whole;
  const hn::Rebind<std::int8_t, D> byte;
  return hn::ConvertTo(d, hn::PromoteTo(whole, hn::LoadU(byte, w)));
}

#if HWY_TARGET == HWY_SCALAR
template <class D, class V = hn::Vec<D>>
HWY_INLINE void add_lanes(D, V a, V b, V c, V e, double* h) {
  h[0] += static_cast<double>(hn::GetLane(a));
  h[1] += static_cast<double>(hn::GetLane(b));
  h[2] += static_cast<double>(hn::GetLane(c));
  h[3] += static_cast<double>(hn::GetLane(e));
}
#else
/// Σ of the blocks of 128 bits.
template <class D, class V = hn::Vec<D>>
HWY_INLINE hn::Vec<hn::Full128<hn::TFromD<D>>> add_blocks(D d, V v) {
  if constexpr (hn::MaxLanes(d) * sizeof(hn::TFromD<D>) > 16) {
    const hn::Half<D> half;
    return add_blocks(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
  } else {
    return v;
  }
}

/// h[i] += Σ of the lanes of vector i
template <class D, class V = hn::Vec<D>>
HWY_INLINE void add_lanes(D d, V a, V b, V c, V e, double* h) {
  using A = hn::TFromD<D>;
  const hn::Full128<A> quarter;
  const V ab = hn::Add(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));
  const V ce = hn::Add(hn::InterleaveLower(d, c, e), hn::InterleaveUpper(d, c, e));
  HWY_ALIGN A sums[4];
  if constexpr (sizeof(A) == 8) {
    hn::Store(add_blocks(d, ab), quarter, sums);
    hn::Store(add_blocks(d, ce), quarter, sums + 2);
  } else {
    const hn::Repartition<double, D> pair;
    const auto x = hn::BitCast(pair, ab), y = hn::BitCast(pair, ce);
    const V all =
        hn::Add(hn::BitCast(d, hn::InterleaveLower(pair, x, y)), hn::BitCast(d, hn::InterleaveUpper(pair, x, y)));
    hn::Store(add_blocks(d, all), quarter, sums);
  }
  for (int i = 0; i < 4; ++i) h[i] += static_cast<double>(sums[i]);
}
#endif

/// Fetches what is due at one granule, into the L1 cache alone (locality 0) or the L2 cache (2).
template <int locality>
HWY_INLINE void fetch(const Ahead& ahead, Count at) {
  const char* line = at < ahead.turn ? static_cast<const char*>(ahead.first) + 64 * ahead.lines * at
                                     : static_cast<const char*>(ahead.then) + 64 * ahead.lines * (at - ahead.turn);
  for (Count i = ahead.begin; i < ahead.end; ++i) __builtin_prefetch(line + 64 * i, 0, locality);
}

template <class T, bool forward, bool backward>
HWY_INLINE void stream(const T* HWY_RESTRICT w_forward, const T* HWY_RESTRICT w_backward, Count granules,
                       const sum_t<T>* HWY_RESTRICT g, double* HWY_RESTRICT h, const sum_t<T>* HWY_RESTRICT f,
                       sum_t<T>* HWY_RESTRICT c, const Ahead& ahead) {
  using A = sum_t<T>;
  const Wide<A> d;
  using V = hn::Vec<Wide<A>>;
  V factor[panel_rows];
  if constexpr (backward) {
    HWY_UNROLL(8) for (int r = 0; r < 8; ++r) factor[r] = hn::Set(d, f[r]);
  }
  for (Count start = 0; start < granules; start += block_granules<A>) {
    const Count end = std::min(granules, start + block_granules<A>);
    V sum[panel_rows];
    HWY_UNROLL(8) for (int r = 0; r < 8; ++r) sum[r] = hn::Zero(d);
    for (Count at = start; at < end; ++at) {
      fetch<0>(ahead, at);
      // Row by row, as they lie in memory
      V activation[vectors<A>], current[vectors<A>];
      const Count column = at * granule_columns;
      HWY_UNROLL(4) for (Count v = 0; v < vectors<A>; ++v) {
        if constexpr (forward) activation[v] = hn::Load(d, g + column + v * lanes<A>);
        if constexpr (backward) current[v] = hn::Load(d, c + column + v * lanes<A>);
      }
      HWY_UNROLL(8) for (int r = 0; r < 8; ++r) {
        HWY_UNROLL(4) for (Count v = 0; v < vectors<A>; ++v) {
          const Count place = at * granule_size + r * granule_columns + v * lanes<A>;
          if constexpr (forward) sum[r] = hn::MulAdd(load(d, w_forward + place), activation[v], sum[r]);
          if constexpr (backward) current[v] = hn::MulAdd(load(d, w_backward + place), factor[r], current[v]);
        }
      }
      HWY_UNROLL(4) for (Count v = 0; v < vectors<A>; ++v) {
        if constexpr (backward) hn::Store(current[v], d, c + column + v * lanes<A>);
      }
    }
    if constexpr (forward) {
      add_lanes(d, sum[0], sum[1], sum[2], sum[3], h);
      add_lanes(d, sum[4], sum[5], sum[6], sum[7], h + 4);
    }
  }
}

template <class T>
void stream_both(const T* w, Count granules, const sum_t<T>* g, double* h, const sum_t<T>* f, sum_t<T>* c,
                 Ahead ahead) {
  stream<T, true, true>(w, w, granules, g, h, f, c, ahead);
}
template <class T>
void stream_forward(const T* w, Count granules, const sum_t<T>* g, double* h, Ahead ahead) {
  stream<T, true, false>(w, nullptr, granules, g, h, nullptr, nullptr, ahead);
}
template <class T>
void stream_backward(const T* w, Count granules, const sum_t<T>* f, sum_t<T>* c) {
  stream<T, false, true>(nullptr, w, granules, nullptr, nullptr, f, c, {});
}
template <class T>
void stream_relay(const T* v, const T* w, Count granules, const sum_t<T>* g, double* h, const sum_t<T>* f, sum_t<T>* c,
                  Ahead ahead) {
  stream<T, true, true>(v, w, granules, g, h, f, c, ahead);
}
template <class T>
void stream_widen(const T* w, Count granules, sum_t<T>* wide) {
  const Wide<sum_t<T>> d;
  for (Count i = 0; i < granules * granule_size; i += lanes<sum_t<T>>) hn::Store(load(d, w + i), d, wide + i);
}

/// 4 rows × S samples
template <class A, int S>
HWY_INLINE void forward_tile(const A* HWY_RESTRICT w, Count granules, const A* HWY_RESTRICT g, Count g_stride,
                             double* HWY_RESTRICT h, Count h_stride, const Ahead& ahead) {
  const Wide<A> d;
  using V = hn::Vec<Wide<A>>;
  V sum[4][S];
  HWY_UNROLL(4) for (int r = 0; r < 4; ++r) { HWY_UNROLL(4) for (int s = 0; s < S; ++s) sum[r][s] = hn::Zero(d); }
  for (Count at = 0; at < granules; ++at) {
    fetch<2>(ahead, at);
    HWY_UNROLL(4) for (Count v = 0; v < vectors<A>; ++v) {
      V activation[S];
      HWY_UNROLL(4) for (int s = 0; s < S; ++s) {
        activation[s] = hn::Load(d, g + s * g_stride + at * granule_columns + v * lanes<A>);
      }
      HWY_UNROLL(4) for (int r = 0; r < 4; ++r) {
        const V weight = hn::Load(d, w + at * granule_size + r * granule_columns + v * lanes<A>);
        HWY_UNROLL(4) for (int s = 0; s < S; ++s) sum[r][s] = hn::MulAdd(weight, activation[s], sum[r][s]);
      }
    }
  }
  HWY_UNROLL(4) for (int s = 0; s < S; ++s) {
    add_lanes(d, sum[0][s], sum[1][s], sum[2][s], sum[3][s], h + s * h_stride);
  }
}

/// The part of what is to be fetched that falls to `tile` of `samples` that begin with `first`.
HWY_INLINE Ahead share(Ahead ahead, Count first, Count tile, Count samples) {
  const Count begin = ahead.begin, count = ahead.end - begin;
  ahead.begin = begin + count * first / samples;
  ahead.end = begin + count * (first + tile) / samples;
  return ahead;
}

/// Calls `tile(constant S, first)` for all samples, as far as possible three at a time.
template <class Tile>
HWY_INLINE void tile_samples(Count samples, const Tile& tile) {
  Count s = 0;
  for (; samples - s >= 3 && samples - s != 4; s += 3) tile(std::integral_constant<int, 3>(), s);
  for (; samples - s >= 2; s += 2) tile(std::integral_constant<int, 2>(), s);
  if (s < samples) tile(std::integral_constant<int, 1>(), s);
}

template <class A>
void tiled_forward(const A* w, Count granules, const A* g, Count g_stride, double* h, Count h_stride, Count samples,
                   Ahead ahead) {
  tile_samples(samples, [=](auto S, Count s) HWY_ATTR {
    forward_tile<A, S>(w, granules, g + s * g_stride, g_stride, h + s * h_stride, h_stride,
                       share(ahead, s, S, samples));
    forward_tile<A, S>(w + 4 * granule_columns, granules, g + s * g_stride, g_stride, h + s * h_stride + 4, h_stride,
                       {});
  });
}

/// n vectors of columns × S samples
template <class A, int n, int S>
HWY_INLINE void backward_tile(const A* HWY_RESTRICT w, Count panel_stride, Count panels, const A* HWY_RESTRICT f,
                              Count f_stride, A* HWY_RESTRICT c, Count c_stride) {
  const Wide<A> d;
  using V = hn::Vec<Wide<A>>;
  V sum[n][S];
  HWY_UNROLL(4) for (int v = 0; v < n; ++v) {
    HWY_UNROLL(4) for (int s = 0; s < S; ++s) sum[v][s] = hn::Load(d, c + s * c_stride + v * lanes<A>);
  }
  for (Count panel = 0; panel < panels; ++panel) {
    HWY_UNROLL(8) for (int r = 0; r < 8; ++r) {
      V factor[S];
      HWY_UNROLL(4) for (int s = 0; s < S; ++s) factor[s] = hn::Set(d, f[s * f_stride + r]);
      HWY_UNROLL(4) for (int v = 0; v < n; ++v) {
        const V weight =
            hn::Load(d, w + v / vectors<A> * granule_size + r * granule_columns + v % vectors<A> * lanes<A>);
        HWY_UNROLL(4) for (int s = 0; s < S; ++s) sum[v][s] = hn::MulAdd(weight, factor[s], sum[v][s]);
      }
    }
    w += panel_stride;
    f += panel_rows;
  }
  HWY_UNROLL(4) for (int v = 0; v < n; ++v) {
    HWY_UNROLL(4) for (int s = 0; s < S; ++s) hn::Store(sum[v][s], d, c + s * c_stride + v * lanes<A>);
  }
}

template <class A, int n>
HWY_INLINE void backward_columns(const A* w, Count panel_stride, Count panels, const A* f, Count f_stride, A* c,
                                 Count c_stride, Count samples) {
  tile_samples(samples, [=](auto S, Count s) HWY_ATTR {
    backward_tile<A, n, S>(w, panel_stride, panels, f + s * f_stride, f_stride, c + s * c_stride, c_stride);
  });
}

template <class A>
void tiled_backward(const A* w, Count panel_stride, Count panels, Count granules, const A* f, Count f_stride, A* c,
                    Count c_stride, Count samples, Ahead ahead) {
  constexpr Count all = 4;  // vectors a tile
  const Count count = granules * vectors<A>;
  Count v = 0;
  for (; v + all <= count; v += all) {
    for (Count at = (v + vectors<A> - 1) / vectors<A>; at * vectors<A> < v + all; ++at) fetch<2>(ahead, at);
    backward_columns<A, all>(w + v / vectors<A> * granule_size + v % vectors<A> * lanes<A>, panel_stride, panels, f,
                             f_stride, c + v * lanes<A>, c_stride, samples);
  }
  for (; v < count; ++v) {
    backward_columns<A, 1>(w + v / vectors<A> * granule_size + v % vectors<A> * lanes<A>, panel_stride, panels, f,
                           f_stride, c + v * lanes<A>, c_stride, samples);
  }
}

template <class A>
void pack(const double* from, Count count, A* into) {
  const Wide<double> d;
  const hn::Rebind<A, Wide<double>> narrow;
  Count i = 0;
  for (; i + lanes<double> <= count; i += lanes<double>) {
    const auto x = hn::LoadU(d, from + i);
    if constexpr (sizeof(A) == 8) {
      hn::StoreU(x, d, into + i);
    } else {
      hn::StoreU(hn::DemoteTo(narrow, x), narrow, into + i);
    }
  }
  for (; i < count; ++i) into[i] = static_cast<A>(from[i]);
}
template <class A>
void add(const A* from, Count count, double* into) {
  const Wide<double> d;
  const hn::Rebind<A, Wide<double>> narrow;
  Count i = 0;
  for (; i + lanes<double> <= count; i += lanes<double>) {
    const auto sum = hn::LoadU(d, into + i);
    const auto x = hn::LoadU(narrow, from + i);
    if constexpr (sizeof(A) == 8) {
      hn::StoreU(hn::Add(sum, x), d, into + i);
    } else {
      hn::StoreU(hn::Add(sum, hn::PromoteTo(d, x)), d, into + i);
    }
  }
  for (; i < count; ++i) into[i] += static_cast<double>(from[i]);
}

template <class T>
constexpr Streams<T> streams_of() {
  return {stream_both<T>, stream_forward<T>, stream_backward<T>, stream_relay<T>, stream_widen<T>};
}
template <class A>
constexpr Tiles<A> tiles_of() {
  return {tiled_forward<A>, tiled_backward<A>};
}

}  // namespace

const Loops* loops() {
  static constexpr Loops loops{streams_of<double>(),        streams_of<float>(),      streams_of<Half>(),
                               streams_of<std::int8_t>(),   tiles_of<double>(),       tiles_of<float>(),
                               {pack<double>, add<double>}, {pack<float>, add<float>}};
  return &loops;
}

}  // namespace HWY_NAMESPACE
}  // namespace hamlet::kernel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hamlet::kernel {

HWY_EXPORT(loops);

static const Loops& chosen_loops() { return *HWY_DYNAMIC_DISPATCH(loops)(); }

template <>
const Streams<double>& streams<double>() {
  return chosen_loops().f64;
}
template <>
const Streams<float>& streams<float>() {
  return chosen_loops().f32;
}
template <>
const Streams<Half>& streams<Half>() {
  return chosen_loops().f16;
}
template <>
const Streams<std::int8_t>& streams<std::int8_t>() {
  return chosen_loops().int8;
}
template <>
const Tiles<double>& tiles<double>() {
  return chosen_loops().tiles_f64;
}
template <>
const Tiles<float>& tiles<float>() {
  return chosen_loops().tiles_f32;
}
template <>
const Conversions<double>& conversions<double>() {
  return chosen_loops().conversions_f64;
}
template <>
const Conversions<float>& conversions<float>() {
  return chosen_loops().conversions_f32;
}

}  // namespace hamlet::kernel
#endif
