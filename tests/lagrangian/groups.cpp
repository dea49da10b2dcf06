// SPDX-License-Identifier: MIT
// A layer's neurons in groups: which they are, that a Lagrangian of each is right per group, and max-pooling.
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/dense.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

/// A partition, and its groups written out neuron by neuron.
struct Partition {
  Groups groups;
  Shape shape;
  std::vector<std::vector<Index>> neurons;
};

/// All three kinds for layers {C, W, H} and {C, W}, and consecutive neurons.
std::vector<Partition> partitions() {
  std::vector<Partition> all;
  const auto keep = [&](Groups groups, Shape shape, Index count) -> std::vector<std::vector<Index>>& {
    all.push_back(
        {std::move(groups), std::move(shape), std::vector<std::vector<Index>>(static_cast<std::size_t>(count))});
    return all.back().neurons;
  };
  const auto add = [](std::vector<std::vector<Index>>& groups, Index group, Index neuron) {
    groups[static_cast<std::size_t>(group)].push_back(neuron);
  };

  const Index C = 3, W = 4, H = 6, width = 2, height = 3;
  const auto neuron = [&](Index c, Index i, Index j) { return c + C * (i + W * j); };
  auto& channels = keep(Groups::channels({C, W, H}), {C, W, H}, W * H);
  for (Index j = 0; j < H; ++j)
    for (Index i = 0; i < W; ++i)
      for (Index c = 0; c < C; ++c) add(channels, i + W * j, neuron(c, i, j));
  auto& positions = keep(Groups::positions({C, W, H}), {C, W, H}, C);
  for (Index c = 0; c < C; ++c)
    for (Index j = 0; j < H; ++j)
      for (Index i = 0; i < W; ++i) add(positions, c, neuron(c, i, j));
  auto& windows = keep(Groups::windows({C, W, H}, {width, height}), {C, W, H}, C * W * H / (width * height));
  for (Index j = 0; j < H; ++j)
    for (Index i = 0; i < W; ++i)
      for (Index c = 0; c < C; ++c) add(windows, c + C * (i / width + W / width * (j / height)), neuron(c, i, j));

  auto& of_width = keep(Groups::channels({5, 4}), {5, 4}, 4);
  for (Index n = 0; n < 20; ++n) add(of_width, n / 5, n);
  auto& along = keep(Groups::positions({5, 4}), {5, 4}, 5);
  for (Index n = 0; n < 20; ++n) add(along, n % 5, n);
  auto& pairs = keep(Groups::windows({5, 4}, {2}), {5, 4}, 10);
  for (Index n = 0; n < 20; ++n) add(pairs, n % 5 + 5 * (n / 5 / 2), n);
  auto& consecutive = keep(4, {24}, 6);
  for (Index n = 0; n < 24; ++n) add(consecutive, n / 4, n);
  return all;
}

State gathered(const State& x, const std::vector<Index>& neurons) {
  State group(static_cast<Index>(neurons.size()), x.cols());
  for (Index i = 0; i < group.rows(); ++i) group.row(i) = x.row(neurons[static_cast<std::size_t>(i)]);
  return group;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(groups)

// Two public codes sum the statistic of a norm or a LayerNorm over all positions while they take g per position: their
// g is not the slope of their L. Here L, g and the Hessian are those of each group alone, and no group feels another.
BOOST_AUTO_TEST_CASE(right_per_group) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Lagrangian& L :
         {Lagrangian(LayerNorm{.gamma = 1.3, .delta = 0.2}), Lagrangian(Norm{.gamma = 0.7}),
          Lagrangian(LogSumExp{.beta = 2}), Lagrangian(Sparsemax{.beta = 1.5}), Lagrangian(Entmax{.alpha = 1.4})}) {
      for (const Partition& partition : partitions()) {
        const Lagrangian grouped = Grouped{L, partition.groups};
        BOOST_TEST_CONTEXT(grouped.name() << ", seed " << seed) {
          BOOST_TEST(grouped.misfit(partition.shape).empty());
          const State x = laws::normal(partition.shape.size(), 3, random), u = laws::normal(x.rows(), 3, random);
          const State g = grouped.activation(x), h = grouped.hessian_product(x, u);
          Energies sum = Energies::Zero(3), bounds = Energies::Zero(3);
          for (const std::vector<Index>& group : partition.neurons) {
            const State of_x = gathered(x, group);
            sum += L.value(of_x);
            bounds += L.rounding(of_x);
            BOOST_TEST((gathered(g, group) - L.activation(of_x)).cwiseAbs().maxCoeff() == 0);
            BOOST_TEST((gathered(h, group) - L.hessian_product(of_x, gathered(u, group))).cwiseAbs().maxCoeff() == 0);
          }
          BOOST_TEST((grouped.value(x) - sum).cwiseAbs().maxCoeff() <= 1e-14 * (1 + sum.cwiseAbs().maxCoeff()));
          BOOST_TEST((grouped.rounding(x).array() >= bounds.array() * (1 - 1e-12)).all());

          const std::vector<Index>& moved = partition.neurons[partition.neurons.size() / 2];
          State other = x;
          for (const Index neuron : moved) other.row(neuron) = -x.row(neuron);  // another winner
          const State g_other = grouped.activation(other);
          for (const std::vector<Index>& group : partition.neurons) {
            const double change = gathered(g_other - g, group).cwiseAbs().maxCoeff();
            if (&group == &moved)
              BOOST_TEST(change > 0);
            else
              BOOST_TEST(change == 0);
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(they_say_what_they_are) {
  BOOST_TEST(Lagrangian(Grouped{LogSumExp{.beta = 2}, Groups::positions({16, 7, 7})}).name() ==
             "Grouped(LogSumExp(beta = 2), 49 positions of 16 channels)");
  BOOST_TEST(Lagrangian(Grouped{Quadratic{}, Groups::channels({16, 7, 7})}).name() ==
             "Grouped(Quadratic, 16 channels of 49 positions)");
  BOOST_TEST(Groups::windows({16, 28, 14}, {2, 7}).text() == "2 × 7 windows of 28 × 14 positions of 16 channels");
  BOOST_TEST(Groups(3).text() == "groups of 3");
  BOOST_TEST(Groups::channels({16, 7, 7}).neurons().empty());
  BOOST_TEST(Groups::windows({16, 28, 14}, {2, 7}).size() == 14);
  BOOST_TEST(Groups::windows({16, 28, 14}, {2, 7}).count(16 * 28 * 14) == 16 * 28);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  BOOST_TEST(names(message<ValueError>([] { Groups(0); }), {"0", "at least one"}));
  BOOST_TEST(names(message<ShapeError>([] { Groups::channels({784}); }), {"784", "channels"}));
  BOOST_TEST(names(message<ShapeError>([] { Groups::positions({784}); }), {"784", "channels"}));
  BOOST_TEST(names(message<ShapeError>([] { Groups::windows({784}, {2}); }), {"784", "channels"}));
  BOOST_TEST(names(message<ShapeError>([] { Groups::windows({3, 28, 27}, {2, 2}); }), {"2 × 2", "28 × 27", "3"}));
  BOOST_TEST(names(message<ShapeError>([] { Groups::windows({3, 28, 28}, {2}); }), {"windows of 2 ", "28 × 28"}));
  BOOST_TEST(names(message<ShapeError>([] { Groups::windows({3, 28, 28}, {2, 2, 2}); }), {"2 × 2 × 2", "28 × 28"}));

  const Shape shape{4, 6, 8};
  for (const Groups& groups : {Groups::channels(shape), Groups::positions(shape), Groups::windows(shape, {3, 2})}) {
    const Lagrangian grouped = Grouped{Norm{}, groups};
    BOOST_TEST(grouped.misfit(shape).empty());
    BOOST_TEST(grouped.misfit({192}).empty());
    BOOST_TEST(names(grouped.misfit({191}), {"191"}));
    BOOST_TEST(names(grouped.misfit({8, 6, 4}), {groups.text().c_str(), "4 × 6 × 8 = 192", "8 × 6 × 4 = 192"}));
    BOOST_TEST(names(grouped.misfit({4, 6, 9}), {"4 × 6 × 9 = 216"}));
    const State x = State::Ones(96, 1);
    BOOST_TEST(names(message<ShapeError>([&] { grouped.activation(x); }), {groups.text().c_str(), "96"}));
    BOOST_TEST(names(message<ShapeError>([&] { grouped.value(x); }), {groups.text().c_str(), "96"}));
  }
  const Lagrangian biased = LayerNorm{.delta = Vector<double>::Zero(5)};
  BOOST_TEST(names(message<ShapeError>([&] {
                     Lagrangian(Grouped{biased, Groups::channels(shape)});
                   }),
                   {"4 channels of 48 positions", "LayerNorm", "5 entries"}));
}

BOOST_AUTO_TEST_CASE(max_pooling_is_log_sum_exp_of_windows) {
  laws::Random random(4);
  const Shape shape{2, 6, 4}, window{3, 2};
  const Lagrangian pooling = MaxPooling{.shape = shape, .window = window, .beta = 3};
  const Lagrangian grouped = Grouped{LogSumExp{.beta = 3}, Groups::windows(shape, window)};
  BOOST_TEST(pooling.name() == "MaxPooling(3 × 2 windows of 6 × 4 positions of 2 channels, beta = 3)");
  BOOST_TEST(pooling.derived()->name() == pooling.name());
  const State x = laws::normal(shape.size(), 3, random);
  BOOST_TEST((pooling.activation(x) - grouped.activation(x)).cwiseAbs().maxCoeff() == 0);
  BOOST_TEST((pooling.value(x) - grouped.value(x)).cwiseAbs().maxCoeff() == 0);
  BOOST_TEST(names(message<ValueError>([&] {
                     Lagrangian(MaxPooling{shape, window, -1});
                   }),
                   {"beta", "MaxPooling", "-1"}));
  BOOST_TEST(names(message<ShapeError>([&] { Lagrangian(MaxPooling{shape, {4, 2}}); }), {"4 × 2", "6 × 4"}));
}

BOOST_AUTO_TEST_CASE(sharp_max_pooling_is_the_maximum_of_every_window) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const Shape shape{3, 6, 4};
    const Index C = 3, W = 6, size = 4, count = shape.size() / size;
    const State x = laws::normal(shape.size(), 5, random);
    // max and winner of every 2 × 2 window of every channel
    State largest = State::Constant(count, 5, -1e300), winner = State::Zero(count, 5);
    for (Index sample = 0; sample < 5; ++sample) {
      for (Index neuron = 0; neuron < shape.size(); ++neuron) {
        const Index c = neuron % C, i = neuron / C % W, j = neuron / C / W, at = c + C * (i / 2 + W / 2 * (j / 2));
        if (x(neuron, sample) <= largest(at, sample)) continue;
        largest(at, sample) = x(neuron, sample);
        winner(at, sample) = static_cast<double>(neuron);
      }
    }
    const Energies limit = largest.colwise().sum();
    State one_hot = State::Zero(shape.size(), 5);
    for (Index sample = 0; sample < 5; ++sample)
      for (Index at = 0; at < count; ++at) one_hot(static_cast<Index>(winner(at, sample)), sample) = 1;

    double before = 1e300;
    for (const double beta : {1.0, 10.0, 100.0, 1e3, 1e4, 1e6}) {
      BOOST_TEST_CONTEXT("seed " << seed << ", beta " << beta) {
        const Lagrangian pooling = MaxPooling{.shape = shape, .window = {2, 2}, .beta = beta};
        const Energies above = pooling.value(x) - limit;
        BOOST_TEST((above.array() >= -1e-13).all());
        BOOST_TEST((above.array() <= static_cast<double>(count) / beta * std::log(size) + 1e-13).all());
        const double distance = (pooling.activation(x) - one_hot).cwiseAbs().maxCoeff();
        BOOST_TEST(distance <= before);
        before = distance;
      }
    }
    BOOST_TEST(before < 1e-12);
    // The bound is met where all of a window are alike.
    const Lagrangian pooling = MaxPooling{.shape = shape, .window = {2, 2}, .beta = 2};
    const double most = static_cast<double>(count) / 2 * std::log(size);
    BOOST_TEST(std::abs(pooling.value(State::Zero(shape.size(), 1))[0] - most) <= 1e-13 * most);
  }
}

BOOST_AUTO_TEST_CASE(the_current_through_max_pooling_goes_to_the_winner) {
  laws::Random random(5);
  const Shape shape{2, 4, 4};
  const State xi = laws::normal(shape.size(), 7, random);
  Network net;
  const LayerHandle v = net.add({.name = "v", .shape = {7}, .lagrangian = Quadratic{}});
  const LayerHandle pool = net.add(
      {.name = "pool", .shape = shape, .lagrangian = MaxPooling{.shape = shape, .window = {2, 4}, .beta = 1e6}});
  net.connect({v, pool}, Dense{xi});
  const State x = laws::normal(7, 3, random), u = xi * x;
  // v̇ + v = Σ over windows of the row ξ of the winner
  State expected = State::Zero(7, 3);
  for (Index sample = 0; sample < 3; ++sample) {
    for (Index c = 0; c < 2; ++c) {
      for (Index half = 0; half < 2; ++half) {
        Index winner = -1;
        for (Index j = 0; j < 4; ++j) {
          for (Index i = 2 * half; i < 2 * half + 2; ++i) {
            const Index neuron = c + 2 * (i + 4 * j);
            if (winner < 0 || u(neuron, sample) > u(winner, sample)) winner = neuron;
          }
        }
        expected.col(sample) += xi.row(winner).transpose();
      }
    }
  }
  State derivative;
  Flow{eliminate(net, pool)}(x, derivative, 0);
  BOOST_TEST(laws::distance(derivative + x, expected) < 1e-13);
}

BOOST_AUTO_TEST_SUITE_END()
