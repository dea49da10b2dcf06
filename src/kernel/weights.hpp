// SPDX-License-Identifier: MIT
// What products with panels have in common.
#pragma once

#include "core/parallel.hpp"
#include "kernel/aligned_scratch.hpp"
#include "kernel/conversions.hpp"
#include "kernel/panels.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace hamlet::kernel {

inline double* column(View view, Index s) { return view.data() + s * view.outerStride(); }
inline const double* column(const ConstView& view, Index s) { return view.data() + s * view.outerStride(); }

inline View of_samples(View view, Index first, Index count) {
  return {view.data() ? column(view, first) : nullptr, view.rows(), count, Eigen::OuterStride<>(view.outerStride())};
}
inline ConstView of_samples(const ConstView& view, Index first, Index count) {
  return {view.data() ? column(view, first) : nullptr, view.rows(), count, Eigen::OuterStride<>(view.outerStride())};
}

inline Index rounded_up(Index count, Index unit) { return (count + unit - 1) / unit * unit; }

/// [first, last)
struct Range {
  Index first, last;
  Index size() const { return last - first; }
};

/// The part `at` of a range cut into pieces of one size.
inline Range piece(Index at, Index size, Index whole) { return {at * size, std::min((at + 1) * size, whole)}; }

/// The size of the fewest pieces of equal size, but for the last, of at most `most`.
inline Index even_size(Index whole, Index most) {
  const Index pieces = std::max<Index>((whole + most - 1) / most, 1);
  return (whole + pieces - 1) / pieces;
}

/// Sums over rows begin anew with every chunk of them, and chunks are added in turn: a grid that only K decides, so
/// that any number of threads may share it out.
inline Index chunk_panels(const Panels& W) {
  constexpr Index most_chunks = 32, least_panels = 32;
  return even_size(W.panels(), std::max(least_panels, (W.panels() + most_chunks - 1) / most_chunks));
}

inline Index chunks_of(const Panels& W) { return (W.panels() + chunk_panels(W) - 1) / chunk_panels(W); }

/// Bytes of weights up to which they are taken to lie in a cache. Results do not depend on it.
inline Index cache_size = Index{32} << 20;

/// Samples that go through the weights together.
inline constexpr Index most_samples = 64;

/// Panels that many samples go through together, at the most: few enough to stay in the L2 cache, or, where not even
/// those would, more, so that the samples' sums are read less often.
inline Index run_panels(const Panels& W, std::size_t weight) {
  constexpr std::size_t small_panel = std::size_t{128} << 10;
  return static_cast<std::size_t>(W.stride()) * weight < small_panel ? 16 : 32;
}

/// The weights as stored, with the products of one type of storage.
template <class T>
class Weights {
 public:
  using A = sum_t<T>;

  explicit Weights(const Panels& W) : W(W) {}

  const T* at(Index panel, Index granule) const { return W.data<T>() + panel * W.stride() + granule * granule_size; }

  /// What is read next, for loops to fetch. In a cache, fetching costs more than it saves: null.
  const T* next(Index panel, Index granule) const {
    return in_cache_ ? nullptr : at(std::min(panel, W.panels() - 1), granule);
  }

  /// A panel from one of its granules on, for a loop over as many to fetch.
  Ahead from(Index panel, Index granule) const {
    const T* first = at(std::min(panel, W.panels() - 1), granule);
    return {first, first, 0, lines, 0, lines};
  }

  bool in_cache() const { return in_cache_; }

  const Panels& W;
  const Streams<T>& stream = streams<T>();
  const Tiles<A>& tile = tiles<A>();

 private:
  static constexpr Index lines = granule_size * sizeof(T) / 64;

  bool in_cache_ = W.panels() * W.stride() * static_cast<Index>(sizeof(T)) <= cache_size;
};

/// A run of panels and a block of columns, as the tiles read it: widened first where it is stored narrowly.
template <class T>
class Block {
 public:
  using A = sum_t<T>;

  Block(const Weights<T>& weights, Index most_panels) : weights_(weights) {
    if constexpr (!std::is_same_v<T, A>) wide_.emplace(block_granules<A> * granule_size, most_panels);
  }

  Index stride() const { return wide_ ? wide_->stride() : weights_.W.stride(); }

  /// The panel `panel`, `at` panels after the first of the run.
  const A* panel(Index panel, Index at, Range granules) const {
    if constexpr (std::is_same_v<T, A>) {
      return weights_.at(panel, granules.first);
    } else {
      weights_.stream.widen(weights_.at(panel, granules.first), granules.size(), wide_->column(at));
      return wide_->column(at);
    }
  }

 private:
  const Weights<T>& weights_;
  std::optional<AlignedScratch<A>> wide_;
};

/// Samples in the type that is summed in.
template <class A>
void pack(const ConstView& samples, const double* scales, const AlignedScratch<A>& packed) {
  for (Index s = 0; s < samples.cols(); ++s) {
    const double* from = column(samples, s);
    A* into = packed.column(s);
    if (scales) {
      for (Index i = 0; i < samples.rows(); ++i) into[i] = static_cast<A>(scales[i] * from[i]);
    } else {
      conversions<A>().pack(from, samples.rows(), into);
    }
    std::fill(into + samples.rows(), into + packed.stride(), A{0});
  }
}

template <class A>
void add(const A* from, Index count, double* into) {
  conversions<A>().add(from, count, into);
}

inline double dot(const double* a, const double* b, Index count) {
  std::array<double, 4> sum = {};
  Index i = 0;
  for (; i + 4 <= count; i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) {
      const Index at = i + static_cast<Index>(lane);
      sum[lane] += a[at] * b[at];
    }
  }
  for (; i < count; ++i) sum[0] += a[i] * b[i];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/// Microseconds that products with W take on one thread, roughly.
inline double cost(const Panels& W, Index samples, int products) {
  return static_cast<double>(W.rows()) * static_cast<double>(W.columns()) *
         (1e-4 + 2e-5 * static_cast<double>(samples * products));
}

/// Calls `work(first sample, samples, team)` for all samples: in groups that a team shares out where there are enough,
/// or else one group after another, with the team at the work of each.
template <class Work>
void by_samples(Index samples, int team, const Work& work) {
  const bool shared_out = team > 1 && samples >= 8 * team;
  const Index most = shared_out ? std::min(most_samples, (samples + team - 1) / team) : most_samples;
  const Index groups = (samples + most - 1) / most;
  in_team(shared_out ? team : 1, groups, [&](Index group) {
    const Range part = piece(group, most, samples);
    work(part.first, part.size(), shared_out ? 1 : team);
  });
}

}  // namespace hamlet::kernel
