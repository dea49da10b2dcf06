// SPDX-License-Identifier: MIT
#include "synapse/patches.hpp"

#include <algorithm>

namespace hamlet {

Patches::Axis::Axis(Index size, Index count, Index count_of_places, const Window& window)
    : positions(count), places(count_of_places), runs(static_cast<std::size_t>(count_of_places)) {
  for (Index position = 0; position < positions; ++position) {
    bool neighbours = true;
    for (Index place = 0; place < places; ++place) {
      // stride p + dilation t − padding
      Index source = window.stride * position + window.dilation * place - window.padding;
      if (window.circular) source = (source % size + size) % size;
      if (source < 0 || source >= size) source = nothing;
      neighbours = neighbours && source != nothing && (place == 0 || source == sources.back() + 1);
      sources.push_back(source);
      if (source == nothing) continue;
      std::vector<Run>& of_place = runs[static_cast<std::size_t>(place)];
      const bool goes_on = !of_place.empty() && of_place.back().position + of_place.back().count == position &&
                           of_place.back().source + of_place.back().count * window.stride == source;
      if (goes_on) {
        ++of_place.back().count;
      } else {
        of_place.push_back({position, 1, source});
      }
    }
    together.push_back(neighbours);
  }
}

Patches::Patches(const Window& window) : Patches(window, window.output(1)) {}

// A layer of one axis is one row, over which a window of one row does not move.
Patches::Patches(const Window& window, const Shape& output)
    : channels_(window.over[0]),
      stride_(window.stride),
      row_(window.over[0] * window.over[1]),
      width_(window.over[1], output[1], window.size[0], window),
      height_(1, 1, 1, Window{.over = {1, 1}, .size = {1}}) {
  if (window.size.rank() == 2) height_ = Axis(window.over[2], output[2], window.size[1], window);
}

void Patches::gather(const double* layer, Index first, View patches) const {
  const Index last = std::min(patches.cols(), positions() - first);
  Index x = first % width_.positions, y = first / width_.positions;
  for (Index column = 0; column < last; ++column) {
    double* to = patches.data() + column * patches.outerStride();
    for (Index j = 0; j < height_.places; ++j) {
      const Index row = height_.source(y, j), length = channels_ * width_.places;
      if (row == nothing) {
        to = std::fill_n(to, length, 0.0);
      } else if (width_.together[static_cast<std::size_t>(x)]) {
        to = std::copy_n(layer + row_ * row + channels_ * width_.source(x, 0), length, to);
      } else {
        for (Index i = 0; i < width_.places; ++i) {
          const Index along = width_.source(x, i);
          to = along == nothing ? std::fill_n(to, channels_, 0.0)
                                : std::copy_n(layer + row_ * row + channels_ * along, channels_, to);
        }
      }
    }
    if (++x == width_.positions) {
      x = 0;
      ++y;
    }
  }
  patches.rightCols(patches.cols() - last).setZero();
}

void Patches::scatter(const ConstView& patches, Index first, double* layer) const {
  const Index last = first + std::min(patches.cols(), positions() - first), patch = patches.outerStride();
  for (Index place = 0; place < places(); ++place) {
    for_each_run(place, first, last, [&](Index position, Index neuron, Index count, Index step) {
      const double* from = patches.data() + (position - first) * patch + place * channels_;
      double* to = layer + neuron;
      for (Index k = 0; k < count; ++k, from += patch, to += step) {
        for (Index c = 0; c < channels_; ++c) to[c] += from[c];
      }
    });
  }
}

}  // namespace hamlet
