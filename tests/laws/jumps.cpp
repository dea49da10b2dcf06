// SPDX-License-Identifier: MIT
// Model A: when v_i crosses 0, sign v_i jumps by 2. With both layers E drops by 2 τ_f |v̇_i|; with the memory neurons
// integrated out v̇_i jumps too, from v̇⁻ to v̇⁺, and E, concave in sign v_i, drops by 2 τ_f |v̇⁻| to 2 τ_f |v̇⁺|.
#include <hamlet/dynamics/guarded.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/piecewise_smooth.hpp>
#include <hamlet/dynamics/trajectory.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <models/model_a.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

#include "laws/flow_instances.hpp"
#include "laws/model_a_solution.hpp"

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
  long seen = 0, sharper = 0;
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Lagrangian& F : laws::mixed_lagrangians()) {
      const models::ModelA model{.F = F, .tau_f = tau_f};
      const Network microscopic = models::two_layer(laws::normal(K, N, random, 0.5), model.microscopic(0.3));
      const State start = laws::normal(N + K, samples, random);
      for (const bool effective : {false, true}) {
        BOOST_TEST_CONTEXT("seed " << seed << ", " << F.name() << (effective ? ", effective" : "")) {
          Flow flow{effective ? eliminate(microscopic, microscopic.find("memories")) : microscopic};
          State state = start.topRows(flow.network().size());
          EnergyMonitor monitor{flow};
          Trajectory path;
          integrate(flow, state, {.stepper = RungeKutta4{dt}, .end = 1}, monitor, path);
          BOOST_TEST(monitor.verdict().descends, monitor.verdict());

          std::size_t at = 0;
          for (const Jump& jump : monitor.jumps()) {
            while (path.times()[at + 1] < jump.time) ++at;
            const Crossing there = crossing(flow, path.states()[at], path.times()[at], jump.neuron, jump.sample);
            BOOST_TEST(std::abs(jump.time - there.time) < 1e-2 * dt);
            const double side = path.states()[at](jump.neuron, jump.sample) > 0 ? 1e-300 : -1e-300;
            State before = there.state, after = there.state, derivative;
            before(jump.neuron, jump.sample) = side;
            after(jump.neuron, jump.sample) = -side;
            flow(before, derivative, 0);
            const double slow = 2 * tau_f * std::abs(derivative(jump.neuron, jump.sample));
            flow(after, derivative, 0);
            const double fast = 2 * tau_f * std::abs(derivative(jump.neuron, jump.sample));
            const double drop = (flow.energy(before) - flow.energy(after))[jump.sample];
            const double rounding = 1e-10 * (1 + drop);
            BOOST_TEST(drop >= slow - rounding);
            BOOST_TEST(drop <= fast + rounding);
            sharper += fast > slow + 1e-3;
            // With both layers ḣ jumps there, so that between two steps h is known to O(dt).
            BOOST_TEST(std::abs(jump.drop - drop) < (effective ? rounding : 10 * dt * (1 + drop)));
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
  }
  BOOST_TEST_MESSAGE(seen << " jumps");
  BOOST_TEST(seen > 100);
  BOOST_TEST(sharper > 20);  // there it matters which of the two speeds is booked
}

// Neurons that begin at 0, and several that cross in one step, each with its own drop: together what E loses.
BOOST_AUTO_TEST_CASE(jumps_of_one_step_are_told_apart) {
  std::size_t seen = 0;
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    laws::Random random(seed);
    const State xi = laws::normal(K, N, random);
    Flow flow{models::model_a(xi, {.F = RectifiedPower{.n = 3}, .tau_f = tau_f})};
    State state = laws::normal(N, samples, random);
    state.topRows(3).setZero();
    EnergyMonitor monitor{flow};
    Trajectory path;
    // So long a step that v becomes its current.
    integrate(flow, state, {.stepper = Euler{0.99 * tau_f}, .end = 0.99 * tau_f}, monitor, path);
    const Energies lost = flow.energy(path.states().front()) - flow.energy(state);
    State departed = path.states().front();
    departed.topRows(3) = state.topRows(3);
    Energies booked = flow.energy(path.states().front()) - flow.energy(departed);
    double last = 0;
    for (const Jump& jump : monitor.jumps()) {
      BOOST_TEST(jump.time >= last);
      BOOST_TEST(jump.neuron >= 3);
      last = jump.time;
      departed(jump.neuron, jump.sample) *= -1;
      const double energy = flow.energy(departed)[jump.sample];
      departed(jump.neuron, jump.sample) *= -1;
      BOOST_TEST(std::abs(flow.energy(departed)[jump.sample] - energy - jump.drop) < 1e-10);
      departed(jump.neuron, jump.sample) *= -1;
      booked[jump.sample] += jump.drop;
    }
    seen += monitor.jumps().size();
    BOOST_TEST(((booked - lost).array().abs() < 1e-10).all());
  }
  BOOST_TEST(seen > 4 * samples);  // more than one in some steps of some samples
}

// Against the solution in closed form from jump to jump: the order of the method, which without care for jumps is one,
// or two where only ḣ jumps.
BOOST_AUTO_TEST_CASE(between_jumps_the_order_is_kept) {
  struct Method {
    const char* name;
    int order, steps;
    bool adaptive;
    Stepper (*at)(double step);
  };
  const Method methods[] = {
      {"Euler", 1, 400, false, [](double h) -> Stepper { return Euler{h}; }},
      {"RungeKutta4", 4, 30, false, [](double h) -> Stepper { return RungeKutta4{h}; }},
      {"AdamsBashforthMoulton", 4, 60, false, [](double h) -> Stepper { return AdamsBashforthMoulton{h}; }},
      {"CashKarp", 5, 40, true,
       [](double) -> Stepper {
         return CashKarp{1e6, 1e6};
       }},
      {"DormandPrince", 5, 20, true,
       [](double) -> Stepper {
         return DormandPrince{1e6, 1e6};
       }},
      {"Fehlberg78", 8, 6, true,
       [](double) -> Stepper {
         return Fehlberg78{1e6, 1e6};
       }},
  };
  constexpr double end = 2, tau_h = 0.3;
  for (const bool effective : {true, false}) {
    for (const Method& method : methods) {
      double slopes = 0, bare_slopes = 0;
      constexpr unsigned seeds = 4;
      for (unsigned seed = 1; seed <= seeds; ++seed) {
        laws::Random random(seed);
        const State xi = laws::normal(K, N, random, 0.5);
        const State start = laws::normal(effective ? N : N + K, samples, random);
        State exact(start.rows(), samples);
        long crossings = 0;
        for (Index sample = 0; sample < samples; ++sample) {
          laws::EffectiveModelA reduced{xi, [](double h) { return std::tanh(h); }, tau_f};
          laws::LinearTwoLayerModelA full{xi, tau_f, tau_h};
          exact.col(sample) = effective ? reduced.at_end(start.col(sample), end) : full.at_end(start.col(sample), end);
          crossings += reduced.crossings + full.crossings;
        }
        BOOST_TEST(crossings >= 2);
        const models::ModelA model{.F = effective ? Lagrangian(LogCosh{}) : Lagrangian(Quadratic{}), .tau_f = tau_f};
        const Network full = models::two_layer(xi, model.microscopic(tau_h));
        Flow flow{effective ? eliminate(full, full.find("memories")) : full};
        const auto error = [&](int steps, bool held) {
          State state = start;
          const Stepper stepper = method.at(end / steps);
          Integration how{.stepper = held ? Stepper(PiecewiseSmooth{stepper}) : stepper, .end = end};
          if (method.adaptive) how.first_step = how.smallest_step = how.largest_step = end / steps;
          BOOST_TEST(integrate(flow, state, how).status == Status::end_reached);
          return (state - exact).cwiseAbs().maxCoeff();
        };
        const int n = method.steps;
        slopes += std::log2(error(n, true) / error(4 * n, true)) / 2 / seeds;
        bare_slopes += std::log2(error(n, false) / error(4 * n, false)) / 2 / seeds;
      }
      const std::string text = std::string(method.name) + (effective ? ", effective: " : ", two layers: ") +
                               std::to_string(slopes) + ", without " + std::to_string(bare_slopes);
      BOOST_TEST_MESSAGE(text);
      BOOST_TEST(slopes > method.order - 0.5, text);
      BOOST_TEST(slopes < method.order + 1, text);
      BOOST_TEST(bare_slopes < 3, text);
    }
  }
}

// A guard around it refuses nothing of accurate steps, and takes back long ones, without a crossing being lost.
BOOST_AUTO_TEST_CASE(a_guard_leaves_jumps_where_they_are) {
  constexpr double end = 2;
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const State xi = laws::normal(K, N, random, 0.5);
    const State start = laws::normal(N, samples, random);
    State exact(N, samples);
    long crossings = 0;
    for (Index sample = 0; sample < samples; ++sample) {
      laws::EffectiveModelA reduced{xi, [](double h) { return std::tanh(h); }, tau_f};
      exact.col(sample) = reduced.at_end(start.col(sample), end);
      crossings += reduced.crossings;
    }
    const models::ModelA model{.F = Lagrangian(LogCosh{}), .tau_f = tau_f};
    const Network full = models::two_layer(xi, model.microscopic(0.3));
    Flow flow{eliminate(full, full.find("memories"))};
    for (const Stepper& stepper : std::vector<Stepper>{DormandPrince{1e-11, 1e-11}, RungeKutta4{2e-3}}) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << stepper.text()) {
        State state = start;
        EnergyMonitor monitor{flow};
        const Outcome outcome =
            integrate(flow, state, {.stepper = Guarded{PiecewiseSmooth{stepper}}, .end = end}, monitor);
        BOOST_TEST(outcome.status == Status::end_reached);
        BOOST_TEST((state - exact).cwiseAbs().maxCoeff() < 1e-8);
        BOOST_TEST(monitor.verdict().descends);
        BOOST_TEST(monitor.verdict().jumps == crossings);
      }
    }
    State state = start;
    EnergyMonitor monitor{flow};
    const Outcome outcome = integrate(
        flow, state, {.stepper = Guarded{PiecewiseSmooth{Euler{5 * tau_f}}}, .end = 20, .largest_step = 5 * tau_f},
        monitor);
    BOOST_TEST(outcome.status == Status::end_reached);
    BOOST_TEST(outcome.statistics.energy_rises > 0);
    BOOST_TEST(monitor.verdict().descends);
  }
}

// The drop at a crossing that ends its step is taken there, and few steps between two crossings, or a start on the
// jump, cost no order.
BOOST_AUTO_TEST_CASE(the_balance_closes_with_the_order_of_the_stepper_between_crossings) {
  struct Method {
    const char* name;
    double step, slope, worst;
    Stepper (*at)(double step);
  };
  const Method methods[] = {
      {"Euler", 0.005, 0.8, 1e-2, [](double h) -> Stepper { return Euler{h}; }},
      {"RungeKutta4", 0.01, 3.5, 1e-5, [](double h) -> Stepper { return RungeKutta4{h}; }},
      {"DormandPrince", 0.008, 4.4, 1e-6,
       [](double) -> Stepper {
         return DormandPrince{1e6, 1e6};
       }},
  };
  for (const Method& method : methods) {
    double slopes = 0;
    constexpr unsigned seeds = 6;
    for (unsigned seed = 1; seed <= seeds; ++seed) {
      laws::Random random(seed);
      const State xi = laws::normal(K, N, random, 0.5);
      State start = laws::normal(N + K, 16, random);  // whose crossings are some two steps apart
      start(0, 0) = start(2, 0) = start(1, 1) = 0;
      const Network full = models::two_layer(xi, models::ModelA{.F = LogCosh{}, .tau_f = tau_f}.microscopic(0.3));
      const auto error = [&](Flow flow, double step) {
        State state = start.topRows(flow.network().size());
        EnergyMonitor monitor{flow};
        Integration how{.stepper = PiecewiseSmooth{method.at(step)}, .end = 2};
        if (method.slope > 4) how.first_step = how.smallest_step = how.largest_step = step;
        BOOST_TEST(integrate(flow, state, how, monitor).status == Status::end_reached);
        BOOST_TEST(monitor.verdict().jumps > 0);
        return monitor.verdict().balance;
      };
      const double coarse = error(Flow{full}, method.step), fine = error(Flow{full}, method.step / 4);
      BOOST_TEST(coarse < method.worst, method.name << ", seed " << seed << ": " << coarse);
      slopes += std::log2(coarse / fine) / 2 / seeds;
      // With one layer E changes in jumps alone.
      BOOST_TEST(error(Flow{eliminate(full, full.find("memories"))}, method.step) < 1e-13);
    }
    BOOST_TEST_MESSAGE(method.name << ": " << slopes);
    BOOST_TEST(slopes > method.slope, method.name << ": " << slopes);
  }
}

// The same on long stretches between crossings, of every sample by itself.
BOOST_AUTO_TEST_CASE(the_balance_closes_where_steps_end_at_crossings) {
  for (const unsigned seed : {1u, 2u, 3u, 4u, 5u, 6u}) {
    laws::Random random(seed);
    const State xi = laws::normal(K, N, random, 0.5), start = laws::normal(N + K, 1, random);
    Flow flow{models::two_layer(xi, models::ModelA{.F = LogCosh{}, .tau_f = tau_f}.microscopic(0.3))};
    State state = start;
    EnergyMonitor monitor{flow};
    integrate(flow, state, {.stepper = PiecewiseSmooth{RungeKutta4{0.005}}, .end = 2}, monitor);
    BOOST_TEST(monitor.verdict().jumps > 0);
    BOOST_TEST(monitor.verdict().balance < 1e-6, "seed " << seed << ": " << monitor.verdict().balance);
  }
}

// A pattern that would hold a v_i against itself: E falls until v_i is 0, where it would stay.
BOOST_AUTO_TEST_CASE(a_neuron_that_holds_itself_at_its_jump_ends_the_run) {
  Network net;
  const LayerHandle v = net.add({.name = "v", .shape = {2}, .lagrangian = Absolute{}, .tau = tau_f});
  net.connect({v}, Lateral{-State::Identity(2, 2)});
  Flow flow{net};
  State state(2, 1);
  state << 2, -1;
  EnergyMonitor monitor{flow};
  const Outcome outcome = integrate(flow, state, {.stepper = PiecewiseSmooth{DormandPrince{}}, .end = 9}, monitor);
  // τ v̇ = −sign v − v: |v| = (1 + |v₀|) e^{−t/τ} − 1
  BOOST_TEST(outcome.status == Status::step_too_small);
  BOOST_TEST(std::abs(outcome.time - tau_f * std::log(2)) < 1e-6);
  BOOST_TEST(std::abs(state(1)) < 1e-13);
}

BOOST_AUTO_TEST_SUITE_END()
