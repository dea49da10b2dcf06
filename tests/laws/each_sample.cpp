// SPDX-License-Identifier: MIT
// Samples of a flow with times, steps and errors of their own.
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/alternating_flow.hpp>
#include <hamlet/dynamics/discrete_gradient.hpp>
#include <hamlet/dynamics/integrate_each.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <models/model_b.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>
#include <vector>

#include "laws/flow_instances.hpp"

using namespace hamlet;

BOOST_AUTO_TEST_SUITE(each_sample)

/// Products are made sample by sample, so that what a sample's run is does not depend on the others by a bit.
BOOST_AUTO_TEST_CASE(a_sample_of_a_flow_runs_as_it_would_alone) {
  laws::Random random(1);
  for (laws::FlowInstance& instance : laws::flow_instances(random)) {
    BOOST_TEST_CONTEXT(instance.name) {
      const Integration how{.stepper = DormandPrince{1e-4, 1e-5, PI{}}, .end = 2, .settled = 1e-3, .most_steps = 20};
      State x = instance.state;
      const std::vector<Outcome> each = integrate_each(instance.flow, x, how);
      for (Index sample = 0; sample < x.cols(); ++sample) {
        Flow one = instance.flow.restricted_to({&sample, 1});
        State alone = instance.state.col(sample);
        const Outcome outcome = integrate(one, alone, how);
        BOOST_TEST((x.col(sample) == alone));
        BOOST_TEST(each[std::size_t(sample)].status == outcome.status);
        BOOST_TEST(each[std::size_t(sample)].time == outcome.time);
        BOOST_TEST(each[std::size_t(sample)].statistics.right_hand_sides == outcome.statistics.right_hand_sides);
      }
    }
  }
}

/// Easy cues and hard ones, halfway between two memories; one monitor a sample.
BOOST_AUTO_TEST_CASE(the_energy_of_every_sample_descends) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const Index features = 33, memories = 7, samples = 9;
    const State xi = laws::normal(memories, features, random).array().sign();
    Flow flow{models::model_b(xi, {.beta = 0.5})};
    State x = xi.transpose().leftCols(1).replicate(1, samples) + laws::normal(features, samples, random, 0.3);
    for (Index hard = 0; hard < samples; hard += 3)
      x.col(hard) = 0.5 * (xi.row(1) + xi.row(2)).transpose() + laws::normal(features, 1, random, 1e-6);
    flow.input(flow.network().find("features")) = laws::normal(features, samples, random, 0.01);

    std::vector<Flow> flows;
    std::vector<EnergyMonitor> monitors;
    for (Index sample = 0; sample < samples; ++sample) flows.push_back(flow.restricted_to({&sample, 1}));
    for (const Flow& one : flows) monitors.emplace_back(one);
    const auto watch = [&](Index sample, const Evaluation& now) { return monitors[std::size_t(sample)](now); };
    const Integration how{.end = std::numeric_limits<double>::infinity(), .settled = 1e-8};
    const std::vector<Outcome> each = integrate_each(flow, x, how, watch);
    for (std::size_t sample = 0; sample < each.size(); ++sample) {
      BOOST_TEST(each[sample].status == Status::settled);
      BOOST_TEST(monitors[sample].verdict().descends, "seed " << seed << ", sample " << sample);
      BOOST_TEST(monitors[sample].verdict().steps == each[sample].statistics.steps);
    }
    State derivative;
    flow(x, derivative, 0);
    BOOST_TEST(flow.residual(derivative) < 1e-8);
  }
}

BOOST_AUTO_TEST_CASE(steppers_of_whole_batches_refuse_a_sample_and_name_integrate) {
  laws::Random random(1);
  Flow flow{models::model_b(laws::normal(7, 5, random), {})};
  State x = laws::normal(5, 3, random);
  for (const Stepper& stepper : std::vector<Stepper>{AlternatingFlow{.step = 1}, DiscreteGradient{1}})
    BOOST_CHECK_EXCEPTION(integrate_each(flow, x, {.stepper = stepper, .end = 1}), ModelError, [](const Error& error) {
      return std::string(error.what()).find("call integrate with a Flow") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
