// SPDX-License-Identifier: MIT
#include <hamlet/attractor/classify.hpp>
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>

#include <models/hopfield_1984.hpp>
#include <models/model_b.hpp>

#include <boost/test/unit_test.hpp>

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <sstream>

#include "core/spectrum.hpp"
#include "laws/flow_instances.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

/// The spectrum of the Jacobian holds at any state, at rest or not.
constexpr double anywhere = 1e300;

/// The eigenvalues of a matrix that has real ones, descending, by a method for any matrix.
Vector<double> eigenvalues(const State& matrix) {
  const Eigen::EigenSolver<State> solver(matrix, false);
  const double scale = std::max(1.0, solver.eigenvalues().cwiseAbs().maxCoeff());
  BOOST_TEST(solver.eigenvalues().imag().cwiseAbs().maxCoeff() < 1e-6 * scale);
  Vector<double> values = solver.eigenvalues().real();
  std::sort(values.begin(), values.end(), std::greater<>());
  return values;
}

/// Those of the Jacobian of the free neurons.
Vector<double> spectrum_of(const Flow& flow, const State& x) {
  const Index size = x.rows();
  State jacobian;
  flow.jacobian_product(x.replicate(1, size), State::Identity(size, size), jacobian);
  const Vector<double> rates = flow.decay_rates();
  std::vector<Index> free;
  for (Index neuron = 0; neuron < size; ++neuron)
    if (rates[neuron] > 0) free.push_back(neuron);
  return eigenvalues(jacobian(free, free));
}

/// ‖a − b‖∞ relative to the largest of the spectrum.
double distance(const Vector<double>& a, const Vector<double>& b, const Vector<double>& spectrum) {
  return (a - b).cwiseAbs().maxCoeff() / spectrum.cwiseAbs().maxCoeff();
}

Index count(const std::vector<Directions>& all, const std::string& layer) {
  for (const Directions& some : all)
    if (some.layer == layer) return some.count;
  return 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(classify_)

BOOST_AUTO_TEST_CASE(its_eigenvalues_are_those_of_the_jacobian) {
  for (const unsigned seed : {1u, 2u}) {
    laws::Random random(seed);
    for (auto& [name, flow, state] : laws::flow_instances(random)) {
      // Powers of a Jacobian that is not normal cost the other method digits; and every layer of a deep one is large.
      if (state.rows() > 60 || name.find("Exponential") != std::string::npos) continue;
      BOOST_TEST_CONTEXT("seed " << seed << ", " << name) {
        Flow alone = flow;
        for (const LayerHandle layer : flow.network().layers()) {
          const State& input = flow.input(layer);
          if (input.cols() > 1) alone.input(layer) = State(input.col(1));
        }
        const Vector<double> expected = spectrum_of(alone, state.col(1));
        const Classification found = classify(flow, state, {.sample = 1, .eigenvalues = 1000, .residual = anywhere});
        BOOST_TEST_REQUIRE(found.neurons == expected.size());
        BOOST_TEST_REQUIRE(found.top.size() == expected.size());
        BOOST_TEST(distance(found.top, expected, expected) < 1e-7);
        BOOST_TEST(distance(found.bottom, expected.reverse(), expected) < 1e-7);
      }
    }
  }
}

// Beyond 200 neurons, by Lanczos' method.
BOOST_AUTO_TEST_CASE(its_extreme_eigenvalues_are_found_without_the_matrix) {
  for (const unsigned seed : {1u, 2u}) {
    laws::Random random(seed);
    Network net;
    const LayerHandle v = net.add({.name = "v", .shape = {180}, .lagrangian = LogCosh{.beta = 1.3}, .tau = 1.0});
    const LayerHandle h = net.add({.name = "h", .shape = {90}, .lagrangian = LogSumExp{.beta = 2}, .tau = 0.3});
    net.connect({v, h}, Dense{laws::normal(90, 180, random, 0.5)});
    net.connect({v}, Lateral{laws::symmetric(180, random, 0.15)});
    Flow flow{net};
    flow.clamp(v, {3, 77});
    const State x = laws::normal(270, 1, random, 0.3);
    const Vector<double> expected = spectrum_of(flow, x);
    const Classification found = classify(flow, x, {.residual = anywhere});
    BOOST_TEST(found.neurons == 268);
    BOOST_TEST(found.unstable == (expected.array() > 0).count());
    BOOST_TEST(found.unstable > 6);
    BOOST_TEST((found.kind == FixedPoint::saddle));
    BOOST_TEST(distance(found.top, expected.head(found.top.size()), expected) < 1e-9);
    BOOST_TEST(distance(found.bottom, expected.tail(6).reverse(), expected) < 1e-9);
  }
}

// J = (−1 + β W)/τ at 0
BOOST_AUTO_TEST_CASE(hopfields_network_at_0_leaves_along_the_eigenvalues_above_1) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    for (const Index size : {30, 250}) {
      laws::Random random(seed);
      const double scale = 1 / std::sqrt(static_cast<double>(size));
      const State W = laws::symmetric(size, random, scale);
      const Vector<double> of_weights = eigenvalues(W);
      const Network net = models::hopfield_1984(W, {.beta = 1.1, .tau = 2});
      const Classification found = classify(net, State::Zero(size, 1));
      const Vector<double> expected = (1.1 * of_weights.array() - 1) / 2;
      BOOST_TEST((found.kind == FixedPoint::saddle));
      BOOST_TEST(found.unstable == (expected.array() > 0).count());
      BOOST_TEST(found.flat == 0);
      BOOST_TEST(found.residual == 0);
      BOOST_TEST(distance(found.top, expected.head(found.top.size()), expected) < 1e-9);
      const Classification weak = classify(models::hopfield_1984(W, {.beta = 0.3}), State::Zero(size, 1));
      BOOST_TEST((weak.kind == FixedPoint::minimum), weak);
    }
  }
}

// W = u uᵀ, ‖u‖ = 1, β = 1: at 0 the eigenvalue along u is 0, all others −1.
BOOST_AUTO_TEST_CASE(where_nothing_moves_at_first_order_it_is_degenerate) {
  for (const Index size : {20, 300}) {
    laws::Random random(5);
    const State u = laws::normal(size, 1, random).normalized();
    const Classification found = classify(models::hopfield_1984(u * u.transpose()), State::Zero(size, 1));
    BOOST_TEST((found.kind == FixedPoint::degenerate), found);
    BOOST_TEST(found.flat == 1);
    BOOST_TEST(found.unstable == 0);
    BOOST_TEST(count(found.flat_in, "neurons") == 1);
    BOOST_TEST(found.unseen.empty());
  }
}

// W = Σ λ u uᵀ of nine patterns, at 0 λ − 1, and −1 many times: Krylov's space has six dimensions.
BOOST_AUTO_TEST_CASE(of_few_patterns_no_eigenvalue_is_counted_twice) {
  for (const unsigned seed : {1u, 2u, 3u, 4u, 5u, 6u}) {
    laws::Random random(seed);
    const Index size = 300;
    const State basis = orthonormal(laws::normal(size, 9, random));
    const Vector<double> values{{3, 2, 2, 2, 2, 1, 1, 0.5, 0.5}};
    const State W = basis * values.asDiagonal() * basis.transpose();
    for (const Index asked : {1, 3, 6}) {
      const Classification found =
          classify(models::hopfield_1984(0.5 * (W + W.transpose())), State::Zero(size, 1), {.eigenvalues = asked});
      BOOST_TEST((found.kind == FixedPoint::saddle));
      BOOST_TEST(found.unstable == 5);
      BOOST_TEST(found.flat == 2);
      BOOST_TEST_REQUIRE(found.top.size() == 7);
      BOOST_TEST((found.top - (values.head(7).array() - 1).matrix()).cwiseAbs().maxCoeff() < 1e-9);
      BOOST_TEST((found.bottom.array() + 1).abs().maxCoeff() < 1e-9);
    }
  }
}

BOOST_AUTO_TEST_CASE(without_weights_all_is_decay) {
  const Classification found =
      classify(models::hopfield_1984(State::Zero(250, 250), {.tau = 4}), State::Zero(250, 1), {.eigenvalues = 3});
  BOOST_TEST((found.kind == FixedPoint::minimum));
  BOOST_TEST((found.top.array() + 0.25).abs().maxCoeff() < 1e-15);
  BOOST_TEST((found.bottom.array() + 0.25).abs().maxCoeff() < 1e-15);
}

// W has these eigenvalues more, and J = W − 1 at 0: few, as of some memories, many, equal or close ones.
BOOST_AUTO_TEST_CASE(whatever_the_spectrum_none_is_missed_and_none_counted_twice) {
  laws::Random random(6);
  const Index size = 230;
  const auto number = [&](double from, double to) { return std::uniform_real_distribution<double>(from, to)(random); };
  for (int trial = 0; trial < 40; ++trial) {
    Vector<double> values = Vector<double>::Zero(size);
    if (trial % 2 == 0) values = Vector<double>::LinSpaced(size, number(-2, 0), number(0, 0.9));
    Index above = 0;
    // Multiplets about 1, as far apart as may be.
    for (const double gap = std::pow(10, number(-2, 0)); double level : {-4, -3, -2, -1, 0, 1, 2, 3}) {
      const Index copies = 1 + static_cast<Index>(random() % 5);
      if (random() % 2 == 0) values.segment(above, copies).setConstant(1 + gap * level), above += copies;
    }
    std::sort(values.begin(), values.end(), std::greater<>());
    const State basis = orthonormal(laws::normal(size, size, random));
    const State W = basis * values.asDiagonal() * basis.transpose();
    for (const Index asked : {1, 3, 6}) {
      BOOST_TEST_CONTEXT("trial " << trial << ", " << asked << " asked for: " << values.head(40).transpose()) {
        const Classification found =
            classify(models::hopfield_1984(0.5 * (W + W.transpose())), State::Zero(size, 1), {.eigenvalues = asked});
        BOOST_TEST(found.unstable == (values.array() > 1 + 1e-6).count());
        BOOST_TEST(found.flat == ((values.array() - 1).abs() < 1e-6).count());
        BOOST_TEST((found.top - (values.head(found.top.size()).array() - 1).matrix()).cwiseAbs().maxCoeff() < 1e-8);
        BOOST_TEST(std::abs(found.bottom[0] - (values[size - 1] - 1)) < 1e-8);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(model_b_rests_at_a_memory_and_not_between_two) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const State memories = laws::normal(10, 40, random).array().sign() / std::sqrt(40.0);
    const models::ModelB choice{.beta = 6};
    for (const Network& net : {models::model_b(memories, choice), models::two_layer(memories, choice.microscopic())}) {
      Flow flow{net};
      State x = net.zeros();
      net.block(x, net.layers().front()) = memories.row(2).transpose();
      integrate(flow, x, {.end = 1000, .settled = 1e-9});
      const Classification found = classify(flow, x);
      BOOST_TEST((found.kind == FixedPoint::minimum), found);
      BOOST_TEST(found.unstable + found.flat == 0);
      // The constant direction of the softmax is seen by no energy.
      const bool hidden = net.layers().size() == 2;
      BOOST_TEST(found.unseen.size() == (hidden ? 1 : 0));
      if (hidden) BOOST_TEST(count(found.unseen, net.layer(net.layers()[1]).name) == 1);
    }
    // Between ξ and −ξ: J = −1 + β ξ ξᵀ at v = 0
    State pair(2, 40);
    pair << memories.row(0), -memories.row(0);
    const Classification between = classify(models::model_b(pair, choice), State::Zero(40, 1));
    BOOST_TEST((between.kind == FixedPoint::saddle));
    BOOST_TEST(between.unstable == 1);
    BOOST_TEST(std::abs(between.top[0] - 5) < 1e-12);
    BOOST_TEST(std::abs(between.top[1] + 1) < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(what_the_energy_does_not_see_is_told_by_layer) {
  laws::Random random(9);
  const auto unseen = [&](const Lagrangian& hidden, const State& h) {
    const Network net = laws::two_layers(LogCosh{}, hidden, random);
    State x(12, 1);
    x << laws::normal(7, 1, random), h;
    return count(classify(net, x, {.residual = anywhere}).unseen, "h");
  };
  const State h{{1.0}, {-0.5}, {2.0}, {-3.0}, {-0.1}};
  BOOST_TEST(unseen(Quadratic{}, h) == 0);
  BOOST_TEST(unseen(LogSumExp{.beta = 2}, h) == 1);
  BOOST_TEST(unseen(Norm{}, h) == 1);
  BOOST_TEST(unseen(LayerNorm{.epsilon = 0}, h) == 2);
  BOOST_TEST(unseen(RectifiedPower{.n = 2}, h) == 3);
  BOOST_TEST(unseen(Absolute{}, h) == 5);

  Flow flow{laws::two_layers(LogCosh{}, RectifiedPower{.n = 2}, random)};
  State x(12, 1);
  x << laws::normal(7, 1, random), h;
  flow.clamp(flow.network().find("h"), {1, 2});
  BOOST_TEST(count(classify(flow, x, {.residual = anywhere}).unseen, "h") == 2);
}

BOOST_AUTO_TEST_CASE(a_sample_has_its_own_input) {
  laws::Random random(3);
  const Network net = laws::two_layers(LogCosh{.beta = 2}, Softplus{}, random);
  Flow flow{net};
  flow.input(net.find("v")) = laws::normal(7, 3, random);
  State x = laws::normal(12, 3, random);
  integrate(flow, x, {.stepper = DormandPrince{1e-10, 1e-12}, .end = 1000, .settled = 1e-9});
  for (const Index sample : {0, 1, 2}) {
    Flow alone{net};
    alone.input(net.find("v")) = State(static_cast<const State&>(flow.input(net.find("v"))).col(sample));
    const Classification found = classify(flow, x, {.sample = sample});
    const Classification expected = classify(alone, x.col(sample));
    BOOST_TEST((found.top.array() == expected.top.array()).all());
    BOOST_TEST(found.residual == expected.residual);
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_classified_is_refused) {
  laws::Random random(4);
  const Network net = laws::two_layers(LogCosh{}, Softplus{}, random);
  const State x = State::Ones(12, 2);
  BOOST_TEST(names(message<ValueError>([&] { classify(net, x); }), {"no fixed point", "residual", "1e-06"}));
  BOOST_TEST(names(message<ValueError>([&] { classify(net, x, {.sample = 2}); }), {"no sample 2", "2 samples"}));
  BOOST_TEST(names(message<ValueError>([&] { classify(net, x, {.eigenvalues = 0}); }), {"0 eigenvalues"}));
  BOOST_TEST(names(message<ValueError>([&] { classify(net, x, {.residual = -1}); }), {"residual", "-1"}));
  BOOST_TEST(names(message<ValueError>([&] { classify(net, x, {.flat = 0}); }), {"flat", "0"}));
  Flow held{net};
  for (const LayerHandle layer : net.layers()) held.clamp(layer);
  BOOST_TEST(names(message<ModelError>([&] { classify(held, x); }), {"every neuron is clamped"}));
  const Network cubic = laws::two_layers(LogCosh{}, Power{.n = 3}, random);
  BOOST_TEST(names(message<ModelError>([&] { classify(cubic, -x, {.residual = anywhere}); }), {"'h'", "not convex"}));
  BOOST_TEST(names(message<ShapeError>([&] { classify(net, State::Ones(5, 1)); }), {"5 rows"}));
}

BOOST_AUTO_TEST_CASE(it_prints_what_it_found) {
  laws::Random random(5);
  const State u = laws::normal(20, 1, random).normalized();
  std::ostringstream text;
  text << classify(models::hopfield_1984(u * u.transpose()), State::Zero(20, 1));
  BOOST_TEST(names(text.str(), {"degenerate: of 20 eigenvalues 0 positive, 1 zero", "flat      1 in 'neurons'", "-1"}));
  text.str("");
  text << classify(laws::two_layers(LogCosh{}, LogSumExp{}, random), State::Zero(12, 1), {.residual = anywhere});
  BOOST_TEST(names(text.str(), {"unseen    1 in 'h'"}));
}

BOOST_AUTO_TEST_SUITE_END()
