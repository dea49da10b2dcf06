// SPDX-License-Identifier: MIT
// CVODE, a method of another family by other hands, finds the trajectories that the library's own steppers find.
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/piecewise_smooth.hpp>

#include <boost/test/unit_test.hpp>

#include "laws/flow_instances.hpp"

using namespace hamlet;

namespace {

boost::test_tools::assertion_result built_in(boost::unit_test::test_unit_id) { return Cvode::available(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(cvode, *boost::unit_test::precondition(built_in))

BOOST_AUTO_TEST_CASE(it_agrees_with_dormand_and_prince) {
  const auto compare = [](Flow& flow, const State& start) {
    State by_cvode = start, by_runge_kutta = start;
    BOOST_TEST(integrate(flow, by_cvode, {.stepper = Cvode{1e-12, 1e-12}, .end = 1}).status == Status::end_reached);
    integrate(flow, by_runge_kutta, {.stepper = DormandPrince{1e-12, 1e-12}, .end = 1});
    BOOST_TEST(laws::distance(by_cvode, by_runge_kutta, 1.0) < 1e-9);
  };
  for (const unsigned seed : {1u, 2u}) {
    laws::Random random(seed);
    for (const std::size_t layers : {3u, 4u, 5u, 6u}) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << layers << " layers") {
        const Network net = laws::deep_network(layers, laws::Kind::smooth, random);
        const State start = laws::normal(net.size(), 2, random);
        Flow flow{net};
        flow.clamp(net.layers()[random() % layers]);
        flow.input(net.layers()[0]) = laws::normal(net.layer(net.layers()[0]).shape.size(), 2, random);
        compare(flow, start);
      }
    }
    const std::vector<Lagrangian> smooth{LogCosh{.beta = 1.3}, Softplus{.beta = 2}, LogSumExp{.beta = 2},
                                         Norm{.gamma = 1.5, .epsilon = 0.1}, LayerNorm{.gamma = 0.8, .epsilon = 0.1}};
    for (const Lagrangian& visible : smooth) {
      for (const Lagrangian& hidden : smooth) {
        BOOST_TEST_CONTEXT("seed " << seed << ", " << visible.name() << ", " << hidden.name()) {
          const Network net = laws::two_layers(visible, hidden, random);
          Network lateral = net;
          lateral.connect({net.find("v")}, Lateral{laws::symmetric(7, random, 0.3)});
          Flow whole{lateral}, effective{eliminate(net, net.find("h"))};
          compare(whole, laws::normal(12, 2, random));
          compare(effective, laws::normal(7, 2, random));
        }
      }
    }
  }
}

// Between jumps; steps that CVODE shortens itself do not end where a crossing is sought.
BOOST_AUTO_TEST_CASE(it_keeps_to_the_pieces_of_a_flow_that_jumps) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    Flow flow{laws::two_layers(Absolute{}, LogCosh{}, random)};
    flow.input(flow.network().find("v")) = laws::normal(7, 2, random);
    const State start = laws::normal(12, 2, random);
    State by_cvode = start, by_runge_kutta = start;
    const Outcome outcome = integrate(flow, by_cvode, {.stepper = PiecewiseSmooth{Cvode{1e-12, 1e-12}}, .end = 3});
    const Outcome other =
        integrate(flow, by_runge_kutta, {.stepper = PiecewiseSmooth{DormandPrince{1e-12, 1e-12}}, .end = 3});
    BOOST_TEST(outcome.status == other.status);
    BOOST_TEST(std::abs(outcome.time - other.time) < 1e-6);
    BOOST_TEST(laws::distance(by_cvode, by_runge_kutta, 1.0) < 1e-9);
    BOOST_TEST(outcome.statistics.steps < 5000);
  }
}

// The problem of the table in "Stiffness": Model B of 64 neurons and 1000 memories, β = 8, τ_h = 0.001 τ_f.
BOOST_AUTO_TEST_CASE(a_stiff_memory_settles_for_far_fewer_right_hand_sides) {
  laws::Random random(1);
  const State patterns = laws::normal(1000, 64, random).array().sign() / 8;
  Network net;
  const LayerHandle v = net.add({.name = "v", .shape = {64}, .lagrangian = Quadratic{}, .tau = 1.0});
  const LayerHandle h = net.add({.name = "h", .shape = {1000}, .lagrangian = LogSumExp{.beta = 8}, .tau = 0.001});
  net.connect({v, h}, Dense{patterns});
  Flow flow{net};
  State x = net.zeros();
  net.block(x, v) = patterns.row(3).transpose() + laws::normal(64, 1, random, 0.1);
  net.block(x, h) = patterns * net.block(x, v);
  State early = x;
  const Outcome outcome = integrate(flow, x, {.stepper = Cvode{}, .end = 1000, .settled = 1e-8});
  BOOST_TEST((outcome.status == Status::settled), outcome);
  BOOST_TEST(outcome.statistics.right_hand_sides + outcome.statistics.jacobian_products < 1500);
  // Dormand & Prince spend more on a tenth of the way.
  const Outcome slow = integrate(flow, early, {.end = 2, .settled = 1e-8});
  BOOST_TEST(slow.statistics.right_hand_sides > 4000);
}

BOOST_AUTO_TEST_SUITE_END()
