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

/// In a register from here on: of a vector that is multiplied several times the compiler would rather load each time
/// anew, and loads are what a tile is short of.
template <class V>
HWY_INLINE V kept(V v) {
#if HWY_ARCH_X86 && (HWY_COMPILER_GCC || HWY_COMPILER_CLANG)
  __asm__("" : "+v"(v.raw));
#elif HWY_ARCH_ARM && (HWY_COMPILER_GCC || HWY_COMPILER_CLANG)
  __asm__("" : "+w"(v.raw));
#endif
  return v;
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
  if constexpr (sizeof(A) == 8) {
    hn::StoreU(hn::Add(hn::LoadU(quarter, h), add_blocks(d, ab)), quarter, h);
    hn::StoreU(hn::Add(hn::LoadU(quarter, h + 2), add_blocks(d, ce)), quarter, h + 2);
  } else {
    const hn::Repartition<double, D> pair;
    const auto x = hn::BitCast(pair, ab), y = hn::BitCast(pair, ce);
    const V all =
        hn::Add(hn::BitCast(d, hn::InterleaveLower(pair, x, y)), hn::BitCast(d, hn::InterleaveUpper(pair, x, y)));
    const auto sums = add_blocks(d, all);
    const hn::CappedTag<double, 4> wide;
    const hn::Rebind<float, decltype(wide)> narrow;
    if constexpr (hn::MaxLanes(wide) == 4) {
      hn::StoreU(hn::Add(hn::LoadU(wide, h), hn::PromoteTo(wide, sums)), wide, h);
    } else {
      hn::StoreU(hn::Add(hn::LoadU(wide, h), hn::PromoteTo(wide, hn::LowerHalf(narrow, sums))), wide, h);
      hn::StoreU(hn::Add(hn::LoadU(wide, h + 2), hn::PromoteTo(wide, hn::UpperHalf(narrow, sums))), wide, h + 2);
    }
  }
}
#endif

/// Fetches what is due at one granule.
HWY_INLINE void fetch(const Ahead& ahead, Count at) {
  if (ahead.begin == ahead.end) return;
  const char* line = at < ahead.turn ? static_cast<const char*>(ahead.first) + 64 * ahead.lines * at
                                     : static_cast<const char*>(ahead.then) + 64 * ahead.lines * (at - ahead.turn);
  for (Count i = ahead.begin; i < ahead.end; ++i) __builtin_prefetch(line + 64 * i);
}

/// Sums of so many vectors are kept in registers.
#if HWY_ARCH_ARM || (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3)
inline constexpr int most_sums = 24;
#else
inline constexpr int most_sums = 12;
#endif

/// A row of 64 bytes for each row of a panel and sample, of which a vector may be a part.
template <class A>
HWY_INLINE A* lane_sums_of(A* sums, Count sample, Count row) {
  return sums + sample * lane_sums<A> + row * lane_sums<A> / panel_rows;
}

/// `rows` of a panel, or of two (unless they are the `same`), for S samples, which are `*_stride` apart. `sums` go on
/// from where they were, unless the strip `begins`.
template <class T, int rows, int S, bool forward, bool backward, bool same>
HWY_INLINE void stream_rows(const T* HWY_RESTRICT w_forward, const T* HWY_RESTRICT w_backward, Count granules,
                            const sum_t<T>* HWY_RESTRICT g, Count g_stride, sum_t<T>* HWY_RESTRICT sums, bool begins,
                            const sum_t<T>* HWY_RESTRICT f, Count f_stride, sum_t<T>* HWY_RESTRICT c, Count c_stride,
                            const Ahead& ahead, Count fetched) {
  using A = sum_t<T>;
  const Wide<A> d;
  using V = hn::Vec<Wide<A>>;
  V sum[rows][S], factor[rows][S];
  HWY_UNROLL(8) for (int r = 0; r < rows; ++r) {
    HWY_UNROLL(4) for (int s = 0; s < S; ++s) {
      if constexpr (forward) sum[r][s] = begins ? hn::Zero(d) : hn::Load(d, lane_sums_of(sums, s, r));
      if constexpr (backward) factor[r][s] = hn::Set(d, f[s * f_stride + r]);
    }
  }
  for (Count at = 0; at < granules; ++at) {
    fetch(ahead, fetched + at);
    const Count column = at * granule_columns;
    // Row by row, as they lie in memory
    V activation[vectors<A>][S], current[vectors<A>][S];
    HWY_UNROLL(4) for (Count v = 0; v < vectors<A>; ++v) {
      HWY_UNROLL(4) for (int s = 0; s < S; ++s) {
        if constexpr (forward) activation[v][s] = hn::Load(d, g + s * g_stride + column + v * lanes<A>);
        if constexpr (backward) current[v][s] = hn::Load(d, c + s * c_stride + column + v * lanes<A>);
      }
    }
    HWY_UNROLL(8) for (int r = 0; r < rows; ++r) {
      HWY_UNROLL(4) for (Count v = 0; v < vectors<A>; ++v) {
        const Count place = at * granule_size + r * granule_columns + v * lanes<A>;
        const V weight = kept(load(d, (forward ? w_forward : w_backward) + place));
        if constexpr (forward) {
          HWY_UNROLL(4) for (int s = 0; s < S; ++s) sum[r][s] = hn::MulAdd(weight, activation[v][s], sum[r][s]);
        }
        if constexpr (backward) {
          const V other = forward && !same ? kept(load(d, w_backward + place)) : weight;
          HWY_UNROLL(4) for (int s = 0; s < S; ++s) current[v][s] = hn::MulAdd(other, factor[r][s], current[v][s]);
        }
      }
    }
    if constexpr (backward) {
      HWY_UNROLL(4) for (Count v = 0; v < vectors<A>; ++v) {
        HWY_UNROLL(4) for (int s = 0; s < S; ++s) {
          hn::Store(current[v][s], d, c + s * c_stride + column + v * lanes<A>);
        }
      }
    }
  }
  if constexpr (forward) {
    HWY_UNROLL(8) for (int r = 0; r < rows; ++r) {
      HWY_UNROLL(4) for (int s = 0; s < S; ++s) hn::Store(sum[r][s], d, lane_sums_of(sums, s, r));
    }
  }
}

/// h[8] += the lanes of the sums of a panel.
template <class A>
HWY_INLINE void add_up(const A* sums, double* h, Count h_stride, Count samples) {
  const Wide<A> d;
  for (Count s = 0; s < samples; ++s) {
    for (Count r = 0; r < panel_rows; r += 4) {
      add_lanes(d, hn::Load(d, lane_sums_of(sums, s, r)), hn::Load(d, lane_sums_of(sums, s, r + 1)),
                hn::Load(d, lane_sums_of(sums, s, r + 2)), hn::Load(d, lane_sums_of(sums, s, r + 3)),
                h + s * h_stride + r);
    }
  }
}

/// Calls `use(constant S, first)` for a few samples, three at a time as far as possible.
template <class Use>
HWY_INLINE void by_threes(Count samples, const Use& use) {
  Count s = 0;
  for (; samples - s >= 3 && samples - s != 4; s += 3) use(std::integral_constant<int, 3>(), s);
  for (; samples - s >= 2; s += 2) use(std::integral_constant<int, 2>(), s);
  if (s < samples) use(std::integral_constant<int, 1>(), s);
}

/// Calls `use(constant n)` for an n of least … most.
template <int least, int most, class Use>
HWY_INLINE void with_constant(Count n, const Use& use) {
  if constexpr (least == most) {
    use(std::integral_constant<int, most>());
  } else {
    if (n == most) return use(std::integral_constant<int, most>());
    with_constant<least, most - 1>(n, use);
  }
}

/// Calls `use(constant S, first, group, groups)` for more than `few_samples`, in as few groups of at most `most` as
/// there can be, of nearly equal size.
template <int most, class Use>
HWY_INLINE void by_even_groups(Count samples, const Use& use) {
  static_assert(few_samples == 8 && (most == 3 || most == 6));
  constexpr int least = most - most / 3;
  const Count groups = (samples + most - 1) / most, size = samples / groups, larger = samples % groups;
  Count first = 0;
  for (Count group = 0; group < groups; ++group) {
    const Count count = group < larger ? size + 1 : size;
    with_constant<least, most>(count, [&](auto S) HWY_ATTR { use(S, first, group, groups); });
    first += count;
  }
}

/// The part of what is to be fetched that falls to `some` of `samples` that begin with `first`.
HWY_INLINE Ahead share(Ahead ahead, Count first, Count some, Count samples) {
  const Count begin = ahead.begin, count = ahead.end - begin;
  ahead.begin = begin + count * first / samples;
  ahead.end = begin + count * (first + some) / samples;
  return ahead;
}

/// What is to be fetched while a panel is read: so far ahead, and at its end from the next one on.
template <class T>
HWY_INLINE Ahead following(const T* w, Count granules, const T* next) {
  if (!next) return {};
  constexpr Count granule = granule_size * sizeof(T), lead = 4096 / granule, lines = granule / 64;
  return {w + lead * granule_size, next, std::max<Count>(granules - lead, 0), lines, 0, lines};
}

template <class T, bool forward, bool backward, bool same = false>
HWY_INLINE void stream(const T* w_forward, const T* w_backward, Count panel_stride, Count panels, Count granules,
                       const sum_t<T>* g, Count g_stride, double* h, Count h_stride, const sum_t<T>* f, Count f_stride,
                       sum_t<T>* c, Count c_stride, Count samples, const T* next) {
  using A = sum_t<T>;
  // What is read once need not stay in a cache.
  const Count block = samples == 1 ? strip_granules<A> : block_granules<A>;
  HWY_ALIGN A sums[few_samples * lane_sums<A>];
  for (Count panel = 0; panel < panels; ++panel) {
    const Ahead ahead = following(w_forward, granules, next && panel + 1 < panels ? w_forward + panel_stride : next);
    for (Count start = 0; start < granules; start += block) {
      const Count count = std::min(granules - start, block), column = start * granule_columns;
      const bool begins = start % strip_granules<A> == 0;
      by_threes(samples, [=, &ahead, &sums](auto S, Count s) HWY_ATTR {
        constexpr int rows = panel_rows * S > most_sums ? 4 : 8;
        constexpr Count turns = panel_rows / rows;
        HWY_UNROLL(2) for (Count turn = 0; turn < turns; ++turn) {
          const Count row = turn * rows, place = start * granule_size + row * granule_columns;
          stream_rows<T, rows, S, forward, backward, same>(
              forward ? w_forward + place : nullptr, backward ? w_backward + place : nullptr, count,
              forward ? g + s * g_stride + column : nullptr, g_stride, lane_sums_of(sums, s, row), begins,
              backward ? f + s * f_stride + row : nullptr, f_stride, backward ? c + s * c_stride + column : nullptr,
              c_stride, share(share(ahead, s, S, samples), turn, 1, turns), start);
        }
      });
      if constexpr (forward) {
        if ((start + block) % strip_granules<A> == 0 || start + block >= granules) add_up(sums, h, h_stride, samples);
      }
    }
    if constexpr (forward) {
      w_forward += panel_stride;
      h += panel_rows;
    }
    if constexpr (backward) {
      w_backward += panel_stride;
      f += panel_rows;
    }
  }
}

template <class T>
void stream_both(const T* w, Count panel_stride, Count panels, Count granules, const sum_t<T>* g, Count g_stride,
                 double* h, Count h_stride, const sum_t<T>* f, Count f_stride, sum_t<T>* c, Count c_stride,
                 Count samples, const T* next) {
  stream<T, true, true, true>(w, w, panel_stride, panels, granules, g, g_stride, h, h_stride, f, f_stride, c, c_stride,
                              samples, next);
}
template <class T>
void stream_forward(const T* w, Count panel_stride, Count panels, Count granules, const sum_t<T>* g, Count g_stride,
                    double* h, Count h_stride, Count samples, const T* next) {
  stream<T, true, false>(w, nullptr, panel_stride, panels, granules, g, g_stride, h, h_stride, nullptr, 0, nullptr, 0,
                         samples, next);
}
template <class T>
void stream_backward(const T* w, Count panel_stride, Count panels, Count granules, const sum_t<T>* f, Count f_stride,
                     sum_t<T>* c, Count c_stride, Count samples) {
  stream<T, false, true>(nullptr, w, panel_stride, panels, granules, nullptr, 0, nullptr, 0, f, f_stride, c, c_stride,
                         samples, nullptr);
}
template <class T>
void stream_relay(const T* v, const T* w, Count granules, const sum_t<T>* g, Count g_stride, double* h, Count h_stride,
                  const sum_t<T>* f, Count f_stride, sum_t<T>* c, Count c_stride, Count samples, const T* next) {
  stream<T, true, true>(v, w, 0, 1, granules, g, g_stride, h, h_stride, f, f_stride, c, c_stride, samples, next);
}
template <class T>
void stream_widen(const T* w, Count granules, sum_t<T>* wide) {
  const Wide<sum_t<T>> d;
  for (Count i = 0; i < granules * granule_size; i += lanes<sum_t<T>>) hn::Store(load(d, w + i), d, wide + i);
}

template <class A>
void tiled_forward(const A* w, Count granules, const A* g, Count g_stride, A* sums, bool begins, Count samples,
                   Ahead ahead) {
  by_even_groups<3>(samples, [=](auto S, Count s, Count, Count) HWY_ATTR {
    constexpr int rows = panel_rows * S > most_sums ? 4 : 8;
    for (Count row = 0; row < panel_rows; row += rows) {
      stream_rows<A, rows, S, true, false, false>(w + row * granule_columns, nullptr, granules, g + s * g_stride,
                                                  g_stride, lane_sums_of(sums, s, row), begins, nullptr, 0, nullptr, 0,
                                                  row == 0 ? share(ahead, s, S, samples) : Ahead{}, 0);
    }
  });
}

/// n vectors of columns × S samples, the tile `turn` of `turns` of the same columns. What the next columns need is
/// fetched on the way, the weights of each panel by one tile.
template <class A, int n, int S>
HWY_INLINE void backward_tile(const A* HWY_RESTRICT w, Count panel_stride, Count panels, const A* HWY_RESTRICT f,
                              Count f_stride, A* HWY_RESTRICT c, Count c_stride, bool begins, Count turn, Count turns) {
  const Wide<A> d;
  using V = hn::Vec<Wide<A>>;
  V sum[n][S];
  HWY_UNROLL(4) for (int v = 0; v < n; ++v) {
    HWY_UNROLL(6) for (int s = 0; s < S; ++s) {
      sum[v][s] = begins ? hn::Zero(d) : hn::Load(d, c + s * c_stride + v * lanes<A>);
      __builtin_prefetch(c + s * c_stride + (n + v) * lanes<A>, 1);
    }
  }
  for (Count panel = 0; panel < panels; ++panel) {
    if (panel % turns == turn) {
      const char* next = reinterpret_cast<const char*>(w + panel_rows * n * lanes<A>);
      HWY_UNROLL(32) for (int line = 0; line < static_cast<int>(panel_rows * n * lanes<A> * sizeof(A)) / 64; ++line) {
        __builtin_prefetch(next + 64 * line);
      }
    }
    HWY_UNROLL(8) for (int r = 0; r < 8; ++r) {
      V factor[S];
      HWY_UNROLL(6) for (int s = 0; s < S; ++s) factor[s] = kept(hn::Set(d, f[s * f_stride + r]));
      HWY_UNROLL(4) for (int v = 0; v < n; ++v) {
        const V weight =
            kept(hn::Load(d, w + v / vectors<A> * granule_size + r * granule_columns + v % vectors<A> * lanes<A>));
        HWY_UNROLL(6) for (int s = 0; s < S; ++s) sum[v][s] = hn::MulAdd(weight, factor[s], sum[v][s]);
      }
    }
    w += panel_stride;
    f += panel_rows;
  }
  HWY_UNROLL(4) for (int v = 0; v < n; ++v) {
    HWY_UNROLL(6) for (int s = 0; s < S; ++s) hn::Store(sum[v][s], d, c + s * c_stride + v * lanes<A>);
  }
}

template <class A, int n>
HWY_INLINE void backward_columns(const A* w, Count panel_stride, Count panels, const A* f, Count f_stride, A* c,
                                 Count c_stride, bool begins, Count samples) {
  by_even_groups<most_sums / 4>(samples, [=](auto S, Count s, Count group, Count groups) HWY_ATTR {
    backward_tile<A, n, S>(w, panel_stride, panels, f + s * f_stride, f_stride, c + s * c_stride, c_stride, begins,
                           group, groups);
  });
}

template <class A>
void tiled_backward(const A* w, Count panel_stride, Count panels, Count granules, const A* f, Count f_stride, A* c,
                    Count c_stride, bool begins, Count samples, Ahead ahead) {
  const Count count = granules * vectors<A>;
  const auto columns = [=](auto n, Count v) HWY_ATTR {
    backward_columns<A, n>(w + v / vectors<A> * granule_size + v % vectors<A> * lanes<A>, panel_stride, panels, f,
                           f_stride, c + v * lanes<A>, c_stride, begins, samples);
  };
  // Four vectors a tile. What is left is two or three, since one alone would keep the multipliers waiting: all of one
  // granule, or a granule each.
  Count v = 0;
  for (; v + 6 <= count || v + 4 == count; v += 4) {
    for (Count at = (v + vectors<A> - 1) / vectors<A>; at * vectors<A> < v + 4; ++at) fetch(ahead, at);
    columns(std::integral_constant<int, 4>(), v);
  }
  if constexpr (vectors<A> == 1) {
    for (; v + 3 == count || v + 5 == count; v += 3) columns(std::integral_constant<int, 3>(), v);
  }
  for (; v + 2 <= count; v += 2) columns(std::integral_constant<int, 2>(), v);
  if (vectors<A> == 1 && v < count) columns(std::integral_constant<int, 1>(), v);
}

template <class T>
constexpr Streams<T> streams_of() {
  return {stream_both<T>, stream_forward<T>, stream_backward<T>, stream_relay<T>, stream_widen<T>};
}
template <class A>
void tiled_add_up(const A* sums, double* h, Count h_stride, Count samples) {
  add_up(sums, h, h_stride, samples);
}

template <class A>
constexpr Tiles<A> tiles_of() {
  return {tiled_forward<A>, tiled_add_up<A>, tiled_backward<A>};
}

}  // namespace

const Loops* loops() {
  static constexpr Loops loops{streams_of<double>(),      streams_of<float>(), streams_of<Half>(),
                               streams_of<std::int8_t>(), tiles_of<double>(),  tiles_of<float>()};
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

}  // namespace hamlet::kernel
#endif
