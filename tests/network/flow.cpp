// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/dense.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <utility>
#include <vector>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

struct TwoLayers {
  laws::Random random{7};
  State weights = laws::normal(3, 4, random);
  Network net;
  LayerHandle v = net.add({.name = "v", .shape = {4}, .lagrangian = LogCosh{}, .tau = 2.0});
  LayerHandle h = net.add({.name = "h", .shape = {3}, .lagrangian = LogSumExp{}, .tau = 0.5});
  SynapseHandle synapse = net.connect({v, h}, Dense{weights});
  Flow flow{net};
  State x = laws::normal(7, 2, random), derivative;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(flow, TwoLayers)

// τ_v v̇ = I + ξᵀ f − v, τ_h ḣ = ξ g − h (Krotov & Hopfield 2021, eq. 1)
BOOST_AUTO_TEST_CASE(two_layers_move_as_the_paper_says) {
  const State input = laws::normal(4, 2, random);
  flow.input(v) = input;
  flow(x, derivative, 0);
  const State g = x.topRows(4).array().tanh();
  State f = x.bottomRows(3).array().exp();
  for (Index sample = 0; sample < 2; ++sample) f.col(sample) /= f.col(sample).sum();
  BOOST_TEST(laws::distance(derivative.topRows(4), (input + weights.transpose() * f - x.topRows(4)) / 2) < 1e-14);
  BOOST_TEST(laws::distance(derivative.bottomRows(3), (weights * g - x.bottomRows(3)) / 0.5) < 1e-14);
  State activations(7, 2);
  activations << g, f;
  BOOST_TEST(laws::distance(flow.activations(x), activations) < 1e-14);
}

BOOST_AUTO_TEST_CASE(an_input_is_of_all_samples_or_of_each) {
  const Vector<double> one = laws::normal(4, 1, random);
  flow.input(v) = one;
  State alike;
  flow(x, alike, 0);
  flow.input(v) = one.replicate(1, 2);
  flow(x, derivative, 0);
  BOOST_TEST((alike.array() == derivative.array()).all());
  const State& back = flow.input(v);
  BOOST_TEST((back.array() == one.replicate(1, 2).array()).all());
  BOOST_TEST((static_cast<const State&>(flow.input(h)).array() == State::Zero(3, 1).array()).all());
  Flow other{net};
  other.input(v) = flow.input(v);
  State again;
  other(x, again, 0);
  BOOST_TEST((again.array() == derivative.array()).all());
}

BOOST_AUTO_TEST_CASE(inputs_that_do_not_fit_are_refused_where_they_are_assigned) {
  BOOST_TEST(names(message<ShapeError>([&] { flow.input(v) = State::Ones(3, 2); }), {"'v' (4)", "3 × 2"}));
  BOOST_TEST(names(message<ShapeError>([&] { flow.input(v) = State(4, 0); }), {"'v' (4)", "4 × 0"}));
  State input = State::Zero(4, 2);
  input(3, 1) = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(names(message<ValueError>([&] { flow.input(v) = input; }), {"'v'", "neuron 3", "sample 1", "nan"}));
  BOOST_TEST(names(message<UnknownError>([&] { flow.input({}) = input; }), {"default constructed", "'v', 'h'"}));
  flow.input(v) = State::Ones(4, 3);
  BOOST_TEST(names(message<ShapeError>([&] { flow(x, derivative, 0); }), {"'v'", "3 samples", "2"}));
  BOOST_TEST(names(message<ShapeError>([&] { flow.energy(x); }), {"'v'", "3 samples", "2"}));
}

BOOST_AUTO_TEST_CASE(states_that_do_not_fit_are_refused) {
  const State short_one = State::Zero(6, 2);
  BOOST_TEST(names(message<ShapeError>([&] { flow(short_one, derivative, 0); }), {"6 rows", "7 neurons"}));
  BOOST_TEST(names(message<ShapeError>([&] { flow.residual(short_one); }), {"6 rows", "7 neurons"}));
  BOOST_TEST(names(message<ShapeError>([&] { flow.dissipation(x, short_one); }), {"6 rows", "7 neurons"}));
  BOOST_TEST(names(message<ShapeError>([&] { flow.dissipation(x, State::Zero(7, 3)); }), {"3 samples", "2"}));
  BOOST_TEST(names(message<ModelError>([] { Flow{Network{}}; }), {"none"}));
}

BOOST_AUTO_TEST_CASE(what_is_clamped_does_not_move_and_does_not_count) {
  State free;
  flow(x, free, 0);
  BOOST_TEST(flow.smallest_time_constant() == 0.5);
  flow.clamp(h);
  flow(x, derivative, 0);
  BOOST_TEST((derivative.bottomRows(3).array() == 0).all());
  BOOST_TEST((derivative.topRows(4).array() == free.topRows(4).array()).all());
  BOOST_TEST(flow.smallest_time_constant() == 2);
  BOOST_TEST(flow.residual(free) == 2 * free.topRows(4).cwiseAbs().maxCoeff());

  flow.clamp(v, {1});
  flow.clamp(v, {3, 1});
  flow(x, derivative, 0);
  const State held = (derivative.array() == 0).cast<double>();
  BOOST_TEST((held.col(0) == Vector<double>{{0, 1, 0, 1, 1, 1, 1}}));
  BOOST_TEST(derivative(0, 1) == free(0, 1));
  BOOST_TEST(derivative(2, 1) == free(2, 1));

  flow.clamp(v);
  flow(x, derivative, 0);
  BOOST_TEST((derivative.array() == 0).all());
  BOOST_TEST(flow.smallest_time_constant() == std::numeric_limits<double>::infinity());
  BOOST_TEST(flow.residual(free) == 0);
  BOOST_TEST((flow.dissipation(x).array() == 0).all());

  flow.release(v);
  flow.release(h);
  flow(x, derivative, 0);
  BOOST_TEST((derivative.array() == free.array()).all());
}

BOOST_AUTO_TEST_CASE(a_flow_of_a_network_begins_with_its_clamps) {
  const Network held = net.with_clamped(h);
  BOOST_TEST(held.layer(h).clamped);
  BOOST_TEST(!net.layer(h).clamped);
  BOOST_TEST(held.with_tau(v, 3).with(h, LogCosh{}).layer(h).clamped);
  Flow clamped{held};
  flow.clamp(h);
  State expected;
  flow(x, expected, 0);
  clamped(x, derivative, 0);
  BOOST_TEST((derivative.array() == expected.array()).all());
  BOOST_TEST((derivative.bottomRows(3).array() == 0).all());
  BOOST_TEST(clamped.smallest_time_constant() == 2);
  BOOST_TEST((clamped.energy(x).array() == flow.energy(x).array()).all());
  BOOST_TEST((held.dissipation(x).array() == flow.dissipation(x).array()).all());

  clamped.release(h);
  flow.release(h);
  clamped(x, derivative, 0);
  flow(x, expected, 0);
  BOOST_TEST((derivative.array() == expected.array()).all());
  BOOST_TEST((derivative.bottomRows(3).array() != 0).all());
  BOOST_TEST(names(message<UnknownError>([&] { static_cast<void>(net.with_clamped({})); }), {"'v', 'h'"}));

  Network added = net;
  const LayerHandle cue = added.add({.name = "cue", .shape = {2}, .lagrangian = Quadratic{}, .clamped = true});
  Flow of_three{added};
  of_three(laws::normal(9, 2, random), derivative, 0);
  BOOST_TEST((derivative.bottomRows(2).array() == 0).all());
  of_three.release(cue);
  of_three(laws::normal(9, 2, random), derivative, 0);
  BOOST_TEST((derivative.bottomRows(2).array() != 0).all());
}

// J = τ⁻¹ (−1 + (0 ξᵀ; ξ 0) ∂²L), of a dense matrix
BOOST_AUTO_TEST_CASE(the_jacobian_of_two_layers_is_known) {
  State W = State::Zero(7, 7), hessian = State::Zero(7, 7);
  W.topRightCorner(4, 3) = weights.transpose();
  W.bottomLeftCorner(3, 4) = weights;
  const Vector<double> column = x.col(1);
  Vector<double> f = column.tail(3).array().exp();
  f /= f.sum();
  hessian.topLeftCorner(4, 4) = column.head(4).array().cosh().square().inverse().matrix().asDiagonal();
  hessian.bottomRightCorner(3, 3) = f.asDiagonal();
  hessian.bottomRightCorner(3, 3) -= f * f.transpose();
  State expected = W * hessian - State::Identity(7, 7);
  expected.topRows(4) /= 2;
  expected.bottomRows(3) /= 0.5;
  flow.clamp(v, {1});
  expected.row(1).setZero();
  State product;
  flow.jacobian_product(column.replicate(1, 7), State::Identity(7, 7), product);
  BOOST_TEST(laws::distance(product, expected) < 1e-14);
  BOOST_TEST(
      names(message<ShapeError>([&] { flow.jacobian_product(x, State::Zero(7, 3), product); }), {"7 × 3", "7 × 2"}));
  BOOST_TEST(names(message<ShapeError>([&] { flow.jacobian_product(State::Zero(6, 2), x, product); }), {"6 rows"}));
}

BOOST_AUTO_TEST_CASE(clamps_that_mean_nothing_are_refused) {
  BOOST_TEST(names(message<ModelError>([&] { flow.clamp(h, {0, 2}); }), {"2 of the 3", "'h'", "LogSumExp"}));
  BOOST_TEST(names(message<ValueError>([&] { flow.clamp(v, {0, 4}); }), {"neuron 4", "'v'", "0 to 3"}));
  BOOST_TEST(names(message<ValueError>([&] { flow.clamp(v, {-1}); }), {"neuron -1", "'v'"}));
  BOOST_TEST(names(message<UnknownError>([&] { flow.clamp({}); }), {"'v', 'h'"}));
  flow(x, derivative, 0);
  BOOST_TEST((derivative.array() != 0).all());
}

BOOST_AUTO_TEST_CASE(what_is_not_a_number_shows_in_the_residual) {
  for (const Index row : {0, 3, 4, 6}) {
    derivative = State::Ones(7, 2);
    derivative(row, 1) = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(std::isnan(flow.residual(derivative)));
    BOOST_TEST(flow.residuals(derivative)[0] == 2);
    BOOST_TEST(std::isnan(flow.residuals(derivative)[1]));
  }
}

/// Of some samples, in any order, it is what it was for them.
BOOST_AUTO_TEST_CASE(it_can_be_restricted_to_samples) {
  const State many = laws::normal(7, 5, random);
  flow.input(v) = laws::normal(4, 5, random);
  flow.input(h) = laws::normal(3, 1, random);
  flow.clamp(v, {1, 2});
  flow(many, derivative, 0);
  const Energies energy = flow.energy(many), residuals = flow.residuals(derivative);
  const std::vector<Index> samples{4, 0, 3};
  Flow some = flow.restricted_to(samples);
  State few(7, 3), moved;
  for (Index column = 0; column < 3; ++column) few.col(column) = many.col(samples[std::size_t(column)]);
  some(few, moved, 0);
  for (Index column = 0; column < 3; ++column) {
    const Index sample = samples[std::size_t(column)];
    BOOST_TEST((moved.col(column) == derivative.col(sample)));
    BOOST_TEST(some.energy(few)[column] == energy[sample]);
    BOOST_TEST(some.residuals(moved)[column] == residuals[sample]);
  }
  BOOST_TEST((std::as_const(some).input(h) == std::as_const(flow).input(h)));
  BOOST_TEST(names(message<ShapeError>([&] { some.restricted_to(std::vector<Index>{3}); }), {"sample 3", "'v'", "3"}));
  BOOST_TEST(names(message<ShapeError>([&] { some.restricted_to(std::vector<Index>{-1}); }), {"sample -1"}));
  BOOST_TEST(names(message<ShapeError>([&] { some.restricted_to(std::vector<Index>{}); }), {"no sample"}));
  BOOST_CHECK_NO_THROW(Flow{net}.restricted_to(std::vector<Index>{17}));  // all samples are the same to it

  const std::vector<Index> last{2};
  Flow one = flow;
  flow.restricted_to(last, one);
  const State x_last = x.rightCols(1);
  BOOST_TEST(one.energy(x_last)(0) == flow.restricted_to(last).energy(x_last)(0));
  BOOST_TEST(names(message<ModelError>([&] { one.restricted_to(last, one); }), {"itself"}));
  Network other;
  other.add({.name = "w", .shape = {1}, .lagrangian = Quadratic{}});
  Flow of_other{other};
  BOOST_TEST(names(message<ModelError>([&] { flow.restricted_to(last, of_other); }), {"same network"}));
}

BOOST_AUTO_TEST_CASE(any_number_of_samples_may_follow_any_other) {
  for (const Index samples : {1, 5, 2, 0, 3}) {
    const State these = laws::normal(7, samples, random);
    flow(these, derivative, 0);
    BOOST_TEST(derivative.cols() == samples);
    BOOST_TEST(flow.energy(these).cols() == samples);
    for (Index sample = 0; sample < samples; ++sample) {
      const State alone = these.col(sample);
      State expected;
      Flow{net}(alone, expected, 0);
      BOOST_TEST(laws::distance(derivative.col(sample), expected) < 1e-14);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
