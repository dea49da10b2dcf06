// SPDX-License-Identifier: MIT
// What does not descend is found, at its time, in its sample, and the right one of model and integrator is blamed.
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/trajectory.hpp>
#include <hamlet/monitor/energy_monitor.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <optional>

#include "laws/broken_models.hpp"
#include "laws/flow_instances.hpp"
#include "laws/stepper_instances.hpp"

using namespace hamlet;

namespace {

constexpr Index N = 7, K = 5;

Verdict watch(Flow flow, State state, const Integration& how) {
  EnergyMonitor monitor{flow};
  integrate(flow, state, how, monitor);
  return monitor.verdict();
}

/// The end of the first step in which E of a sample rises beyond rounding, seen without the monitor.
std::optional<double> first_rise(Flow flow, State state, const Integration& how, Index sample) {
  Trajectory path;
  integrate(flow, state, how, path);
  for (std::size_t at = 1; at < path.size(); ++at) {
    const double rise = flow.energy(path.states()[at])[sample] - flow.energy(path.states()[at - 1])[sample];
    const double bound = flow.rounding(path.states()[at])[sample] + flow.rounding(path.states()[at - 1])[sample];
    if (rise > bound) return path.times()[at];
  }
  return {};
}

/// Layers for which 0 is a fixed point, at which a sample stays exactly.
std::vector<Lagrangian> silent_at_zero() {
  return {LogCosh{.beta = 1.3}, RectifiedPower{.n = 2}, Power{.n = 4}, Norm{.gamma = 1.5}, Quadratic{}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(detection)

// The other samples rest, at a fixed point that was integrated to. dt > 2 τ_h: h swings ever wider about it.
BOOST_AUTO_TEST_CASE(an_euler_step_too_large_is_the_integrators_fault) {
  const std::vector<Lagrangian> bounded{LogCosh{.beta = 1.3}, Softplus{}, LogSumExp{.beta = 2}, Norm{.gamma = 1.5},
                                        LayerNorm{.gamma = 0.8}};
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Lagrangian& visible : bounded) {
      for (const Lagrangian& hidden : {Lagrangian(LogCosh{}), Lagrangian(RectifiedPower{.n = 2}),
                                       Lagrangian(Quadratic{}), Lagrangian(Power{.n = 4})}) {
        BOOST_TEST_CONTEXT("seed " << seed << ", " << visible.name() << ", " << hidden.name()) {
          Flow flow{laws::two_layers(visible, hidden, random)};
          State state = laws::normal(N + K, 4, random);
          const State moving = laws::normal(N + K, 1, random);
          integrate(flow, state, {.end = 500, .settled = 1e-12});
          const auto sample = static_cast<Index>(seed);
          state.col(sample) = moving;
          const Integration how{.stepper = Euler{0.3 * 2.8}, .begin = 5, .end = 5 + 6 * 0.3 * 2.8};
          const std::optional<double> time = first_rise(flow, state, how, sample);
          BOOST_TEST_REQUIRE(time.has_value());
          const Verdict verdict = watch(flow, state, how);
          BOOST_TEST_REQUIRE(verdict.first.has_value());
          BOOST_TEST((verdict.first->check == Check::energy));
          BOOST_TEST((verdict.first->cause == Cause::integrator), verdict);
          BOOST_TEST(verdict.first->sample == sample);
          BOOST_TEST(verdict.first->time == *time);
          // A sane step from the same state is not blamed.
          BOOST_TEST(watch(flow, state, {.stepper = Euler{0.01}, .end = 1}).descends);
        }
      }
    }
  }
}

// The other samples are at 0, where a broken network rests too: anywhere else it is broken, at its fixed points as
// well.
BOOST_AUTO_TEST_CASE(weights_that_differ_in_the_two_directions_are_the_models_fault_whatever_the_stepper) {
  for (const unsigned seed : {1u, 2u}) {
    laws::Random random(seed);
    for (const Lagrangian& visible : silent_at_zero()) {
      for (const Lagrangian& hidden : {Lagrangian(LogCosh{}), Lagrangian(Norm{})}) {
        for (const double asymmetry : {1.0, 0.1, 0.01, 0.001}) {
          const Network sound = laws::two_layers(visible, hidden, random);
          const LayerHandle v = sound.find("v"), h = sound.find("h");
          const State forward = laws::normal(K, N, random, 0.5);
          Network broken = sound.without(sound.synapses().front());
          broken.connect({v, h}, laws::TwoWayWeights{forward, forward + asymmetry * laws::normal(K, N, random, 0.5)});
          const auto sample = static_cast<Index>(seed);
          State state = State::Zero(N + K, 4);
          state.col(sample) = laws::normal(N + K, 1, random);
          for (const auto& [name, stepper] : laws::stepper_instances(0.02, 1e-6, 1e-9)) {
            BOOST_TEST_CONTEXT(name << ", seed " << seed << ", " << visible.name() << ", " << hidden.name() << ", "
                                    << asymmetry) {
              const Verdict verdict = watch(Flow{broken}, state, {.stepper = stepper, .begin = 5, .end = 5.2});
              BOOST_TEST_REQUIRE(verdict.first.has_value());
              BOOST_TEST((verdict.first->cause == Cause::model));
              BOOST_TEST((verdict.first->check == Check::gradient));
              BOOST_TEST(verdict.first->sample == sample);
              BOOST_TEST(verdict.first->time == 5.0);
            }
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_activation_is_the_models_fault_whatever_the_stepper) {
  for (const unsigned seed : {1u, 2u}) {
    laws::Random random(seed);
    for (const Lagrangian& hidden : silent_at_zero()) {
      const Network sound = laws::two_layers(LogCosh{}, hidden, random);
      const Network broken = sound.with(sound.find("v"), laws::WrongActivation{});
      const auto sample = static_cast<Index>(seed);
      State state = State::Zero(N + K, 4);
      state.col(sample) = laws::normal(N + K, 1, random);
      for (const auto& [name, stepper] : laws::stepper_instances(0.02, 1e-6, 1e-9)) {
        BOOST_TEST_CONTEXT(name << ", seed " << seed << ", " << hidden.name()) {
          const Integration how{.stepper = stepper, .begin = 5, .end = 5.2};
          BOOST_TEST(watch(Flow{sound}, state, how).descends);
          const Verdict verdict = watch(Flow{broken}, state, how);
          BOOST_TEST_REQUIRE(verdict.first.has_value());
          BOOST_TEST((verdict.first->cause == Cause::model));
          BOOST_TEST(verdict.first->sample == sample);
          BOOST_TEST(verdict.first->time == 5.0);
        }
      }
    }
  }
}

// L = x³/3 is concave for x < 0: on τẋ = I − x with I = −1, from x = 1, E falls until x = 2e^{−t} − 1 is 0 at t = log 2
// and rises from then on. In the other samples I = 1, and x stays positive.
BOOST_AUTO_TEST_CASE(a_lagrangian_that_stops_being_convex_is_found_when_it_does) {
  Network net;
  const LayerHandle layer = net.add({.name = "cubic", .shape = {1}, .lagrangian = Power{.n = 3}});
  for (const Index sample : {0, 1, 2}) {
    Flow flow{net};
    State input = State::Ones(1, 3);
    input(0, sample) = -1;
    flow.input(layer) = input;
    const State start{{0.7, 0.7, 0.7}};
    for (const double step : {0.05, 0.013, 0.002}) {
      for (const auto& [name, stepper] : laws::stepper_instances(step, 1e-8, 1e-11)) {
        BOOST_TEST_CONTEXT(name << ", sample " << sample << ", step " << step) {
          State at_one = start;
          at_one(0, sample) = 1;
          const Verdict verdict =
              watch(flow, at_one, {.stepper = stepper, .begin = 3, .end = 4.5, .largest_step = step});
          BOOST_TEST_REQUIRE(verdict.first.has_value());
          BOOST_TEST((verdict.first->cause == Cause::model), verdict);
          BOOST_TEST(verdict.first->sample == sample);
          // The first step to end after log 2; Euler's own crossing comes earlier, by O(dt).
          BOOST_TEST(verdict.first->time >= 3 + std::log(2) - (name == "Euler" ? step : 1e-6));
          BOOST_TEST(verdict.first->time <= 3 + std::log(2) + step + 1e-6);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
