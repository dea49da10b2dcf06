// SPDX-License-Identifier: MIT
// Networks of 3 to 6 layers with mixed Lagrangians and synapses: descent, batches, and layers integrated out one by
// one.
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <hamlet/network/eliminate.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "laws/deep_networks.hpp"
#include "laws/sanitized.hpp"
#include "laws/stepper_instances.hpp"

using namespace hamlet;

namespace {

constexpr Index samples = 3;

template <class Law>
void for_every_depth(const Law& law) {
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    laws::Random random(seed);
    for (const std::size_t layers : {3u, 4u, 5u, 6u}) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << layers << " layers") {
        law(laws::deep_network(layers, laws::Kind::sparse, random), random);
      }
    }
  }
}

/// A chain of dense layers "0", "1", …, bounded and smooth.
Network chain(std::size_t layers, laws::Random& random) {
  const std::vector<Lagrangian> lagrangians{LogCosh{.beta = 1.5}, LogSumExp{.beta = 2}, Softplus{.beta = 2},
                                            LayerNorm{.gamma = 0.7, .epsilon = 0.1}, Norm{.epsilon = 0.1}};
  Network net;
  std::vector<LayerHandle> handles;
  for (std::size_t at = 0; at < layers; ++at) {
    const Index size = 4 + static_cast<Index>(random() % 5);
    handles.push_back(net.add({.name = std::to_string(at),
                               .shape = {size},
                               .lagrangian = lagrangians[random() % lagrangians.size()],
                               .tau = 0.5 + 0.3 * static_cast<double>(random() % 4)}));
    if (at > 0) {
      const Index below = net.layer(handles[at - 1]).shape.size();
      net.connect({handles[at - 1], handles[at]}, Dense{laws::normal(size, below, random, 0.4)});
    }
  }
  return net;
}

// To far fewer digits the steps would be as long as the stiffest layer allows, and never quite settle.
const Integration until_rest{
    .stepper = DormandPrince{.relative_tolerance = 1e-9, .absolute_tolerance = 1e-12}, .end = 5000, .settled = 1e-10};

double residual(Flow& flow, const State& state) {
  State derivative;
  flow(state, derivative, 0);
  return flow.residual(derivative);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(deep)

BOOST_AUTO_TEST_CASE(the_energy_of_every_sample_descends_whatever_the_stepper) {
  for_every_depth([](const Network& net, laws::Random& random) {
    const State start = laws::normal(net.size(), samples, random);
    for (const Network& network : {net, eliminate(net, net.find("1"))}) {
      State of_network = network.zeros(samples);
      for (const LayerHandle layer : network.layers()) network.block(of_network, layer) = net.block(start, layer);
      for (const auto& [name, stepper] : laws::stepper_instances(0.004, 1e-6, 1e-9)) {
        Flow flow{network};
        EnergyMonitor descent{flow};
        State state = of_network;
        const Outcome outcome = integrate(flow, state, {.stepper = stepper, .end = 0.6}, descent);
        BOOST_TEST((outcome.status == Status::end_reached), name << ": " << outcome);
        BOOST_TEST(descent.verdict().descends, name << ": " << descent.verdict());
        const Energies bound = flow.rounding(of_network) + flow.rounding(state);
        BOOST_TEST((flow.energy(state).array() < (flow.energy(of_network) - bound).array()).all(), name);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(a_batch_is_its_samples_one_by_one) {
  constexpr Index batch = 8, step = laws::sanitized ? batch - 1 : 1;
  for_every_depth([](const Network& net, laws::Random& random) {
    for (const Network& network : {net, eliminate(net, net.find("1"))}) {
      const State start = laws::normal(network.size(), batch, random);
      for (const auto& [name, stepper] : laws::stepper_instances(0.02, 1e-6, 1e-9)) {
        const bool equal_steps = name == "Euler" || name == "RungeKutta4" || name == "AdamsBashforthMoulton";
        // Its few large steps cross many kinks of sparse activations, of which its estimate of the error sees little.
        const double tolerance = name == "Fehlberg78" ? 1e-3 : 1e-4;
        Flow flow{network};
        State together = start;
        integrate(flow, together, {.stepper = stepper, .end = 1});
        for (Index sample = 0; sample < batch; sample += step) {
          State alone = start.col(sample);
          integrate(flow, alone, {.stepper = stepper, .end = 1});
          if (equal_steps) {
            BOOST_TEST((alone.array() == together.col(sample).array()).all(), name << ", sample " << sample);
          } else {
            BOOST_TEST(laws::distance(alone, together.col(sample), 1.0) < tolerance, name << ", sample " << sample);
          }
        }
      }
    }
  });
}

// Every second layer of a chain can go: what drives it are the layers beside it alone. Then no other can, since what is
// left of its neighbours joins it with itself.
BOOST_AUTO_TEST_CASE(a_chain_with_middle_layers_integrated_out_one_by_one_has_the_fixed_points_of_the_whole) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const std::size_t layers : {3u, 4u, 5u, 6u}) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << layers << " layers") {
        const Network whole = chain(layers, random);
        Network effective = whole;
        for (std::size_t at = 1; at + 1 < layers; at += 2) {
          effective = eliminate(effective, whole.find(std::to_string(at)));
          Flow whole_flow{whole}, flow{effective};

          // A fixed point of what is left, completed by h = u, is one of the whole.
          State state = laws::normal(effective.size(), samples, random);
          const Outcome outcome = integrate(flow, state, until_rest);
          BOOST_TEST((outcome.status == Status::settled), outcome);
          const std::vector<LayerHandle> kept_layers = effective.layers();
          State completed = whole.zeros(samples);
          for (const LayerHandle layer : kept_layers) whole.block(completed, layer) = effective.block(state, layer);
          for (const LayerHandle layer : whole.layers()) {
            if (std::count(kept_layers.begin(), kept_layers.end(), layer) > 0) continue;
            State derivative;
            whole_flow(completed, derivative, 0);
            whole.block(completed, layer) += whole.layer(layer).tau.smallest() * whole.block(derivative, layer);
          }
          BOOST_TEST(residual(whole_flow, completed) < 1e-9);

          // And the other way round.
          State both = laws::normal(whole.size(), samples, random);
          const Outcome rest = integrate(whole_flow, both, until_rest);
          BOOST_TEST((rest.status == Status::settled), rest << ", residual " << residual(whole_flow, both));
          State kept = effective.zeros(samples);
          for (const LayerHandle layer : kept_layers) effective.block(kept, layer) = whole.block(both, layer);
          BOOST_TEST(residual(flow, kept) < 1e-9);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
