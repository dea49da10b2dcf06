// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/synapse.hpp>
#include <hamlet/synapse/window.hpp>

#include <vector>

#include "laws/random.hpp"

/// Windows of one and two axes with every stride, padding, dilation and border, on layers that they do and do not fill.
inline std::vector<hamlet::Window> windows() {
  std::vector<hamlet::Window> all;
  for (const bool circular : {false, true}) {
    for (const hamlet::Index stride : {1, 2, 3}) {
      for (const hamlet::Index padding : {0, 1, 2}) {
        for (const hamlet::Index dilation : {1, 2}) {
          const hamlet::Index rest = circular ? 0 : 1;  // a circle is gone round by strides 1, 2 and 3
          all.push_back({{3, 12 + rest}, {4}, stride, padding, dilation, circular});
          all.push_back({{2, 6 + rest, 12}, {3, 2}, stride, padding, dilation, circular});
          all.push_back({{1, 6, 12 - rest}, {1, 4}, stride, padding, dilation, circular});
        }
      }
    }
  }
  return all;
}

/// Which entry of a layer's shape {channels, width[, height]} a neuron is, channels fastest: a second layer of one axis
/// has height 1.
struct Place {
  hamlet::Index channel, x, y;
};
inline hamlet::Index width(const hamlet::Shape& shape) { return shape[1]; }
inline hamlet::Index height(const hamlet::Shape& shape) { return shape.rank() > 2 ? shape[2] : 1; }
inline Place place_of(const hamlet::Shape& shape, hamlet::Index neuron) {
  return {neuron % shape[0], neuron / shape[0] % width(shape), neuron / shape[0] / width(shape)};
}
inline hamlet::Index neuron(const hamlet::Shape& shape, const Place& place) {
  return place.channel + shape[0] * (place.x + width(shape) * place.y);
}

/// What the window's place (i, j) sees from position (x, y), by the formula; whether it sees anything.
inline bool seen(const hamlet::Window& window, hamlet::Index x, hamlet::Index y, hamlet::Index i, hamlet::Index j,
                 Place& place) {
  const auto at = [&](hamlet::Index size, hamlet::Index position, hamlet::Index offset, hamlet::Index& source) {
    source = window.stride * position + window.dilation * offset - window.padding;
    if (window.circular) source = ((source % size) + size) % size;
    return source >= 0 && source < size;
  };
  place.y = 0;
  return at(window.over[1], x, i, place.x) && (window.size.rank() == 1 || at(window.over[2], y, j, place.y));
}

/// The currents of a synapse of two layers, its energies, and one sample a column.
struct Applied {
  Applied(const hamlet::Synapse& synapse, const hamlet::State& g_a, const hamlet::State& g_b)
      : into_a(hamlet::State::Zero(g_a.rows(), g_a.cols())),
        into_b(hamlet::State::Zero(g_b.rows(), g_b.cols())),
        energies(g_a.cols()) {
    const std::vector<hamlet::ConstView> activations{hamlet::view(g_a), hamlet::view(g_b)};
    std::vector<hamlet::View> currents{hamlet::view(into_a), hamlet::view(into_b)};
    synapse.apply(activations, currents, energies);
  }
  hamlet::State into_a, into_b;
  hamlet::Energies energies;
};

/// A layer turned round a circle by so many positions along each axis.
inline hamlet::State turned(const hamlet::Shape& shape, const hamlet::State& g, hamlet::Index along_x,
                            hamlet::Index along_y) {
  hamlet::State result(g.rows(), g.cols());
  for (hamlet::Index from = 0; from < g.rows(); ++from) {
    Place to = place_of(shape, from);
    to.x = (to.x + along_x) % width(shape);
    to.y = (to.y + along_y) % height(shape);
    result.row(neuron(shape, to)) = g.row(from);
  }
  return result;
}
