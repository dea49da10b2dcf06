// SPDX-License-Identifier: MIT
#include "laws/broken_models.hpp"
#include "laws/throws.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/trajectory.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using namespace hamlet;

namespace {

State normal_state(Index rows, Index columns, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  return State::NullaryExpr(rows, columns, [&] { return normal(random); });
}

// One layer of one neuron, τ ẋ = −x, whose E is ½x².
Network decay() {
  Network network;
  network.add({.name = "leak", .shape = {1}, .lagrangian = Quadratic{}, .tau = 1});
  return network;
}

// Tanh layers, 5 and 4 neurons, joined by `synapse`.
Network two_layers(const Synapse& synapse, const Lagrangian& features = LogCosh{.beta = 1.3}) {
  Network network;
  const auto a = network.add({.name = "features", .shape = {5}, .lagrangian = features, .tau = 1});
  const auto b = network.add({.name = "memories", .shape = {4}, .lagrangian = LogCosh{.beta = 0.8}, .tau = 0.3});
  network.connect({a, b}, synapse);
  return network;
}

// L = ½‖x‖², but of x_0 < 0 its value knows nothing.
struct KnownOnHalfTheLine {
  double value(const Vector<double>& x) const { return x[0] < 0 ? std::nan("") : 0.5 * x.squaredNorm(); }
  void activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const { g = x; }
  void hessian_product(const Vector<double>&, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const {
    product = u;
  }
};

// L = ½x² with an activation that is off by a thousandth beyond 5.
struct WrongBeyondFive {
  template <class T>
  T operator()(const T& x) const {
    return 0.5 * x * x;
  }
  double activation(double x) const { return x > 5 ? x + 1e-3 * (x - 5) : x; }
  double curvature(double) const { return 1; }
};

Verdict watch(const Network& network, State state, const Integration& how) {
  Flow flow(network);
  EnergyMonitor monitor(flow);
  integrate(flow, state, how, monitor);
  return monitor.verdict();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(energy_monitor)

// E is a number in every sample but one; NaN is neither more nor less than what it was before.
BOOST_AUTO_TEST_CASE(an_energy_that_is_no_number_does_not_descend_whichever_sample_has_it) {
  Network network;
  network.add({.name = "half", .shape = {3}, .lagrangian = KnownOnHalfTheLine{}, .tau = 1});
  for (Index samples = 1; samples <= 9; ++samples) {
    for (Index bad = 0; bad < samples; ++bad) {
      State start = State::Ones(3, samples);
      BOOST_TEST(watch(network, start, {.end = 2}).descends);
      start(0, bad) = -1;
      const Verdict verdict = watch(network, start, {.begin = 1, .end = 2});
      BOOST_REQUIRE(verdict.first.has_value());
      BOOST_TEST((verdict.first->check == Check::finite));
      BOOST_TEST((verdict.first->cause == Cause::model));
      BOOST_TEST(verdict.first->sample == bad);
      BOOST_TEST(verdict.first->time == 1.0);
      BOOST_TEST(std::isnan(verdict.first->size));
      BOOST_TEST(laws::names(verdict.text(), {"Rises", "E is not a number"}), verdict.text());
    }
  }
}

// τẋ = (w − 1) x with w > 1 has E = ½(1 − w)‖x‖², without bound below: E leaves the range of numbers before x does.
BOOST_AUTO_TEST_CASE(an_energy_that_falls_out_of_range_is_not_taken_for_a_descent) {
  for (const double w : {2.0, 3.0, 5.0}) {
    Network network = decay();
    network.connect(network.layers(), Lateral{State::Constant(1, 1, w)});
    const Verdict verdict = watch(network, State{{0, 0.5, 0}}, {.stepper = RungeKutta4{0.5 / w}, .end = 1000});
    BOOST_REQUIRE(verdict.first.has_value());
    BOOST_TEST((verdict.first->check == Check::finite));
    BOOST_TEST(verdict.first->sample == 1);
    BOOST_TEST(!verdict.descends);
  }
}

BOOST_AUTO_TEST_CASE(a_monitor_that_was_in_no_run_does_not_say_that_anything_descends) {
  const Flow flow(decay());
  const EnergyMonitor monitor(flow);
  BOOST_TEST(monitor.verdict().text().starts_with("Nothing watched"));
  BOOST_TEST(!monitor.verdict());
}

// Euler with dt = 2.5 τ on τẋ = −x takes x to −1.5 x: E rises from ½x² to ½(1.5 x)² in every step of that sample alone.
BOOST_AUTO_TEST_CASE(a_step_too_large_is_found_at_its_time_in_its_sample_by_its_size) {
  const Verdict verdict = watch(decay(), State{{0, 0, 0.2, 0}}, {.stepper = Euler{2.5}, .begin = 10, .end = 20});
  BOOST_REQUIRE(verdict.first.has_value());
  BOOST_TEST(!verdict.descends);
  BOOST_TEST((verdict.first->check == Check::energy));
  BOOST_TEST((verdict.first->cause == Cause::integrator));
  BOOST_TEST(verdict.first->time == 12.5);
  BOOST_TEST(verdict.first->sample == 2);
  BOOST_TEST(verdict.first->size == 0.5 * 0.04 * (1.5 * 1.5 - 1), boost::test_tools::tolerance(1e-12));
  BOOST_TEST(verdict.violations == 4);
  BOOST_TEST(verdict.text().starts_with("Rises"));
}

BOOST_AUTO_TEST_CASE(a_sane_step_descends_and_the_balance_closes_to_its_order) {
  std::mt19937_64 random(4);
  const Network network = two_layers(Dense{normal_state(4, 5, random)});
  const State start = 2 * normal_state(9, 6, random);
  double previous = 0;
  for (const double step : {0.04, 0.02, 0.01}) {
    const Verdict verdict = watch(network, start, {.stepper = RungeKutta4{step}, .end = 4});
    BOOST_TEST(verdict.descends, verdict.text());
    BOOST_TEST(verdict.text().starts_with("Descends"));
    BOOST_TEST(verdict.start.size() == 6);
    BOOST_TEST((verdict.end.array() <= verdict.start.array()).all());
    if (previous > 0) BOOST_TEST(std::log2(previous / verdict.balance) > 3.5);
    previous = verdict.balance;
  }
  BOOST_TEST(previous < 1e-4);
}

BOOST_AUTO_TEST_CASE(weights_that_differ_in_the_two_directions_are_the_models_fault) {
  for (const double asymmetry : {1.0, 1e-2, 1e-3}) {
    std::mt19937_64 random(7);
    const State forward = normal_state(4, 5, random);
    const State backward = forward + asymmetry * normal_state(4, 5, random);
    const Verdict verdict = watch(two_layers(laws::TwoWayWeights{forward, backward}), normal_state(9, 3, random),
                                  {.stepper = RungeKutta4{0.01}, .begin = 5, .end = 7});
    BOOST_REQUIRE(verdict.first.has_value());
    BOOST_TEST((verdict.first->cause == Cause::model));
    BOOST_TEST(verdict.first->time == 5.0);
    BOOST_TEST(!verdict);
  }
}

// At rest a broken synapse cannot be told from a right one: only the sample that moves may be blamed, be it among those
// that are looked at first or not.
BOOST_AUTO_TEST_CASE(a_broken_model_is_found_in_the_sample_that_moves) {
  for (const Index samples : {4, 30}) {
    for (const Index moving : {Index{0}, Index{2}, samples / 2, samples - 1}) {
      BOOST_TEST_CONTEXT(moving << " of " << samples) {
        std::mt19937_64 random(8);
        const State forward = normal_state(4, 5, random);
        State start = State::Zero(9, samples);
        start.col(moving) = normal_state(9, 1, random);
        const Verdict verdict = watch(two_layers(laws::TwoWayWeights{forward, forward + normal_state(4, 5, random)}),
                                      start, {.stepper = RungeKutta4{0.01}, .end = 1});
        BOOST_REQUIRE(verdict.first.has_value());
        BOOST_TEST(verdict.first->sample == moving);
        BOOST_TEST((verdict.first->check == Check::gradient));
        BOOST_TEST(verdict.first->time <= 0.01);
      }
    }
  }
}

// A fault too small for a step to look wrong is found when its sample's turn comes.
BOOST_AUTO_TEST_CASE(every_sample_is_looked_at_in_turn) {
  for (Index moving = 0; moving < 40; ++moving) {
    BOOST_TEST_CONTEXT(moving) {
      std::mt19937_64 random(8);
      const State forward = normal_state(4, 5, random);
      State start = State::Zero(9, 40);
      start.col(moving) = normal_state(9, 1, random);
      const Verdict verdict =
          watch(two_layers(laws::TwoWayWeights{forward, forward + 1e-3 * normal_state(4, 5, random)}), start,
                {.stepper = RungeKutta4{0.003}, .end = 0.9});
      BOOST_REQUIRE(verdict.first.has_value());
      BOOST_TEST(verdict.first->sample == moving);
      BOOST_TEST((verdict.first->check == Check::gradient));
    }
  }
}

// Neurons of their own, of which some fall so fast that their steps always look wrong.
BOOST_AUTO_TEST_CASE(samples_that_look_wrong_do_not_take_the_turn_of_others) {
  for (const Index suspects : {0, 1, 8, 13}) {
    for (const Index faulty : {13, 14, 15}) {
      BOOST_TEST_CONTEXT(suspects << " suspects, " << faulty) {
        Network network;
        network.add({.name = "slow", .shape = {1}, .lagrangian = WrongBeyondFive{}, .tau = 100});
        network.add({.name = "fast", .shape = {1}, .lagrangian = Quadratic{}, .tau = 0.05});
        State start = State::Zero(2, 16);
        start.row(0).setLinSpaced(1, 2);
        start(0, faulty) = 300;
        start.row(1).head(suspects).setConstant(1e9);
        Flow flow(network);
        EnergyMonitor monitor(flow);
        integrate(flow, start, {.stepper = RungeKutta4{0.05}, .end = 20}, monitor);
        const Verdict verdict = monitor.verdict();
        BOOST_REQUIRE(verdict.first.has_value());
        BOOST_TEST(verdict.first->sample == faulty);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(one_monitor_watches_runs_of_other_samples_and_a_flow_held_in_part) {
  std::mt19937_64 random(4);
  const Network network = two_layers(Dense{normal_state(4, 5, random)});
  Flow flow(network);
  flow.clamp(network.find("features"), {1, 3});
  EnergyMonitor monitor(flow);
  for (const Index samples : {3, 20, 1, 9}) {
    State state = normal_state(9, samples, random);
    flow.input(network.find("memories")) = normal_state(4, samples, random);
    integrate(flow, state, {.stepper = RungeKutta4{0.01}, .end = 2}, monitor);
    BOOST_TEST(monitor.verdict().descends, monitor.verdict());
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_activation_is_the_models_fault) {
  std::mt19937_64 random(9);
  const Verdict verdict = watch(two_layers(Dense{normal_state(4, 5, random)}, laws::WrongActivation{}),
                                normal_state(9, 2, random), {.stepper = RungeKutta4{0.01}, .end = 2});
  BOOST_REQUIRE(verdict.first.has_value());
  BOOST_TEST((verdict.first->cause == Cause::model));
  BOOST_TEST(verdict.first->time == 0.0);
}

// L = x³/3 is concave for x < 0: there Ė = −2x ẋ² > 0, with the flow being −∂E/∂g all the same.
BOOST_AUTO_TEST_CASE(a_lagrangian_that_is_not_convex_is_the_models_fault) {
  Network network;
  network.add({.name = "cubic", .shape = {1}, .lagrangian = Power{.n = 3}, .tau = 1});
  const Verdict verdict = watch(network, State{{0.7, -0.5}}, {.stepper = RungeKutta4{0.01}, .end = 1});
  BOOST_REQUIRE(verdict.first.has_value());
  BOOST_TEST((verdict.first->cause == Cause::model));
  BOOST_TEST(verdict.first->sample == 1);
  BOOST_TEST(verdict.first->time == 0.01, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(the_balance_is_there_while_a_run_goes_on) {
  std::mt19937_64 random(4);
  Flow flow(two_layers(Dense{normal_state(4, 5, random)}));
  EnergyMonitor monitor(flow);
  State state = normal_state(9, 2, random);
  const auto look = [&](const Evaluation& now) { BOOST_TEST((now.step == 0 || monitor.verdict().balance > 0)); };
  integrate(flow, state, {.stepper = RungeKutta4{0.1}, .end = 1}, monitor, look);
}

BOOST_AUTO_TEST_CASE(the_policy_is_followed) {
  Flow flow(decay());
  State state{{0.2}};
  EnergyMonitor stops(flow, Policy::stop);
  const Outcome outcome = integrate(flow, state, {.stepper = Euler{2.5}, .end = 50}, stops);
  BOOST_TEST((outcome.status == Status::stopped));
  BOOST_TEST(outcome.time == 2.5);

  state = State{{0.2}};
  EnergyMonitor raises(flow, Policy::raise);
  BOOST_CHECK_EXCEPTION(
      integrate(flow, state, {.stepper = Euler{2.5}, .end = 50}, raises), DescentError, [](const DescentError& error) {
        const std::string text = error.what();
        return text.find("t = 2.5") != std::string::npos && text.find("sample 0") != std::string::npos &&
               text.find("integrator") != std::string::npos;
      });
  BOOST_TEST(!raises.verdict().descends);
}

// Settled to rounding, E only flickers: what a fixed absolute bound would call a rise, whatever the scale of E.
BOOST_AUTO_TEST_CASE(rounding_is_not_a_rise) {
  for (const double scale : {1e-6, 1.0, 1e6}) {
    std::mt19937_64 random(21);
    Network network;
    const auto a = network.add({.name = "features", .shape = {40}, .lagrangian = Quadratic{}, .tau = 1});
    const auto b = network.add(
        {.name = "memories", .shape = {30}, .lagrangian = LogSumExp{.beta = 1 / (scale * scale)}, .tau = 0.5});
    network.connect({a, b}, Dense{scale * normal_state(30, 40, random)});
    State start = scale * normal_state(70, 3, random);
    start.bottomRows(30) *= scale;
    const Verdict verdict = watch(network, start, {.stepper = RungeKutta4{0.05}, .end = 200});
    BOOST_TEST(verdict.descends, verdict.text());
  }
}

BOOST_AUTO_TEST_CASE(a_second_run_starts_anew) {
  Flow flow(decay());
  EnergyMonitor monitor(flow);
  State state{{0.2}};
  integrate(flow, state, {.stepper = Euler{2.5}, .end = 5}, monitor);
  BOOST_TEST(!monitor.verdict().descends);
  integrate(flow, state, {.stepper = Euler{0.5}, .end = 5}, monitor);
  BOOST_TEST(monitor.verdict().descends);
  BOOST_TEST(monitor.verdict().steps == 10);
}

// Model A, both layers integrated. When v_i crosses zero, sign v_i jumps by 2 and E drops by 2 τ_f |v̇_i|.
BOOST_AUTO_TEST_CASE(a_jump_of_the_activation_is_booked_and_its_drop_is_two_tau_speed) {
  Network network;
  const double tau = 0.7;
  const auto v = network.add({.name = "features", .shape = {2}, .lagrangian = Absolute{}, .tau = tau});
  const auto h = network.add({.name = "memories", .shape = {2}, .lagrangian = LogCosh{}, .tau = 0.4});
  network.connect({v, h}, Dense{State{{1.0, 0.5}, {0.3, -0.8}}});
  State start(4, 1);
  start << -0.2, 0.9, 1.5, 0.3;

  Flow flow(network);
  EnergyMonitor monitor(flow);
  Trajectory path;
  State state = start;
  integrate(flow, state, {.stepper = RungeKutta4{1e-4}, .end = 1}, monitor, path);
  BOOST_TEST(monitor.verdict().descends, monitor.verdict().text());
  BOOST_REQUIRE(monitor.jumps().size() == 1);
  const Jump& jump = monitor.jumps().front();
  BOOST_TEST(jump.layer == "features");
  BOOST_TEST(jump.neuron == 0);
  BOOST_TEST(jump.sample == 0);

  // Independently: the step in which v_0 changes sign, and E on its two sides at the same h.
  std::size_t after = 1;
  while (path.states()[after](0, 0) < 0) ++after;
  BOOST_TEST(jump.time > path.times()[after - 1]);
  BOOST_TEST(jump.time <= path.times()[after]);
  State left = path.states()[after], right = left, derivative;
  left(0, 0) = -1e-300;
  right(0, 0) = 1e-300;
  flow(path.states()[after], derivative, 0);
  const double drop = flow.energy(left)[0] - flow.energy(right)[0];
  BOOST_TEST(drop == 2 * tau * std::abs(derivative(0, 0)), boost::test_tools::tolerance(1e-2));
  BOOST_TEST(jump.drop == drop, boost::test_tools::tolerance(1e-2));
  // With the drop booked the balance closes; it is most of what E lost around the crossing.
  BOOST_TEST(monitor.verdict().balance < 1e-3);
}

// A monitor of a resumed run begins where the run does.
BOOST_AUTO_TEST_CASE(a_resumed_run_is_judged_from_its_checkpoint) {
  std::mt19937_64 random(1);
  const Network network = two_layers(Dense{normal_state(4, 5, random)});
  Flow flow(network);
  std::vector<Checkpoint> made;
  const Integration how{.end = 3,
                        .checkpoints = {.every = 4, .save = [&](const Checkpoint& point) { made.push_back(point); }}};
  State state = normal_state(9, 2, random);
  EnergyMonitor monitor(flow);
  const Outcome outcome = integrate(flow, state, how, monitor);
  BOOST_TEST(monitor.verdict().descends);
  BOOST_TEST(monitor.verdict().steps == outcome.statistics.steps);
  const Energies end = monitor.verdict().end;
  const Checkpoint fourth = made.front();
  resume(fourth, flow, state, how, monitor);
  BOOST_TEST(monitor.verdict().descends);
  BOOST_TEST(monitor.verdict().steps == outcome.statistics.steps - 4);
  BOOST_TEST((monitor.verdict().start == flow.energy(fourth.state)));
  BOOST_TEST((monitor.verdict().end == end));
  BOOST_TEST(monitor.verdict().balance < 1e-3);
}

BOOST_AUTO_TEST_SUITE_END()
