// SPDX-License-Identifier: MIT
#include <hamlet/attractor/settle.hpp>

#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/adaptive_steppers.hpp>
#include <hamlet/dynamics/alternating_flow.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/synapse/dense.hpp>
#include <models/energy_transformer.hpp>
#include <models/hopfield_1984.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

#include "laws/random.hpp"
#include "laws/trial_networks.hpp"

using namespace hamlet;

namespace {

/// The problem of the library's figures: Model B as two layers, N = 64, K = 1000, β = 8, memories of unit length.
struct ModelBProblem {
  explicit ModelBProblem(double ratio, unsigned seed = 1) {
    laws::Random random(seed);
    State xi = laws::normal(1000, 64, random);
    xi.rowwise().normalize();
    const LayerHandle v = net.add({.name = "v", .shape = {64}, .lagrangian = Quadratic{}});
    const LayerHandle h = net.add({.name = "h", .shape = {1000}, .lagrangian = LogSumExp{.beta = 8}, .tau = ratio});
    net.connect({v, h}, Dense{xi});
    cues = net.zeros(4);
    net.block(cues, v) = xi.topRows(4).transpose() + laws::normal(64, 4, random, 0.1);
  }

  Network net;
  State cues;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(settling)

BOOST_AUTO_TEST_CASE(model_b_settles_in_twenty_right_hand_sides_whatever_the_time_constants) {
  for (const double ratio : {1.0, 0.1, 0.01, 0.001}) {
    const ModelBProblem problem(ratio);
    for (const auto& [tolerance, most] : {std::pair{1e-8, 20L}, std::pair{1e-12, 30L}}) {
      State state = problem.cues;
      const Settled settled = settle(problem.net, state, {.tolerance = tolerance});
      BOOST_TEST(settled.all(), settled);
      BOOST_TEST(settled.right_hand_sides <= most, settled);
      // As the flow itself sees it.
      Flow flow{problem.net};
      State derivative;
      flow(state, derivative, 0);
      BOOST_TEST(flow.residual(derivative) <= 1.01 * tolerance + 1e-15);
      BOOST_TEST((settled.energies - flow.energy(state)).cwiseAbs().maxCoeff() < 1e-12);
      BOOST_TEST((flow.energy(state).array() < flow.energy(problem.cues).array()).all());
    }
  }
}

// Where E has one way down, both ways lead there.
BOOST_AUTO_TEST_CASE(it_leads_where_the_flow_leads) {
  const ModelBProblem problem(0.1, 2);
  State settled = problem.cues, integrated = problem.cues;
  BOOST_TEST(settle(problem.net, settled).all());
  Flow flow{problem.net};
  BOOST_TEST(
      integrate(flow, integrated, {.stepper = DormandPrince{1e-9, 1e-12}, .end = 1000, .settled = 1e-10}).status ==
      Status::settled);
  BOOST_TEST(laws::distance(settled, integrated) < 1e-8);
}

BOOST_AUTO_TEST_CASE(the_energy_of_no_sample_rises_on_any_network) {
  for (const laws::SelfMeeting kind : {laws::SelfMeeting::concave, laws::SelfMeeting::any}) {
    laws::Random random(3);
    long settled_samples = 0, all_samples = 0;
    for (int network = 0; network < 150; ++network) {
      const laws::Trial trial = laws::random_trial(kind, 5, random);
      State state = trial.state;
      const Settled settled = settle(trial.flow, state, {.tolerance = 1e-8, .most_right_hand_sides = 300});
      const Energies before = trial.flow.energy(trial.state), after = trial.flow.energy(state);
      const Energies bound = trial.flow.rounding(trial.state) + trial.flow.rounding(state);
      BOOST_TEST((after.array() <= (before + bound).array()).all(), trial.flow.network());
      Flow flow = trial.flow;
      State derivative;
      flow(state, derivative, 0);
      const Energies residuals = flow.residuals(derivative);
      for (Index sample = 0; sample < 5; ++sample) {
        const double told = settled.residuals[sample], found = residuals[sample];
        const double rounding = 1e-12 * (1 + flow.activations(state).lpNorm<Eigen::Infinity>());
        BOOST_TEST(std::abs(told - found) <= rounding + 1e-6 * found, settled << "\n" << flow.network());
      }
      settled_samples += (settled.residuals.array() <= 1e-8).count();
      all_samples += 5;
    }
    BOOST_TEST_MESSAGE(settled_samples << " of " << all_samples << " samples settled");
    BOOST_TEST(10 * settled_samples > 8 * all_samples);
  }
}

BOOST_AUTO_TEST_CASE(layers_that_cannot_relax_in_turn_settle_too) {
  laws::Random random(4);
  // Classical weights of zero diagonal: not positive semidefinite.
  const State xi = laws::normal(3, 20, random).array().sign();
  State weights = xi.transpose() * xi / 20;
  weights.diagonal().setZero();
  const Network net = models::hopfield_1984(weights, {.beta = 4});
  State state = laws::normal(20, 6, random);
  const Settled settled = settle(net, state);
  BOOST_TEST(settled.all(), settled);
}

BOOST_AUTO_TEST_CASE(a_batch_settles_as_its_samples_do) {
  const ModelBProblem problem(0.1);
  State together = problem.cues;
  settle(problem.net, together);
  for (Index sample = 0; sample < together.cols(); ++sample) {
    State alone = problem.cues.col(sample);
    settle(problem.net, alone);
    BOOST_TEST((alone == together.col(sample)));
  }
}

BOOST_AUTO_TEST_CASE(inputs_and_clamps_are_those_of_the_flow) {
  laws::Random random(5);
  const ModelBProblem problem(0.1);
  Flow flow{problem.net};
  const LayerHandle v = problem.net.find("v"), h = problem.net.find("h");
  flow.input(h) = laws::normal(1000, 4, random, 0.1);
  flow.clamp(v);
  State state = problem.cues;
  BOOST_TEST(settle(flow, state).all());
  BOOST_TEST((problem.net.block(state, v) == problem.net.block(problem.cues, v)));
  // h = I + ξ g
  flow.release(v);
  State derivative;
  flow(state, derivative, 0);
  BOOST_TEST(problem.net.block(derivative, h).lpNorm<Eigen::Infinity>() < 1e-11);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_said) {
  const ModelBProblem problem(0.1);
  State state = problem.cues;
  const Settled few = settle(problem.net, state, {.tolerance = 1e-12, .most_right_hand_sides = 3});
  BOOST_TEST(!few.all());
  BOOST_TEST(few.text().find("Not settled: 4 of 4") == 0, few);
  // Below rounding nothing settles, and it does not try for ever.
  const Settled never = settle(problem.net, state, {.tolerance = 1e-300, .most_right_hand_sides = 100'000});
  BOOST_TEST((!never.all() || never.residuals.maxCoeff() == 0), never);
  BOOST_TEST(never.right_hand_sides < 1000);
  BOOST_CHECK_THROW(settle(problem.net, state, {.tolerance = 0}), ValueError);
  BOOST_CHECK_THROW(settle(problem.net, state, {.tolerance = NAN}), ValueError);
  BOOST_CHECK_THROW(settle(problem.net, state, {.most_right_hand_sides = 0}), ValueError);
  State wrong = State::Zero(3, 1);
  BOOST_CHECK_THROW(settle(problem.net, wrong), ShapeError);
  state(0, 0) = NAN;
  BOOST_CHECK_THROW(settle(problem.net, state), ValueError);
}

BOOST_AUTO_TEST_SUITE_END()
