// SPDX-License-Identifier: MIT
// The laws tell a broken model from a sound one: what they compare differs by far more than their tolerance.
#include <boost/test/unit_test.hpp>

#include "laws/broken_models.hpp"
#include "laws/flow_instances.hpp"
#include "laws/slope.hpp"

using namespace hamlet;

namespace {

/// How far Ė by the Hessian formula is from the slope of E along the flow, relative.
double imbalance(const Network& net, const State& x) {
  Flow flow{net};
  State derivative;
  flow(x, derivative, 0);
  return laws::distance(flow.dissipation(x), laws::slope(flow, x, derivative));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(broken_models)

BOOST_AUTO_TEST_CASE(weights_that_differ_in_the_two_directions_break_the_balance) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    Network net = laws::two_layers(LogCosh{}, LogSumExp{}, random);
    const LayerHandle v = net.find("v"), h = net.find("h");
    const State x = laws::normal(net.size(), 3, random);
    const State xi = laws::normal(5, 7, random);
    Network same = net, other = net;
    same.connect({v, h}, laws::TwoWayWeights{xi, xi});
    other.connect({v, h}, laws::TwoWayWeights{xi, xi + laws::normal(5, 7, random, 0.3)});
    BOOST_TEST(imbalance(same, x) < 1e-8);
    BOOST_TEST(imbalance(other, x) > 1e-3);
  }
}

BOOST_AUTO_TEST_CASE(an_activation_that_is_not_the_slope_of_its_lagrangian_breaks_the_balance) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const Network net = laws::two_layers(LogCosh{.beta = 2}, LogSumExp{}, random);
    const State x = laws::normal(net.size(), 3, random);
    const Network broken = net.with(net.find("v"), laws::WrongActivation{.beta = 2});
    BOOST_TEST(imbalance(net, x) < 1e-8);
    BOOST_TEST(imbalance(broken, x) > 1e-3);
    const Lagrangian derived = broken.layer(net.find("v")).lagrangian.derived().value();
    BOOST_TEST(imbalance(net.with(net.find("v"), derived), x) < 1e-8);
  }
}

BOOST_AUTO_TEST_SUITE_END()
