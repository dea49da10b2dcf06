// SPDX-License-Identifier: MIT
// On a circle the flow does not know where it is: turned states move as states turned.
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/average_pooling.hpp>
#include <hamlet/synapse/convolution.hpp>

#include <boost/test/unit_test.hpp>

#include "laws/random.hpp"
#include "synapse/windows.hpp"

using namespace hamlet;

namespace {

const Shape image{2, 6, 8}, features{3, 6, 8}, pooled{3, 3, 4};

/// An image, features of it all round, and means of two by two of them.
Network circle(const Lagrangian& of_image, const Lagrangian& of_features, laws::Random& random) {
  Network net;
  const LayerHandle a = net.add({.name = "image", .shape = image, .lagrangian = of_image});
  const LayerHandle b = net.add({.name = "features", .shape = features, .lagrangian = of_features, .tau = 0.3});
  const LayerHandle c = net.add({.name = "pooled", .shape = pooled, .lagrangian = LogCosh{}, .tau = 2});
  net.connect({a, b}, Convolution{laws::normal(3, 18, random),
                                  {.over = image, .size = {3, 3}, .padding = 1, .circular = true}});
  net.connect({b, c}, AveragePooling{{.over = features, .size = {2, 2}, .stride = 2, .circular = true}});
  return net;
}

/// A state of such a network, turned by so many positions of the pooled layer.
State turned_all(const Network& net, const State& x, Index along_x, Index along_y) {
  State result = net.zeros(x.cols());
  for (const LayerHandle layer : net.layers()) {
    const Shape& shape = net.layer(layer).shape;
    const Index stride = image[1] / shape[1];
    net.block(result, layer) = turned(shape, net.block(x, layer), 2 / stride * along_x, 2 / stride * along_y);
  }
  return result;
}

/// ‖flow(turned) − turned(flow)‖∞
double difference(const Network& net, laws::Random& random) {
  const State x = laws::normal(net.size(), 3, random);
  Flow flow{net};
  State moved, moved_turned;
  flow(x, moved, 0);
  double largest = 0;
  for (const auto& [along_x, along_y] : {std::pair<Index, Index>{1, 0}, {0, 1}, {2, 3}}) {
    flow(turned_all(net, x, along_x, along_y), moved_turned, 0);
    largest = std::max(largest, (moved_turned - turned_all(net, moved, along_x, along_y)).cwiseAbs().maxCoeff());
  }
  return largest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shift)

BOOST_AUTO_TEST_CASE(neurons_channels_and_windows_are_equivariant_exactly) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Lagrangian& of_features : {Lagrangian(LogCosh{.beta = 2}), Lagrangian(RectifiedPower{}),
                                          Lagrangian(Grouped{LogSumExp{}, Groups::channels(features)}),
                                          Lagrangian(Grouped{LayerNorm{}, Groups::channels(features)}),
                                          Lagrangian(Grouped{Sparsemax{}, Groups::channels(features)}),
                                          Lagrangian(MaxPooling{.shape = features, .window = {2, 2}, .beta = 5})}) {
      BOOST_TEST(difference(circle(Quadratic{}, of_features, random), random) == 0, of_features.name());
    }
  }
}

// A softmax adds up its terms to the same bits in any order.
BOOST_AUTO_TEST_CASE(softmax_over_positions_is_equivariant_exactly) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const Lagrangian softmax = Grouped{LogSumExp{.beta = 2}, Groups::positions(features)};
    BOOST_TEST(difference(circle(Quadratic{}, softmax, random), random) == 0);
    // Over consecutive neurons, which are not those of a channel, it is not.
    const Lagrangian other = Grouped{LogSumExp{.beta = 2}, features.size() / 3};
    BOOST_TEST(difference(circle(Quadratic{}, other, random), random) > 1e-3);
  }
}

BOOST_AUTO_TEST_SUITE_END()
