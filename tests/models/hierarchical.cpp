// SPDX-License-Identifier: MIT
// Hierarchies against their formulas, written here once more.
#include <hamlet/core/error.hpp>
#include <hamlet/network/flow.hpp>
#include <models/hierarchical_convolutional.hpp>
#include <models/hierarchical_dense.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using models::hierarchical_convolutional, models::hierarchical_dense, models::HierarchicalLayer;

namespace {

State derivative(const Network& net, const State& x) {
  State dxdt;
  Flow{net}(x, dxdt, 0);
  return dxdt;
}

State log_cosh(const State& x) { return x.array().cosh().log(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(hierarchical)

BOOST_AUTO_TEST_CASE(dense_layers_follow_their_equations) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const std::vector<Index> sizes{7, 5, 6, 4};
    const std::vector<double> tau{1, 0.5, 2, 0.3};
    std::vector<HierarchicalLayer> layers;
    std::vector<State> xi, x, g;
    for (std::size_t A = 0; A < sizes.size(); ++A) {
      layers.push_back({.neurons = sizes[A], .tau = tau[A]});
      x.push_back(laws::normal(sizes[A], 3, random));
      g.emplace_back(x[A].array().tanh());
      if (A > 0) xi.push_back(laws::normal(sizes[A], sizes[A - 1], random));
    }
    const Network net = hierarchical_dense(layers, xi);
    State state(net.size(), 3);
    state << x[0], x[1], x[2], x[3];
    const State dxdt = derivative(net, state);
    Energies energy = Energies::Zero(3);
    for (std::size_t A = 0; A < sizes.size(); ++A) {
      State expected = -x[A];
      if (A > 0) expected += xi[A - 1] * g[A - 1];
      if (A + 1 < sizes.size()) expected += xi[A].transpose() * g[A + 1];
      const LayerHandle layer = net.find("layer " + std::to_string(A + 1));
      BOOST_TEST(laws::distance(net.block(dxdt, layer), expected / tau[A]) < 1e-13);
      energy += (x[A].cwiseProduct(g[A]) - log_cosh(x[A])).colwise().sum();
      if (A > 0) energy -= g[A].cwiseProduct(xi[A - 1] * g[A - 1]).colwise().sum();
    }
    BOOST_TEST(laws::distance(net.energy(state), energy) < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(convolved_and_pooled_layers_follow_their_equations) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    // A line of eight positions, two kernels of three places, means of pairs, five memories.
    const State kernels = laws::normal(2, 3, random), xi = laws::normal(5, 6, random);
    const Network net =
        hierarchical_convolutional({.image = {1, 8},
                                    .stages = {{.kernels = kernels, .size = {3}, .tau = 0.2, .pool = 2}},
                                    .memories = xi,
                                    .tau_memory = 0.1});
    const State state = laws::normal(net.size(), 3, random), dxdt = derivative(net, state);
    const auto block = [&](const char* name) { return State(net.block(state, net.find(name))); };
    const State v = block("pixels"), h = block("features 1"), p = block("pooled 1"), s = block("memories");
    const State f = h.array().tanh();
    State soft = s.array().exp();
    for (Index sample = 0; sample < 3; ++sample) soft.col(sample) /= soft.col(sample).sum();
    State into_v = -v, into_h = -h, into_p = -p;
    Energies energy = 0.5 * v.colwise().squaredNorm() + 0.5 * p.colwise().squaredNorm();
    for (Index x = 0; x < 6; ++x) {
      for (Index k = 0; k < 2; ++k) {
        for (Index t = 0; t < 3; ++t) {
          into_h.row(2 * x + k) += kernels(k, t) * v.row(x + t);
          into_v.row(x + t) += kernels(k, t) * f.row(2 * x + k);
          energy -= kernels(k, t) * v.row(x + t).cwiseProduct(f.row(2 * x + k));
        }
        into_p.row(2 * (x / 2) + k) += f.row(2 * x + k) / 2;
        into_h.row(2 * x + k) += p.row(2 * (x / 2) + k) / 2;
        energy -= p.row(2 * (x / 2) + k).cwiseProduct(f.row(2 * x + k)) / 2;
      }
    }
    into_p += xi.transpose() * soft;
    const State into_s = xi * p - s;
    energy -= soft.cwiseProduct(xi * p).colwise().sum();
    energy += (h.cwiseProduct(f) - log_cosh(h)).colwise().sum() + s.cwiseProduct(soft).colwise().sum();
    energy.array() -= s.array().exp().colwise().sum().log();
    BOOST_TEST(laws::distance(net.block(dxdt, net.find("pixels")), into_v) < 1e-13);
    BOOST_TEST(laws::distance(net.block(dxdt, net.find("features 1")), into_h / 0.2) < 1e-13);
    BOOST_TEST(laws::distance(net.block(dxdt, net.find("pooled 1")), into_p / 0.2) < 1e-13);
    BOOST_TEST(laws::distance(net.block(dxdt, net.find("memories")), into_s / 0.1) < 1e-13);
    BOOST_TEST(laws::distance(net.energy(state), energy) < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(stages_stand_on_one_another) {
  const Network net = hierarchical_convolutional(
      {.image = {3, 20, 16},
       .stages = {{.kernels = State::Ones(8, 75), .size = {5, 5}, .pool = 2},
                  {.kernels = State::Ones(4, 32), .size = {2, 2}, .stride = 2, .padding = 1}},
       .memories = State::Ones(10, 80)});
  std::vector<std::string> layers;
  for (const LayerHandle layer : net.layers()) layers.push_back(net.layer(layer).name);
  BOOST_TEST(layers == (std::vector<std::string>{"pixels", "features 1", "pooled 1", "features 2", "memories"}));
  BOOST_TEST(net.layer(net.find("features 1")).shape == (Shape{8, 16, 12}));
  BOOST_TEST(net.layer(net.find("pooled 1")).shape == (Shape{8, 8, 6}));
  BOOST_TEST(net.layer(net.find("features 2")).shape == (Shape{4, 5, 4}));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_with_its_numbers) {
  using laws::message, laws::names;
  BOOST_TEST(names(message<ShapeError>([] {
                     hierarchical_dense({{.neurons = 3}, {.neurons = 2}}, {});
                   }),
                   {"2 layers", "0 matrices"}));
  BOOST_TEST(names(message<ShapeError>([] {
                     hierarchical_dense({{.neurons = 3}, {.neurons = 2}}, {State::Ones(2, 4)});
                   }),
                   {"Dense(2 × 4)", "'layer 1' (3)", "columns"}));
  BOOST_TEST(names(message<ShapeError>([] {
                     hierarchical_convolutional({.image = {1, 8, 8},
                                                 .stages = {{.kernels = State::Ones(2, 9), .size = {3, 3}}},
                                                 .memories = State::Ones(5, 70)});
                   }),
                   {"Dense(5 × 70)", "'features 1' (2 × 6 × 6 = 72)", "columns"}));
  BOOST_TEST(names(message<ValueError>([] {
                     hierarchical_convolutional({.image = {1, 8, 8},
                                                 .stages = {{.kernels = State::Ones(2, 9), .size = {3, 3}, .pool = 0}},
                                                 .memories = State::Ones(5, 72)});
                   }),
                   {"stage 1", "pools over 0"}));
}

BOOST_AUTO_TEST_SUITE_END()
