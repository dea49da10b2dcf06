// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/window.hpp>

#include <algorithm>
#include <vector>

namespace hamlet {

/// What a window sees at each position, a column a position: for every place of the window, its first axis fastest, all
/// channels. The linear map from a layer to its patches, and its adjoint.
class Patches {
 public:
  /// Throws as Window::output().
  explicit Patches(const Window& window);

  /// Channels times places: the rows of a patch.
  Index rows() const { return channels_ * places(); }
  Index places() const { return width_.places * height_.places; }
  Index channels() const { return channels_; }
  /// How many positions the window takes.
  Index positions() const { return width_.positions * height_.positions; }

  /// The patches at positions first, first + 1, …, one a column; columns past the last position become 0. `layer` is
  /// one sample.
  void gather(const double* layer, Index first, View patches) const;
  /// The adjoint: adds every entry of the patches to where `gather` takes it from. To each neuron places are added in
  /// the same order wherever it is, so that on a circle a shifted layer gets the same sums to the last bit.
  void scatter(const ConstView& patches, Index first, double* layer) const;

  /// Calls visit(position, neuron, count, step) for every run of positions in [first, last) from which the window's
  /// `place` sees something: from position + k, k < count, it sees the neurons of which neuron + k · step is the first
  /// channel.
  template <class Visit>
  void for_each_run(Index place, Index first, Index last, const Visit& visit) const {
    const Index i = place % width_.places, j = place / width_.places;
    for (Index y = first / width_.positions; y * width_.positions < last; ++y) {
      const Index row = height_.source(y, j), start = y * width_.positions;
      if (row == nothing) continue;
      for (const Run& run : width_.runs[static_cast<std::size_t>(i)]) {
        const Index from = std::max(run.position, first - start), to = std::min(run.position + run.count, last - start);
        if (from >= to) continue;
        const Index along = run.source + (from - run.position) * stride_;
        visit(start + from, row_ * row + channels_ * along, to - from, channels_ * stride_);
      }
    }
  }

 private:
  /// `output` is the window's: what does not fit has been refused before any axis is looked at.
  Patches(const Window& window, const Shape& output);

  static constexpr Index nothing = -1;

  /// Positions from which a place sees a row of neurons, a stride apart.
  struct Run {
    Index position, count, source;
  };

  /// Along one axis, what each place sees from each position: an index of the layer's axis, or nothing.
  struct Axis {
    Axis(Index size, Index count, Index count_of_places, const Window& window);

    Index source(Index position, Index place) const {
      return sources[static_cast<std::size_t>(position * places + place)];
    }

    Index positions, places;
    std::vector<Index> sources;
    std::vector<std::vector<Run>> runs;  // of each place
    std::vector<bool> together;          // whether from this position all places see neighbours, one after the other
  };

  Index channels_, stride_, row_;  // row_: how many neurons a row of the layer has
  Axis width_, height_;
};

}  // namespace hamlet
