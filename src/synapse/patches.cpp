// SPDX-License-Identifier: MIT
#include "synapse/patches.hpp"

#include <algorithm>

namespace hamlet {
Patches::Axis::Axis(Index size, Index count, Index count_of_places, const Window& window)
    : positions(count), places(count_of_places) {
  for (Index position = 0; position < positions; ++position) {
    for (Index place = 0; place < places; ++place) {
      // stride p + dilation t − padding
      Index source = window.stride * position + window.dilation * place - window.padding;
      if (window.circular) source = (source % size + size) % size;
      sources.push_back(source >= 0 && source < size ? source : nothing);
    }
  }
}

// A layer of one axis is one row, over which a window of one row does not move.
Patches::Patches(const Window& window)
    : channels_(window.over[0]),
      row_(window.over[0] * (window.over.rank() > 1 ? window.over[1] : 1)),
      width_(window.over[1], window.output(1)[1], window.size[0], window),
      height_(1, 1, 1, Window{.over = {1, 1}, .size = {1}}) {
  if (window.size.rank() == 2) height_ = Axis(window.over[2], window.output(1)[2], window.size[1], window);
}

void Patches::gather(const double* layer, Index first, View patches) const {
  const Index last = std::min(patches.cols(), positions() - first);
  for (Index column = 0; column < last; ++column) {
    const Index x = (first + column) % width_.positions, y = (first + column) / width_.positions;
    double* to = patches.data() + column * patches.outerStride();
    for (Index j = 0; j < height_.places; ++j) {
      const Index row = height_.source(y, j);
      for (Index i = 0; i < width_.places; ++i, to += channels_) {
        const Index along = width_.source(x, i);
        if (row == nothing || along == nothing) {
          std::fill_n(to, channels_, 0.0);
        } else {
          std::copy_n(layer + row_ * row + channels_ * along, channels_, to);
        }
      }
    }
  }
  patches.rightCols(patches.cols() - last).setZero();
}

void Patches::scatter(const ConstView& patches, Index first, double* layer) const {
  const Index last = first + std::min(patches.cols(), positions() - first);
  for (Index place = 0; place < places(); ++place) {
    const double* patch = patches.data() + place * channels_;
    for_each_seen(place, first, last, [&](Index position, Index neuron) {
      const double* from = patch + (position - first) * patches.outerStride();
      for (Index c = 0; c < channels_; ++c) layer[neuron + c] += from[c];
    });
  }
}

}  // namespace hamlet
