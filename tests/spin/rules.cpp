// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/classical_spins.hpp>
#include <hamlet/spin/hebbian_weights.hpp>
#include <hamlet/spin/perceptron.hpp>
#include <hamlet/spin/pseudo_inverse.hpp>
#include <hamlet/spin/relax.hpp>
#include <hamlet/spin/spin_monitor.hpp>
#include <hamlet/spin/storkey_weights.hpp>
#include <hamlet/spin/unlearn.hpp>

#include <Eigen/LU>
#include <boost/test/unit_test.hpp>

#include <cmath>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;

namespace {

/// Rows that agree in most of their spins.
SpinPatterns correlated(Index K, Index N, Spins::Random& random) {
  const Spins center = Spins::random(N, random);
  SpinPatterns patterns(N);
  for (Index k = 0; k < K; ++k) patterns.append(center.with_flips(N / 5, random));
  return patterns;
}

Index unstable(const SpinNetwork& network, const SpinPatterns& patterns) {
  Index sum = 0;
  for (Index row = 0; row < patterns.rows(); ++row) sum += network.unstable(patterns[row]);
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(the_pseudo_inverse_projects_onto_the_patterns) {
  Spins::Random random(1);
  constexpr Index N = 120;
  for (const Index K : {1, 20, 60, 110}) {
    const SpinPatterns patterns = correlated(K, N, random);
    const State xi = patterns.matrix();
    const State W = pseudo_inverse(patterns, SelfCoupling::kept).weights();
    BOOST_TEST(laws::distance(State(W * xi.transpose()), State(xi.transpose())) < 1e-9);
    // By its formula
    const State Q = xi * xi.transpose() / double{N};
    BOOST_TEST(laws::distance(W, State(xi.transpose() * Q.inverse() * xi / double{N}), 1.0) < 1e-8);
    BOOST_TEST((W == W.transpose()));
    BOOST_TEST(unstable(pseudo_inverse(patterns, SelfCoupling::kept), patterns) == 0);
    const CoupledSpins without = pseudo_inverse(patterns);
    BOOST_TEST(without.descends());
    BOOST_TEST((without.weights().diagonal().cwiseAbs().maxCoeff() == 0));
    BOOST_TEST(unstable(without, patterns) == 0);
    // Hebb's rule cannot hold what is so alike.
    if (K >= 20) BOOST_TEST(unstable(ClassicalSpins(patterns), patterns) > 0);
  }
  // Linearly dependent patterns add nothing.
  SpinPatterns patterns = SpinPatterns::random(5, N, random);
  const State W = pseudo_inverse(patterns).weights();
  patterns.append(patterns[2]);
  patterns.append(-patterns[0]);
  BOOST_TEST(laws::distance(pseudo_inverse(patterns).weights(), W) < 1e-12);
}

BOOST_AUTO_TEST_CASE(storkey_s_rule_is_its_formula) {
  Spins::Random random(2);
  constexpr Index N = 14;
  const SpinPatterns patterns = SpinPatterns::random(6, N, random);
  State W = State::Zero(N, N);
  for (Index row = 0; row < 6; ++row) {
    const Vector<double> xi = patterns[row].column();
    const State before = W;
    const auto h = [&](Index i, Index j) {
      double sum = 0;
      for (Index k = 0; k < N; ++k) sum += k != i && k != j ? before(i, k) * xi[k] : 0;
      return sum;
    };
    for (Index i = 0; i < N; ++i)
      for (Index j = 0; j < N; ++j)
        if (i != j) W(i, j) += (xi[i] * xi[j] - xi[i] * h(j, i) - h(i, j) * xi[j]) / double{N};
  }
  const StorkeyWeights learned(patterns);
  BOOST_TEST(laws::distance(learned.weights(), W) < 1e-13);
  BOOST_TEST(learned.network().symmetric());
  BOOST_TEST(learned.network().descends());
}

// Its capacity, N/√(2 ln N), is twice and more that of Hebb's rule, N/(4 ln N).
BOOST_AUTO_TEST_CASE(storkey_s_rule_holds_more_than_hebb_s) {
  Spins::Random random(3);
  const SpinPatterns patterns = SpinPatterns::random(60, 300, random);
  const Index by_storkey = unstable(StorkeyWeights(patterns).network(), patterns);
  const Index by_hebb = unstable(HebbianWeights(patterns).network(), patterns);
  BOOST_TEST(by_hebb > 100);
  BOOST_TEST(10 * by_storkey < by_hebb);
}

BOOST_AUTO_TEST_CASE(the_perceptron_holds_more_patterns_than_there_are_spins) {
  Spins::Random random(4);
  constexpr Index N = 100;
  for (const auto& [K, margin] : {std::pair<Index, double>{30, 1.0}, {50, 0.5}, {130, 0}}) {
    const SpinPatterns patterns = SpinPatterns::random(K, N, random);
    const PerceptronLearning learned = perceptron(patterns, {.margin = margin});
    BOOST_TEST(learned.converged);
    BOOST_TEST(learned.margin > margin);
    BOOST_TEST(unstable(learned.network, patterns) == 0);
    const State W = learned.network.weights(), xi = patterns.matrix();
    BOOST_TEST((W.diagonal().cwiseAbs().maxCoeff() == 0));
    const State stability = (xi * W.transpose()).cwiseProduct(xi) * W.rowwise().norm().cwiseInverse().asDiagonal();
    BOOST_TEST(std::abs(stability.minCoeff() - learned.margin) < 1e-12);
    // Nobody has said that it is symmetric, or that an energy descends.
    BOOST_TEST(!learned.network.symmetric());
    BOOST_TEST(!learned.network.descends());
  }
  // Beyond K = 2N there are no such weights. Source: Cover, IEEE Trans. Electron. Comput. 14 (1965).
  const PerceptronLearning beyond = perceptron(SpinPatterns::random(300, N, random), {.most_sweeps = 50});
  BOOST_TEST(!beyond.converged);
  BOOST_TEST(beyond.sweeps == 50);
  BOOST_TEST(beyond.margin <= 0);
}

// And indeed it may rise.
BOOST_AUTO_TEST_CASE(under_asymmetric_weights_energies_rise) {
  Spins::Random random(5);
  const SpinPatterns patterns = SpinPatterns::random(60, 100, random);
  const CoupledSpins network = perceptron(patterns).network;
  long rises = 0;
  for (int start = 0; start < 20; ++start) {
    Spins state = Spins::random(100, random);
    SpinMonitor monitor;
    relax(network, state, {.most_sweeps = 50}, monitor);
    rises += monitor.rises();
  }
  BOOST_TEST(rises > 0);
  // A negative diagonal breaks the promise too.
  BOOST_TEST(!CoupledSpins(-State::Identity(3, 3)).descends());
  BOOST_TEST(CoupledSpins(State::Identity(3, 3)).descends());
}

BOOST_AUTO_TEST_CASE(a_dream_takes_away_what_was_dreamt) {
  Spins::Random random(6);
  const SpinPatterns patterns = SpinPatterns::random(12, 60, random);
  const CoupledSpins hebbian = HebbianWeights(patterns).network();
  BOOST_TEST((unlearn(hebbian, {.dreams = 0}).weights() == hebbian.weights()));
  const State change =
      (hebbian.weights() - unlearn(hebbian, {.dreams = 1, .strength = 0.03, .seed = 4}).weights()) * 60 / 0.03;
  // σσᵀ without its diagonal, of a fixed point σ
  Vector<double> sigma = change.col(0);
  sigma[0] = 1;
  const Spins dreamt = Spins::sign(sigma);
  State expected = dreamt.column() * dreamt.column().transpose();
  expected.diagonal().setZero();
  BOOST_TEST((change - expected).cwiseAbs().maxCoeff() < 1e-9);
  BOOST_TEST(SpinNetwork(hebbian).unstable(dreamt) == 0);
  BOOST_TEST((unlearn(hebbian, {.dreams = 20}).weights() == unlearn(hebbian, {.dreams = 20}).weights()));
  BOOST_TEST((unlearn(hebbian, {.dreams = 20}).weights() != unlearn(hebbian, {.dreams = 20, .seed = 2}).weights()));
}

// Above Hebb's capacity. Source: Hopfield, Feinstein & Palmer 1983; van Hemmen et al., J. Phys. A 23 (1990).
BOOST_AUTO_TEST_CASE(unlearning_helps_and_then_destroys) {
  Spins::Random random(7);
  constexpr Index N = 100;
  const SpinPatterns patterns = SpinPatterns::random(24, N, random);
  CoupledSpins network = HebbianWeights(patterns).network();
  const Index before = unstable(network, patterns);
  network = unlearn(network, {.dreams = 400});
  const Index rested = unstable(network, patterns);
  network = unlearn(network, {.dreams = 12'000, .seed = 2});
  const Index lost = unstable(network, patterns);
  BOOST_TEST_MESSAGE("unstable bits: " << before << ", " << rested << ", " << lost);
  BOOST_TEST(2 * rested < before);
  BOOST_TEST(lost > 2 * before);
}

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
  Spins::Random random(8);
  const SpinPatterns patterns = SpinPatterns::random(3, 10, random);
  using laws::message, laws::names;
  BOOST_TEST(names(message<ShapeError>([] { HebbianWeights(0); }), {"0"}));
  BOOST_TEST(names(message<ShapeError>([] { StorkeyWeights(-1); }), {"-1"}));
  BOOST_TEST(names(message<ShapeError>([] { HebbianWeights(3).store(Spins(4)); }), {"4", "3"}));
  BOOST_TEST(names(message<ShapeError>([] { StorkeyWeights(3).store(Spins(4)); }), {"4", "3"}));
  BOOST_TEST(names(message<ShapeError>([] { pseudo_inverse(SpinPatterns(3)); }), {"no pattern"}));
  BOOST_TEST(names(message<ShapeError>([] { perceptron(SpinPatterns(3)); }), {"no pattern"}));
  BOOST_TEST(names(message<ValueError>([&] { perceptron(patterns, {.margin = -1}); }), {"margin is -1"}));
  BOOST_TEST(names(message<ValueError>([&] { perceptron(patterns, {.most_sweeps = 0}); }), {"most_sweeps is 0"}));
  const CoupledSpins network = HebbianWeights(patterns).network();
  BOOST_TEST(names(message<ValueError>([&] { unlearn(network, {.dreams = -1}); }), {"-1 dreams"}));
  BOOST_TEST(names(message<ValueError>([&] { unlearn(network, {.strength = NAN}); }), {"strength is nan"}));
  BOOST_TEST(names(message<ModelError>([&] { unlearn(perceptron(patterns).network); }), {"not symmetric"}));
}

BOOST_AUTO_TEST_SUITE_END()
