// SPDX-License-Identifier: MIT
// The innermost loops, for every instruction set. The order of every sum is fixed here, once for one sample and for
// many:
//   h = W g:  a row's products with a strip of columns are added lane by lane, from left to right, then the lanes;
//   c = Wᵀ f: a column's products are added one by one, from top to bottom, with one rounding each where there is fma.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hamlet::kernel {

/// An IEEE half.
enum class Half : std::uint16_t {};

/// A panel is `panel_rows` rows, stored granule by granule: [granule of columns][row][column].
inline constexpr std::ptrdiff_t panel_rows = 8;
inline constexpr std::ptrdiff_t granule_columns = 16;
inline constexpr std::ptrdiff_t granule_size = panel_rows * granule_columns;

/// What products with weights stored as T are summed in.
template <class T>
struct Sum {
  using type = float;
};
template <>
struct Sum<double> {
  using type = double;
};
template <class T>
using sum_t = typename Sum<T>::type;

/// A block: 4 KB of columns, of which 8 rows stay in an L1 cache of 48 KB. A strip of blocks: the columns after which
/// the lanes of a row are added up.
template <class A>
inline constexpr std::ptrdiff_t block_granules = 4096 / sizeof(A) / granule_columns;
template <class A>
inline constexpr std::ptrdiff_t strip_granules = 4 * block_granules<A>;

/// The sums of a sample's products with a panel, lane by lane: rows of one cache line.
template <class A>
inline constexpr std::ptrdiff_t lane_sums = panel_rows * 64 / sizeof(A);

/// What is fetched from memory while a loop runs: of `lines` cache lines for every granule, from `first` on until the
/// granule `turn`, then from `then` on, those from `begin` to `end`. Nothing where the two are equal.
struct Ahead {
  const void* first = nullptr;
  const void* then = nullptr;
  std::ptrdiff_t turn = 0;
  std::ptrdiff_t lines = 0;
  std::ptrdiff_t begin = 0, end = 0;
};

/// So few samples stream through weights together.
inline constexpr std::ptrdiff_t few_samples = 8;

/// Loops over panels of weights as they are stored, for one sample or a few, which are `*_stride` apart: weights are
/// read from memory once for all of them. Rows and columns of zeros fill up what is short. Unless `next` is null,
/// weights are fetched ahead of their use, and at the end those from `next` on.
template <class T>
struct Streams {
  using A = sum_t<T>;
  /// h[8 a panel] += the sum of every strip of W g in turn; c += Wᵀ f.
  void (*both)(const T* w, std::ptrdiff_t panel_stride, std::ptrdiff_t panels, std::ptrdiff_t granules, const A* g,
               std::ptrdiff_t g_stride, double* h, std::ptrdiff_t h_stride, const A* f, std::ptrdiff_t f_stride, A* c,
               std::ptrdiff_t c_stride, std::ptrdiff_t samples, const T* next);
  void (*forward)(const T* w, std::ptrdiff_t panel_stride, std::ptrdiff_t panels, std::ptrdiff_t granules, const A* g,
                  std::ptrdiff_t g_stride, double* h, std::ptrdiff_t h_stride, std::ptrdiff_t samples, const T* next);
  void (*backward)(const T* w, std::ptrdiff_t panel_stride, std::ptrdiff_t panels, std::ptrdiff_t granules, const A* f,
                   std::ptrdiff_t f_stride, A* c, std::ptrdiff_t c_stride, std::ptrdiff_t samples);
  /// Of two single panels: h += V g; c += Wᵀ f. V comes from memory while W is in a cache.
  void (*relay)(const T* v, const T* w, std::ptrdiff_t granules, const A* g, std::ptrdiff_t g_stride, double* h,
                std::ptrdiff_t h_stride, const A* f, std::ptrdiff_t f_stride, A* c, std::ptrdiff_t c_stride,
                std::ptrdiff_t samples, const T* next);
  /// As they are in a panel, but of type A.
  void (*widen)(const T* w, std::ptrdiff_t granules, A* wide);
};

/// Loops over panels for many samples, which are `*_stride` apart.
template <class A>
struct Tiles {
  /// One panel, no more than a block of columns: sums[lane_sums] of each sample += W g, or = where the block `begins`.
  void (*forward)(const A* w, std::ptrdiff_t granules, const A* g, std::ptrdiff_t g_stride, A* sums, bool begins,
                  std::ptrdiff_t samples, Ahead ahead);
  /// h[8] += the lanes of the sums.
  void (*add_up)(const A* sums, double* h, std::ptrdiff_t h_stride, std::ptrdiff_t samples);
  /// Several panels: c += Wᵀ f, or = where a chunk `begins`.
  void (*backward)(const A* w, std::ptrdiff_t panel_stride, std::ptrdiff_t panels, std::ptrdiff_t granules, const A* f,
                   std::ptrdiff_t f_stride, A* c, std::ptrdiff_t c_stride, bool begins, std::ptrdiff_t samples,
                   Ahead ahead);
};

/// Those for the widest instructions that this machine has.
template <class T>
const Streams<T>& streams();
template <class A>
const Tiles<A>& tiles();

}  // namespace hamlet::kernel
