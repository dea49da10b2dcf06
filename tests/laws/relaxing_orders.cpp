// SPDX-License-Identifier: MIT
// The orders of the steppers that know a flow's layers, and what they are at a step without end.
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/adaptive_steppers.hpp>
#include <hamlet/dynamics/alternating_flow.hpp>
#include <hamlet/dynamics/discrete_gradient.hpp>
#include <hamlet/dynamics/exponential_steppers.hpp>
#include <hamlet/dynamics/fixed_steppers.hpp>
#include <hamlet/dynamics/guarded.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/piecewise_smooth.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/attention.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/lateral.hpp>
#include <models/model_b.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "laws/random.hpp"
#include "laws/trial_networks.hpp"

using namespace hamlet;

namespace {

using At = std::function<Stepper(double step)>;

const At alternating = [](double h) { return AlternatingFlow{.step = h}; };
const At strang = [](double h) { return AlternatingFlow{.step = h, .order = 2}; };
const At discrete_gradient = [](double h) { return DiscreteGradient{h}; };
const At exponential_euler = [](double h) { return ExponentialEuler{h}; };
const At exponential_runge_kutta = [](double h) { return ExponentialRungeKutta2{h}; };
const At guarded = [](double h) { return Guarded{RungeKutta4{h}}; };

/// A chain of smooth layers, not stiff, driven by inputs; of three layers, a triangle when closed.
Network chain(std::size_t layers, bool closed, laws::Random& random) {
  const std::vector<Lagrangian> smooth{LogCosh{.beta = 1.2}, Softplus{.beta = 1.5}, LogSumExp{.beta = 2}, Quadratic{}};
  Network net;
  std::vector<LayerHandle> handles;
  for (std::size_t at = 0; at < layers; ++at)
    handles.push_back(net.add({.name = std::to_string(at),
                               .shape = {4},
                               .lagrangian = smooth[(at + random() % 2) % 3],
                               .tau = 0.6 + 0.3 * static_cast<double>(at)}));
  for (std::size_t at = 0; at + 1 < layers; ++at)
    net.connect({handles[at], handles[at + 1]}, Dense{laws::normal(4, 4, random, 0.6)});
  if (closed) net.connect({handles.front(), handles.back()}, Dense{laws::normal(4, 4, random, 0.6)});
  return net;
}

Flow driven(const Network& net, laws::Random& random) {
  Flow flow{net};
  for (const LayerHandle layer : net.layers())
    flow.input(layer) = laws::normal(net.layer(layer).shape.size(), 1, random, 0.5);
  return flow;
}

constexpr double end = 2;

/// The slope of log error over log step against DormandPrince at 1e-12; of dense output too when asked for.
double order_of(const At& stepper, Flow& flow, const State& start, bool dense) {
  State exact = start;
  State middle;
  const auto look = [&](const Evaluation& now) {
    if (now.step > 0 && now.previous_time < end / 3 && now.time >= end / 3) now.interpolate(end / 3, middle);
  };
  // Two runs, so that the middle one is no interpolation.
  integrate(flow, exact, {.stepper = Fehlberg78{1e-13, 1e-13}, .end = dense ? end / 3 : end});
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (const int steps : {40, 56, 80, 113, 160}) {
    State x = start;
    const Outcome outcome = integrate(flow, x, {.stepper = stepper(end / steps), .end = end}, look);
    BOOST_TEST(outcome.status == Status::end_reached);
    const double error = ((dense ? middle : x) - exact).lpNorm<Eigen::Infinity>();
    const double u = std::log(end / steps), v = std::log(error);
    n += 1, sx += u, sy += v, sxx += u * u, sxy += u * v;
  }
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

void expect_order(const char* name, const At& stepper, double order, Flow flow, laws::Random& random) {
  const State start = laws::normal(flow.network().size(), 2, random);
  const double slope = order_of(stepper, flow, start, false);
  BOOST_TEST(std::abs(slope - order) < 0.25, name << ": slope " << slope << "\n" << flow.network());
  // Between steps that of the stepper or, by cubics, 4.
  const double between = order_of(stepper, flow, start, true);
  BOOST_TEST(std::abs(between - order) < 0.35, name << ": dense output of slope " << between << "\n" << flow.network());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(relaxing)

BOOST_AUTO_TEST_CASE(steppers_show_their_orders) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    std::vector<Flow> apart;  // layers meet other layers alone
    for (const std::size_t layers : {2u, 3u, 4u}) apart.push_back(driven(chain(layers, false, random), random));
    apart.push_back(driven(chain(3, true, random), random));  // of three sets
    Network lateral = chain(3, false, random);
    const State half = laws::normal(4, 4, random, 0.5);
    lateral.connect({lateral.layers()[1]}, Lateral{half * half.transpose()});
    const Network whole = chain(2, false, random);
    std::vector<Flow> meeting;
    meeting.push_back(driven(lateral, random));
    meeting.push_back(driven(eliminate(whole, whole.layers()[1]), random));
    Network any = chain(2, false, random);
    any.connect({any.layers()[0]}, Lateral{laws::symmetric(4, random, 0.7)});
    any.connect(
        {any.layers()[1]},
        Attention{{.queries = laws::normal(2, 4, random), .keys = laws::normal(2, 4, random), .attends_self = true}});
    BOOST_TEST_CONTEXT("seed " << seed) {
      for (const Flow& flow : apart) {
        expect_order("AlternatingFlow", alternating, 1, flow, random);
        expect_order("AlternatingFlow of order 2", strang, 2, flow, random);
      }
      for (const Flow& flow : meeting) {
        expect_order("AlternatingFlow", alternating, 1, flow, random);
        expect_order("AlternatingFlow of order 2", strang, 1, flow, random);
      }
      std::vector<Flow> all = apart;
      all.insert(all.end(), meeting.begin(), meeting.end());
      all.push_back(driven(any, random));
      for (const Flow& flow : all) {
        expect_order("DiscreteGradient", discrete_gradient, 2, flow, random);
        expect_order("ExponentialEuler", exponential_euler, 1, flow, random);
        expect_order("ExponentialRungeKutta2", exponential_runge_kutta, 2, flow, random);
        expect_order("Guarded RungeKutta4", guarded, 4, flow, random);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_step_without_end_is_the_fixed_point_iteration_and_keeps_the_cue) {
  laws::Random random(4);
  const State xi = laws::normal(6, 9, random);
  Network net;
  const LayerHandle v = net.add({.name = "v", .shape = {9}, .lagrangian = LogCosh{.beta = 2}});
  const LayerHandle h = net.add({.name = "h", .shape = {6}, .lagrangian = LogSumExp{.beta = 1.5}, .tau = 0.01});
  net.connect({v, h}, Dense{xi});
  const State cue = laws::normal(9, 4, random);
  for (const int order : {1, 2}) {
    State state = net.zeros(4), expected = cue;
    net.block(state, v) = cue;
    Flow flow{net};
    for (int cycle = 0; cycle < 5; ++cycle) {
      // h ← ξ g, v ← ξᵀ f: the hidden layer learns of the cue before the cue is touched.
      const State hidden = xi * (2 * expected).array().tanh().matrix();
      expected = xi.transpose() * Lagrangian(LogSumExp{.beta = 1.5}).activation(hidden);
      integrate(flow, state, {.stepper = AlternatingFlow{.step = 1e6, .order = order}, .end = 1e6});
      BOOST_TEST(laws::distance(net.block(state, v), expected) < 1e-14);
    }
  }
  // Told to move the hidden layer last, it forgets the cue at once: ξᵀ f(0) is the mean of all memories.
  State state = net.zeros(4);
  net.block(state, v) = cue;
  Flow flow{net};
  integrate(flow, state, {.stepper = AlternatingFlow{.step = 1e6, .cue = net.rows(h)}, .end = 1e6});
  const State mean = xi.colwise().mean().transpose().replicate(1, 4);
  BOOST_TEST(laws::distance(net.block(state, v), mean) < 1e-14);
}

BOOST_AUTO_TEST_CASE(model_b_by_a_step_without_end_is_the_attention_update) {
  laws::Random random(5);
  const State xi = laws::normal(7, 10, random);
  Flow flow{models::model_b(xi, {.beta = 1.3})};
  State state = laws::normal(10, 3, random);
  // v ← ξᵀ softmax(β ξ v)
  const State scores = (1.3 * xi * state).array().exp();
  const State weights = scores.array().rowwise() / scores.colwise().sum().array();
  const State expected = xi.transpose() * weights;
  integrate(flow, state, {.stepper = AlternatingFlow{.step = 1e6}, .end = 1e6});
  BOOST_TEST(laws::distance(state, expected) < 1e-13);
}

BOOST_AUTO_TEST_CASE(a_cycle_costs_one_right_hand_side) {
  laws::Random random(6);
  const auto calls = [&](Flow flow, int order) {
    State state = laws::normal(flow.network().size(), 2, random);
    return integrate(flow, state, {.stepper = AlternatingFlow{.step = 0.1, .order = order}, .end = 1})
        .statistics.right_hand_sides;
  };
  const Network pair = chain(2, false, random), four = chain(4, false, random), triangle = chain(3, true, random);
  BOOST_TEST(calls(Flow{pair}, 1) == 1 + 10);
  BOOST_TEST(calls(Flow{four}, 1) == 1 + 10);
  BOOST_TEST(calls(Flow{eliminate(pair, pair.layers()[1])}, 1) == 1 + 10);
  BOOST_TEST(calls(Flow{pair}, 2) == 1 + 15);
  BOOST_TEST(calls(Flow{triangle}, 1) <= 1 + 14);
}

// Currents are computed again only where they changed, and energies only where somebody looks: nobody must notice.
BOOST_AUTO_TEST_CASE(observers_are_told_what_the_flow_says) {
  laws::Random random(9);
  for (int network = 0; network < 60; ++network) {
    laws::Trial trial = laws::random_trial(laws::SelfMeeting::concave, 3, random);
    Flow fresh = trial.flow;
    for (const int order : {1, 2}) {
      State state = trial.state;
      const auto compare = [&](const Evaluation& now) {
        const double scale = 1e-12 * (1 + fresh.activations(now.state).lpNorm<Eigen::Infinity>());
        State derivative;
        fresh(now.state, derivative, 0);
        BOOST_TEST(fresh.residual(now.derivative - derivative) <= scale, fresh.network());
        const Energies difference = *now.energies - fresh.energy(now.state);
        BOOST_TEST((difference.array().abs() <= 2 * fresh.rounding(now.state).array()).all(), fresh.network());
      };
      integrate(trial.flow, state,
                {.stepper = AlternatingFlow{.step = 0.7 * trial.tau, .order = order}, .end = 4 * trial.tau}, compare);
    }
  }
}

// From x⁺ = u + θ (x − u) follows the u of a step, which is −D̄S: its fall along Δg is that of S, whatever S.
BOOST_AUTO_TEST_CASE(a_discrete_gradient_has_the_chain_rule) {
  laws::Random random(10);
  for (int network = 0; network < 20; ++network) {
    Network net;
    const LayerHandle tokens =
        net.add({.name = "tokens", .shape = {3, 4}, .lagrangian = LogCosh{.beta = 1}, .tau = 0.7});
    const LayerHandle other = net.add({.name = "other", .shape = {5}, .lagrangian = Softplus{}, .tau = 1.3});
    net.connect({tokens}, Attention{{.queries = laws::normal(2, 3, random), .keys = laws::normal(2, 3, random)}});
    net.connect({tokens}, Lateral{laws::symmetric(12, random, 0.2)});
    net.connect({tokens, other}, Dense{laws::normal(5, 12, random, 0.3)});
    Flow flow{net};
    flow.input(other) = laws::normal(5, 1, random);
    const State start = laws::normal(17, 3, random);
    State end = start;
    const double dt = 0.1;  // so short that no sample takes it in halves
    const Outcome outcome = integrate(flow, end, {.stepper = DiscreteGradient{dt}, .end = dt});
    BOOST_TEST(outcome.status == Status::end_reached);
    const Vector<double> theta = (-dt * flow.decay_rates().array()).exp();
    const State u = ((end - theta.asDiagonal() * start).array().colwise() / (1 - theta.array())).matrix();
    const State g0 = flow.activations(start), g1 = flow.activations(end);
    const Energies along = u.cwiseProduct(g1 - g0).colwise().sum(), fall = flow.potential(g0) - flow.potential(g1);
    BOOST_TEST(laws::distance(along, fall) < 1e-8);
  }
}

BOOST_AUTO_TEST_CASE(what_a_stepper_lacks_is_said) {
  const auto plain = [](const State& x, State& dxdt, double) { dxdt = -x; };
  State x = State::Ones(3, 1);
  for (const Stepper& stepper :
       std::vector<Stepper>{AlternatingFlow{.step = 1}, DiscreteGradient{1}, ExponentialEuler{1},
                            ExponentialRungeKutta2{1}, Guarded{RungeKutta4{1}}})
    BOOST_CHECK_THROW(integrate(plain, x, {.stepper = stepper, .end = 1}), ModelError);
  for (const double step : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    BOOST_CHECK_THROW(AlternatingFlow{.step = step}.start(), ValueError);
    BOOST_CHECK_THROW(DiscreteGradient{step}.start(), ValueError);
    BOOST_CHECK_THROW(ExponentialEuler{step}.start(), ValueError);
    BOOST_CHECK_THROW(ExponentialRungeKutta2{step}.start(), ValueError);
    BOOST_CHECK_THROW(Guarded{RungeKutta4{step}}.start(), ValueError);
  }
  BOOST_CHECK_THROW((AlternatingFlow{.step = 1, .order = 3}.start()), ValueError);

  laws::Random random(7);
  Network net = chain(2, false, random);
  net.connect({net.layers()[1]}, Lateral{laws::symmetric(4, random)}, "unruly");
  Flow flow{net};
  State state = laws::normal(8, 1, random);
  BOOST_CHECK_EXCEPTION(integrate(flow, state, {.stepper = AlternatingFlow{.step = 1}, .end = 1}), ModelError,
                        [](const ModelError& error) {
                          const std::string text = error.what();
                          return text.find("'1'") != text.npos && text.find("unruly") != text.npos &&
                                 text.find("DiscreteGradient") != text.npos;
                        });
  Network tokens;
  const LayerHandle layer = tokens.add({.name = "tokens", .shape = {3, 4}, .lagrangian = LayerNorm{}});
  const Attention attention{{.queries = laws::normal(2, 3, random), .keys = laws::normal(2, 3, random)}};
  tokens.connect({layer}, attention);
  BOOST_CHECK_THROW(Flow{tokens}.independent_sets(), ModelError);
  // From one layer to another attention is concave in either.
  Network apart;
  const LayerHandle queries = apart.add({.name = "queries", .shape = {3, 4}, .lagrangian = LayerNorm{}});
  const LayerHandle keys = apart.add({.name = "keys", .shape = {3, 2}, .lagrangian = LayerNorm{}});
  apart.connect({queries, keys}, attention);
  BOOST_TEST(Flow{apart}.independent_sets().size() == 2);

  // A clamped layer does not move, whatever it meets.
  flow.clamp(net.layers()[1]);
  BOOST_CHECK_NO_THROW(integrate(flow, state, {.stepper = AlternatingFlow{.step = 1}, .end = 1}));
  BOOST_CHECK_THROW(
      integrate(flow, state, {.stepper = AlternatingFlow{.step = 1, .cue = net.rows(net.layers()[1])}, .end = 1}),
      ShapeError);
}

BOOST_AUTO_TEST_CASE(a_guard_says_how_often_it_refused) {
  laws::Random random(8);
  const State xi = laws::normal(20, 10, random);
  Network net;
  const LayerHandle v = net.add({.name = "v", .shape = {10}, .lagrangian = Quadratic{}});
  const LayerHandle h = net.add({.name = "h", .shape = {20}, .lagrangian = LogSumExp{.beta = 2}, .tau = 0.05});
  net.connect({v, h}, Dense{xi});
  Flow flow{net};
  State state = laws::normal(30, 3, random);
  const State start = state;
  Energies last = flow.energy(start);
  const auto falls = [&](const Evaluation& now) {
    if (now.step == 0) return;
    const Energies bound = flow.rounding(now.previous_state) + flow.rounding(now.state);
    BOOST_TEST((now.energies->array() <= (last + bound).array()).all());
    last = *now.energies;
  };
  const Outcome outcome =
      integrate(flow, state, {.stepper = Guarded{RungeKutta4{0.4}}, .end = 10, .largest_step = 0.4}, falls);
  BOOST_TEST(outcome.status == Status::end_reached);
  BOOST_TEST(outcome.statistics.energy_rises > 0);
  BOOST_TEST(outcome.statistics.energy_rises == outcome.statistics.rejected);
  BOOST_TEST(outcome.statistics.largest_step <= 0.4);
  BOOST_TEST(outcome.text().find("as E would rise") != std::string::npos);
  // Unguarded the same steps raise it.
  state = start;
  integrate(flow, state, {.stepper = RungeKutta4{0.4}, .end = 0.4});
  BOOST_TEST((flow.energy(state).array() > flow.energy(start).array()).any());
}

// E hardly feels h behind a saturated softmax: a guard alone would let it grow without end.
BOOST_AUTO_TEST_CASE(a_guard_keeps_explicit_steppers_stable) {
  constexpr double tau = 0.05;
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    Network net;
    const LayerHandle v = net.add({.name = "v", .shape = {10}, .lagrangian = Quadratic{}});
    const LayerHandle h = net.add({.name = "h", .shape = {20}, .lagrangian = LogSumExp{.beta = 8}, .tau = tau});
    net.connect({v, h}, Dense{laws::normal(20, 10, random)});
    Flow flow{net};
    const State start = laws::normal(30, 3, random);
    for (const Stepper& stepper :
         std::vector<Stepper>{Euler{5 * tau}, RungeKutta4{5 * tau}, AdamsBashforthMoulton{5 * tau},
                              PiecewiseSmooth{RungeKutta4{5 * tau}}}) {
      State state = start;
      const Outcome outcome = integrate(flow, state, {.stepper = Guarded{stepper}, .end = 60, .settled = 1e-6});
      BOOST_TEST(outcome.status == Status::settled, "seed " << seed << ", " << stepper.text() << ": " << outcome);
      BOOST_TEST(outcome.statistics.largest_step <= 2 * tau);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_guard_begins_with_the_step_that_is_asked_for) {
  laws::Random random(5);
  Flow flow = driven(chain(3, false, random), random);
  const State start = laws::normal(flow.network().size(), 2, random);
  for (const At& at : {alternating, strang, discrete_gradient, exponential_euler, exponential_runge_kutta, guarded}) {
    const Stepper stepper = at(0.0625);
    BOOST_TEST_CONTEXT(stepper.text()) {
      State bare = start, state = start;
      integrate(flow, bare, {.stepper = stepper, .end = 2});
      const Outcome outcome = integrate(flow, state, {.stepper = Guarded{stepper}, .end = 2, .first_step = 0.03125});
      BOOST_TEST(outcome.status == Status::end_reached);
      BOOST_TEST(outcome.statistics.smallest_step <= 0.03125);
      BOOST_TEST(outcome.statistics.largest_step == 0.0625);
      BOOST_TEST(laws::distance(state, bare) < 0.05);
    }
  }
  const auto plain = [](const State& x, State& dxdt, double) { dxdt = -x; };
  State x = State::Ones(3, 1);
  BOOST_CHECK_THROW(integrate(plain, x, {.stepper = Guarded{RungeKutta4{1}}, .end = 1, .first_step = 0.1}), ModelError);
}

BOOST_AUTO_TEST_SUITE_END()
