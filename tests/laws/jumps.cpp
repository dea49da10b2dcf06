// SPDX-License-Identifier: MIT
// Model A with both layers: when v_i crosses 0, sign v_i jumps by 2 and E drops by 2 τ_f |v̇_i|.
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/trajectory.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <models/model_a.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

#include "laws/flow_instances.hpp"

using namespace hamlet;

namespace {

constexpr Index N = 8, K = 5, samples = 3;
constexpr double tau_f = 0.7, dt = 5e-4;

/// When a neuron crosses 0, and the state then.
struct Crossing {
  double time;
  State state;
};

/// A fresh step of RungeKutta4 from `from`, halved until it ends where the neuron is 0.
Crossing crossing(Flow& flow, const State& from, double time, Index neuron, Index sample) {
  const double side = from(neuron, sample);
  double low = 0, high = dt;
  Crossing found{time, from};
  for (int halving = 0; halving < 50; ++halving) {
    const double middle = 0.5 * (low + high);
    found = {time + middle, from};
    integrate(flow, found.state, {.stepper = RungeKutta4{middle}, .end = middle});
    (found.state(neuron, sample) * side > 0 ? low : high) = middle;
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(jumps)

BOOST_AUTO_TEST_CASE(every_crossing_is_booked_with_the_drop_of_the_energy) {
  long seen = 0;
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Lagrangian& F : laws::mixed_lagrangians()) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << F.name()) {
        const models::ModelA model{.F = F, .tau_f = tau_f};
        Flow flow{models::two_layer(laws::normal(K, N, random, 0.5), model.microscopic(0.3))};
        const State start = laws::normal(N + K, samples, random);
        State state = start;
        EnergyMonitor monitor{flow};
        Trajectory path;
        integrate(flow, state, {.stepper = RungeKutta4{dt}, .end = 1}, monitor, path);
        BOOST_TEST(monitor.verdict().descends, monitor.verdict());

        std::size_t at = 0;
        for (const Jump& jump : monitor.jumps()) {
          while (path.times()[at + 1] < jump.time) ++at;
          const Crossing there = crossing(flow, path.states()[at], path.times()[at], jump.neuron, jump.sample);
          BOOST_TEST(std::abs(jump.time - there.time) < 1e-2 * dt);
          State derivative;
          flow(there.state, derivative, 0);
          const double velocity = derivative(jump.neuron, jump.sample);
          State before = there.state, after = there.state;
          before(jump.neuron, jump.sample) = -1e-300 * velocity;
          after(jump.neuron, jump.sample) = 1e-300 * velocity;
          const double drop = (flow.energy(before) - flow.energy(after))[jump.sample];
          BOOST_TEST(std::abs(drop - 2 * tau_f * std::abs(velocity)) < 1e-10 * (1 + drop));
          // The velocity has a kink where sign v jumps, so that between two steps it is known to O(dt).
          BOOST_TEST(std::abs(jump.drop - drop) < 10 * dt * (1 + drop));
          ++seen;
        }

        // None is missed, and none made up.
        long signs_changed = 0;
        for (std::size_t step = 1; step < path.size(); ++step) {
          const auto sides = path.states()[step].topRows(N).array() * path.states()[step - 1].topRows(N).array();
          signs_changed += (sides < 0).count();
        }
        BOOST_TEST(static_cast<long>(monitor.jumps().size()) == signs_changed);
        BOOST_TEST(monitor.verdict().jumps == signs_changed);
      }
    }
  }
  BOOST_TEST_MESSAGE(seen << " jumps");
  BOOST_TEST(seen > 50);
}

BOOST_AUTO_TEST_SUITE_END()
