// SPDX-License-Identifier: MIT
// Where every Lagrangian is convex the energy descends, and the monitor says so, whatever the stepper.
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/monitor/energy_monitor.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "lagrangian/catalogue_instances.hpp"
#include "laws/flow_instances.hpp"
#include "laws/sanitized.hpp"
#include "laws/stepper_instances.hpp"

using namespace hamlet;

namespace {

constexpr Index N = 6, K = 4, samples = 3;

std::vector<CatalogueInstance> convex_instances(Index neurons, laws::Random& random) {
  std::vector<CatalogueInstance> all = catalogue_instances(neurons, random);
  std::erase_if(all, [](const CatalogueInstance& instance) { return !instance.convex; });
  return all;
}

/// A pair of layers, "v" and "h", with τ = 1 and 0.3. Where neither activation is bounded the energy is not bounded
/// below, and a strong synapse would blow up: there it is weak enough for its currents not to exceed such states.
/// Where both activations jump, E is a step function of v and of h, and rises when a v_i and an h_μ that pull each
/// other back jump together: no step is short enough for certain, but a short one tells almost all jumps apart.
struct Pair {
  Pair(const CatalogueInstance& visible, const CatalogueInstance& hidden, laws::Random& random)
      : name(visible.name() + ", " + hidden.name()),
        step(visible.smooth || hidden.smooth ? 0.03 : 0.002),
        state(N + K, samples) {
    const LayerHandle v = net.add({.name = "v", .shape = {N}, .lagrangian = visible.lagrangian, .tau = 1.0});
    const LayerHandle h = net.add({.name = "h", .shape = {K}, .lagrangian = hidden.lagrangian, .tau = 0.3});
    state << random_state(N, samples, visible.scale, random), random_state(K, samples, hidden.scale, random);
    const bool bounded = visible.bounded || hidden.bounded;
    const double largest = bounded ? 1 : std::max(1.0, Flow{net}.activations(state).cwiseAbs().maxCoeff());
    net.connect({v, h}, Dense{laws::normal(K, N, random, 0.5 / largest)});
  }

  std::string name;
  double step;  // a tenth of the smallest τ, or less
  Network net;
  State state;
};

template <class Law>
void for_every_pair(const Law& law) {
  for (const unsigned seed : {1u, 2u}) {
    if (seed > 1 && laws::sanitized) continue;
    laws::Random random(seed);
    const std::vector<CatalogueInstance> of_v = convex_instances(N, random), of_h = convex_instances(K, random);
    for (const CatalogueInstance& visible : of_v) {
      for (const CatalogueInstance& hidden : of_h) {
        const Pair pair(visible, hidden, random);
        BOOST_TEST_CONTEXT("seed " << seed << ", " << pair.name) { law(pair, random); }
      }
    }
  }
}

/// Every stepper, in equal steps or to six digits, until `end` or until it rests.
void expect_descent(Flow& flow, const State& start, double step, double end) {
  for (const auto& [name, stepper] : laws::stepper_instances(step, 1e-6, 1e-9)) {
    EnergyMonitor descent{flow};
    State state = start;
    const Outcome outcome = integrate(flow, state, {.stepper = stepper, .end = end, .settled = 1e-10}, descent);
    const bool ended = outcome.status == Status::end_reached || outcome.status == Status::settled;
    BOOST_TEST(ended, name << ": " << outcome);
    BOOST_TEST(descent.verdict().descends, name << ": " << descent.verdict());
    const Energies bound = flow.rounding(start) + flow.rounding(state);
    BOOST_TEST((flow.energy(state).array() <= (flow.energy(start) + bound).array()).all(), name);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(descent)

BOOST_AUTO_TEST_CASE(two_layers_descend) {
  for_every_pair([](const Pair& pair, laws::Random&) {
    Flow flow{pair.net};
    expect_descent(flow, pair.state, pair.step, 0.6);
  });
}

BOOST_AUTO_TEST_CASE(effective_networks_with_inputs_descend) {
  for_every_pair([](const Pair& pair, laws::Random& random) {
    Flow flow{eliminate(pair.net, pair.net.find("h"), laws::normal(K, 1, random, 0.3))};
    flow.input(pair.net.find("v")) = laws::normal(N, samples, random, 0.3);
    expect_descent(flow, pair.state.topRows(N), pair.step, 0.6);
  });
}

BOOST_AUTO_TEST_CASE(networks_with_inputs_and_a_clamped_layer_descend) {
  for_every_pair([](const Pair& pair, laws::Random& random) {
    Flow flow{pair.net};
    flow.input(pair.net.find("v")) = laws::normal(N, samples, random, 0.3);
    flow.input(pair.net.find("h")) = laws::normal(K, 1, random, 0.3);
    flow.clamp(pair.net.find("h"));
    expect_descent(flow, pair.state, pair.step, 0.6);
  });
}

// Near rest E changes by less than its rounding, and Ė and the slopes are about to vanish.
BOOST_AUTO_TEST_CASE(two_layers_descend_until_they_rest) {
  laws::Random random(3);
  for (const CatalogueInstance& visible : convex_instances(N, random)) {
    for (const CatalogueInstance& hidden : convex_instances(K, random)) {
      if (!visible.bounded || !hidden.bounded || !visible.smooth || !hidden.smooth) continue;
      const Pair pair(visible, hidden, random);
      BOOST_TEST_CONTEXT(pair.name) {
        Flow flow{pair.net};
        expect_descent(flow, pair.state, 0.1, 25);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
