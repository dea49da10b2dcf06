// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/network.hpp>
#include <hamlet/synapse/attention.hpp>
#include <hamlet/synapse/average_pooling.hpp>
#include <hamlet/synapse/convolution.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/general.hpp>
#include <hamlet/synapse/lateral.hpp>
#include <hamlet/synapse/multilinear.hpp>

#include <cmath>
#include <vector>

#include "laws/energies.hpp"
#include "laws/random.hpp"

namespace hamlet::laws {

/// The shapes of the layers of a deep network, from an image to a vector; a network of n layers has the first n.
inline std::vector<Shape> deep_shapes() { return {{2, 6, 4}, {3, 6, 4}, {3, 3, 2}, {8}, {4, 3}, {5}}; }

/// Which activations a deep network may have: smooth and bounded ones, beside them sparse ones, which have kinks all
/// over and no difference quotient there, or unbounded ones.
enum class Kind { smooth, sparse, unbounded };

/// Lagrangians for a layer {channels, positions…}: of a neuron, of the layer, of a position; convex ones all.
inline std::vector<Lagrangian> deep_lagrangians(const Shape& shape, Kind kind) {
  std::vector<Lagrangian> all{LogCosh{.beta = 1.3}, Softplus{.beta = 2}, LogSumExp{.beta = 2},
                              Norm{.gamma = 1.5, .epsilon = 0.1}, LayerNorm{.gamma = 0.8, .epsilon = 0.1},
                              // Zeros as well, but s = g^{0.8} meets them smoothly: [1 + 0.2 z]₊ to the fourth.
                              Entmax{.alpha = 1.2, .beta = 2}};
  if (kind == Kind::sparse) all.insert(all.end(), {Sparsemax{.beta = 1.5}, Entmax{.alpha = 1.5, .beta = 2}});
  if (shape.rank() > 1) {
    all.insert(all.end(), {Grouped{LogSumExp{.beta = 1.5}, Groups::channels(shape)},
                           Grouped{LogSumExp{.beta = 1.5}, Groups::positions(shape)},
                           Grouped{LayerNorm{.epsilon = 0.1}, Groups::channels(shape)}});
    if (shape.rank() == 3 && shape[1] % 2 == 0)
      all.emplace_back(MaxPooling{.shape = shape, .window = {2, 1}, .beta = 3});
  }
  if (kind == Kind::sparse && shape.rank() > 1)
    all.emplace_back(Grouped{Sparsemax{.beta = 1.5}, Groups::positions(shape)});
  if (kind == Kind::unbounded)
    all.insert(all.end(), {Quadratic{}, RectifiedPower{.n = 2}, Power{.n = 4}, Exponential{}});
  return all;
}

/// A random network of `layers` (3 to 6) layers "0", "1", …: an image, convolved, pooled, met by dense layers, among
/// them one of tokens; a skip from the image, a synapse of three layers, one of a layer with itself, attention, and an
/// energy that nothing is known of. Every Lagrangian is convex. Weights are small where activations have no bound.
inline Network deep_network(std::size_t layers, Kind kind, Random& random) {
  const std::vector<Shape> shapes = deep_shapes();
  const auto chance = [&] { return random() % 2 == 0; };
  const auto weights = [&](Index rows, Index columns) {
    return normal(rows, columns, random,
                  (kind == Kind::unbounded ? 0.4 : 1.0) / std::sqrt(static_cast<double>(columns)));
  };
  Network net;
  std::vector<LayerHandle> handles;
  for (std::size_t at = 0; at < layers; ++at) {
    const std::vector<Lagrangian> lagrangians = deep_lagrangians(shapes[at], kind);
    handles.push_back(net.add({.name = std::to_string(at),
                               .shape = shapes[at],
                               .lagrangian = lagrangians[random() % lagrangians.size()],
                               .tau = std::exp(normal(1, 1, random, 0.5)(0, 0))}));
  }
  net.connect({handles[0], handles[1]},
              Convolution{weights(3, 18), {.over = shapes[0], .size = {3, 3}, .padding = 1, .circular = chance()}});
  net.connect({handles[1], handles[2]}, AveragePooling{{.over = shapes[1], .size = {2, 2}, .stride = 2}});
  for (std::size_t at = 2; at + 1 < layers; ++at) {
    net.connect({handles[at], handles[at + 1]}, Dense{weights(shapes[at + 1].size(), shapes[at].size())});
  }
  net.connect({handles[0], handles[layers - 1]}, Dense{weights(shapes[layers - 1].size(), shapes[0].size())});
  if (layers > 3) {
    if (chance()) net.connect({handles[3]}, Lateral{symmetric(8, random, 0.2)});
    net.connect({handles[1], handles[2], handles[3]},
                General{Threefold{weights(72, 1), weights(18, 1), weights(8, 1) / 8}});
  }
  if (layers > 4) {
    net.connect({handles[4]},
                Attention{{.queries = weights(6, 4), .keys = weights(6, 4), .heads = 2, .attends_self = chance()}});
    net.connect({handles[2], handles[3], handles[4]}, Multilinear{{18, 8, 12}, weights(18 * 8 * 12, 1) / 30});
  }
  if (chance()) net.connect({handles[layers - 1], handles[0]}, General{LogQuadratic{}});
  return net;
}

/// The layers of a deep network, in order.
inline std::vector<LayerHandle> in_order(const Network& net) {
  std::vector<LayerHandle> handles;
  for (std::size_t at = 0; at < net.layers().size(); ++at) handles.push_back(net.find(std::to_string(at)));
  return handles;
}

}  // namespace hamlet::laws
