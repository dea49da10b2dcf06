// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/window.hpp>

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

  /// Calls visit(position, neuron) for every position in [first, last) from which the window sees something at `place`:
  /// the first channel of what it sees.
  template <class Visit>
  void for_each_seen(Index place, Index first, Index last, const Visit& visit) const {
    const Index i = place % width_.places, j = place / width_.places;
    Index x = first % width_.positions, y = first / width_.positions;
    for (Index position = first; position < last; ++position) {
      const Index along = width_.source(x, i), row = height_.source(y, j);
      if (along != nothing && row != nothing) visit(position, row_ * row + channels_ * along);
      if (++x == width_.positions) {
        x = 0;
        ++y;
      }
    }
  }

 private:
  static constexpr Index nothing = -1;

  /// Along one axis, what each place sees from each position: an index of the layer's axis, or nothing.
  struct Axis {
    Axis(Index size, Index count, Index count_of_places, const Window& window);

    Index source(Index position, Index place) const {
      return sources[static_cast<std::size_t>(position * places + place)];
    }

    Index positions, places;
    std::vector<Index> sources;
  };

  Index channels_, row_;  // row_: how many neurons a row of the layer has
  Axis width_, height_;
};

}  // namespace hamlet
