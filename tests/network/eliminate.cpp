// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/general.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <boost/test/unit_test.hpp>

#include "laws/flow_instances.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

/// The state of `full` in which the layers of `effective` are as in `x`, and `hidden` is at h = I_h + u.
State settled(const Network& full, const Network& effective, const State& x, LayerHandle hidden,
              const Vector<double>& input) {
  State state = full.zeros(x.cols());
  for (const LayerHandle layer : effective.layers()) full.block(state, layer) = effective.block(x, layer);
  Flow flow{full};
  flow.input(hidden) = input;
  State derivative;
  flow(state, derivative, 0);
  // h = 0 + τḣ = I_h + u
  full.block(state, hidden) = full.layer(hidden).tau.smallest() * full.block(std::as_const(derivative), hidden);
  return state;
}

/// E_full at h = I_h + u is E_eff, and there the other layers move alike.
void compare(const Network& full, LayerHandle hidden, const Vector<double>& input, laws::Random& random) {
  const Network effective = eliminate(full, hidden, input);
  const State x = laws::normal(effective.size(), 3, random);
  const State state = settled(full, effective, x, hidden, input);
  Flow slow{full}, fast{effective};
  slow.input(hidden) = input;
  const Energies expected = slow.energy(state), energy = fast.energy(x);
  BOOST_TEST(((energy - expected).array().abs() <= 1e-12 * expected.array().abs().max(1)).all());
  State full_derivative, derivative;
  slow(state, full_derivative, 0);
  fast(x, derivative, 0);
  for (const LayerHandle layer : effective.layers()) {
    BOOST_TEST(laws::distance(effective.block(std::as_const(derivative), layer),
                              full.block(std::as_const(full_derivative), layer)) < 1e-12);
  }
}

std::vector<Lagrangian> catalogue() {
  std::vector<Lagrangian> all = laws::mixed_lagrangians();
  all.insert(all.end(), {Absolute{}, Softplus{.beta = 2}, RectifiedPower{.n = 3}, Power{.n = 3},
                         Norm{.gamma = 1, .epsilon = 0.1}, Grouped{.lagrangian = LogSumExp{.beta = 3}, .groups = 5}});
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(elimination)

BOOST_AUTO_TEST_CASE(the_energy_and_the_flow_of_a_settled_layer_remain) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Lagrangian& hidden : catalogue()) {
      for (const Lagrangian& visible : {Lagrangian{Quadratic{}}, Lagrangian{LogCosh{}}, Lagrangian{Norm{}}}) {
        BOOST_TEST_CONTEXT("seed " << seed << ", " << visible.name() << ", " << hidden.name()) {
          Network full = laws::two_layers(visible, hidden, random);
          const LayerHandle v = full.find("v"), h = full.find("h");
          compare(full, h, Vector<double>::Zero(5), random);
          compare(full, h, laws::normal(5, 1, random), random);
          // With more synapses, of the layer and of the others.
          const LayerHandle w = full.add({.name = "w", .shape = {3}, .lagrangian = Softplus{}});
          full.connect({v}, Lateral{laws::symmetric(7, random, 0.3)});
          full.connect({w, v, h}, General{laws::Threefold{laws::normal(3, 1, random), laws::normal(7, 1, random),
                                                          laws::normal(5, 1, random)}});
          full.connect({h, w}, Dense{laws::normal(3, 5, random, 0.5)});
          compare(full, h, laws::normal(5, 1, random), random);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(two_layers_in_turn_in_either_order) {
  laws::Random random(5);
  Network full = laws::two_layers(Quadratic{}, LogSumExp{.beta = 3}, random);
  const LayerHandle v = full.find("v"), h = full.find("h");
  const LayerHandle k = full.add({.name = "k", .shape = {6}, .lagrangian = RectifiedPower{.n = 3}, .tau = 0.2});
  full.connect({v, k}, Dense{laws::normal(6, 7, random, 0.5)});
  compare(full, h, laws::normal(5, 1, random), random);
  compare(eliminate(full, h), k, laws::normal(6, 1, random), random);

  const Network one = eliminate(eliminate(full, h), k), other = eliminate(eliminate(full, k), h);
  const State x = laws::normal(7, 3, random);
  BOOST_TEST(laws::distance(one.energy(x), other.energy(x)) < 1e-14);
  BOOST_TEST((one.layers() == std::vector{v}));
  const auto terms = one.energy_terms(x);
  BOOST_TEST(terms.contains("IntegratedOut h"));
  BOOST_TEST(terms.contains("IntegratedOut k"));
}

// Under it a convolution, above it average pooling, beside it whatever else it meets.
BOOST_AUTO_TEST_CASE(a_convolved_layer_of_a_deep_network) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const std::size_t layers : {3u, 4u, 5u, 6u}) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << layers << " layers") {
        const Network net = laws::deep_network(layers, laws::Kind::sparse, random);
        compare(net, net.find("1"), laws::normal(72, 1, random), random);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_rows_below_move_up) {
  laws::Random random(6);
  const Network full = laws::two_layers(Quadratic{}, LogCosh{}, random);
  const LayerHandle v = full.find("v"), h = full.find("h");
  const Network effective = eliminate(full, v);
  BOOST_TEST(effective.size() == 5);
  BOOST_TEST(effective.rows(h).first == 0);
  BOOST_TEST(full.rows(h).first == 7);
}

BOOST_AUTO_TEST_CASE(a_layer_joined_to_nothing_leaves_a_constant) {
  laws::Random random(8);
  Network full = laws::two_layers(Quadratic{}, LogCosh{}, random);
  const LayerHandle alone = full.add({.name = "alone", .shape = {4}, .lagrangian = LogSumExp{.beta = 2}});
  compare(full, alone, laws::normal(4, 1, random), random);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_integrated_out_is_refused_with_the_synapse) {
  laws::Random random(9);
  const Network bare = laws::two_layers(Quadratic{}, LogCosh{}, random);
  const LayerHandle v = bare.find("v"), h = bare.find("h");

  Network lateral = bare;
  lateral.connect({h}, Lateral{laws::symmetric(5, random)});
  BOOST_TEST(names(message<ModelError>([&] { eliminate(lateral, h); }), {"'h'", "Lateral(5 × 5)", "not linear"}));
  BOOST_CHECK_NO_THROW(eliminate(lateral, v));

  Network general = bare;
  general.connect({h, v}, General{laws::LogQuadratic{}});
  BOOST_TEST(names(message<ModelError>([&] { eliminate(general, h); }), {"'h'", "General", "not linear"}));

  Network twice = bare;
  twice.connect({h, h}, Dense{State::Identity(5, 5)});
  BOOST_TEST(names(message<ModelError>([&] { eliminate(twice, h); }), {"'h'", "Dense(5 × 5)", "twice"}));

  // What is left of a layer is not linear in the layers it was joined to.
  Network chain = bare;
  const LayerHandle top = chain.add({.name = "top", .shape = {2}, .lagrangian = Quadratic{}});
  chain.connect({h, top}, Dense{State::Ones(2, 5)});
  const Network effective = eliminate(chain, h);
  BOOST_TEST(
      names(message<ModelError>([&] { eliminate(effective, top); }), {"'top'", "IntegratedOut h", "not linear"}));

  BOOST_TEST(names(message<ModelError>([&] { eliminate(bare.with_clamped(h), h); }), {"'h'", "clamped"}));
  BOOST_TEST(eliminate(bare.with_clamped(v), h).layer(v).clamped);
  BOOST_TEST(names(message<ModelError>([&] { eliminate(eliminate(bare, h), v); }), {"'v'", "last layer"}));
  BOOST_TEST(names(message<UnknownError>([&] { eliminate(eliminate(chain, h), h); }), {"gone", "'v', 'top'"}));
  BOOST_TEST(names(message<ShapeError>([&] { eliminate(bare, h, Vector<double>::Ones(4)); }), {"'h' (5)", "4 rows"}));
  BOOST_TEST(names(message<ValueError>([&] { eliminate(bare, h, Vector<double>::Constant(5, std::nan(""))); }),
                   {"'h'", "not finite"}));
}

BOOST_AUTO_TEST_SUITE_END()
