// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/sparse_covariance.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "laws/throws.hpp"

using namespace hamlet;

namespace {

/// 1 where active, else 0.
Vector<double> activity(const Spins& spins) { return (spins.column().array() + 1) / 2; }

Index active_of(const Spins& spins) { return (spins.sum() + spins.size()) / 2; }

/// (N a (1 − a))⁻¹ Σ (ξ − a)(ξ − a)ᵀ without its diagonal.
State weights(const SparseCovariance& network) {
  const auto N = static_cast<double>(network.size());
  const double a = static_cast<double>(network.active()) / N;
  State W = State::Zero(network.size(), network.size());
  for (Index row = 0; row < network.patterns().rows(); ++row) {
    const Vector<double> xi = activity(network.patterns()[row]).array() - a;
    W += xi * xi.transpose() / (N * a * (1 - a));
  }
  W.diagonal().setZero();
  return W;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sparse_covariance)

BOOST_AUTO_TEST_CASE(the_winners_are_those_of_the_largest_fields) {
  Spins::Random random(1);
  for (const auto& [N, A, K] : {std::tuple<Index, Index, Index>{10, 3, 4}, {100, 10, 30}, {130, 40, 9}}) {
    SparseCovariance network(N, A);
    for (Index k = 0; k < K; ++k) network.store(k == 0 ? Spins::random(N, random) : network.random_pattern(random));
    const State W = weights(network);
    for (int trial = 0; trial < 10; ++trial) {
      const Spins state = trial == 0 ? Spins::random(N, random) : network.random_pattern(random);
      const Spins winners = network.updated(state);
      BOOST_TEST(active_of(winners) == A);
      const Vector<double> h = W * activity(state);
      double least_winner = 1e300, largest_loser = -1e300;
      for (Index i = 0; i < N; ++i)
        (winners[i] > 0 ? least_winner = std::min(least_winner, h[i]) : largest_loser = std::max(largest_loser, h[i]));
      BOOST_TEST(least_winner >= largest_loser - 1e-12);
      Spins after = state;
      const SpinOutcome outcome = network.recall(after);
      BOOST_TEST((outcome.status != SpinStatus::too_many_sweeps));
      const Vector<double> s = activity(after);
      BOOST_TEST(std::abs(outcome.energy.value() + 0.5 * s.dot(W * s)) < 1e-12 * static_cast<double>(K * N));
      if (outcome.status == SpinStatus::settled)
        BOOST_TEST((network.updated(after) == after));
      else
        BOOST_TEST((network.updated(network.updated(after)) == after));
    }
  }
}

// Of equal fields: those active before, then those of a smaller index.
BOOST_AUTO_TEST_CASE(ties_keep_what_is_active) {
  const SparseCovariance empty(6, 2);
  BOOST_TEST((empty.updated({-1, -1, -1, 1, -1, 1}) == Spins{-1, -1, -1, 1, -1, 1}));
  BOOST_TEST((empty.updated({-1, -1, -1, -1, -1, 1}) == Spins{1, -1, -1, -1, -1, 1}));
  BOOST_TEST((empty.updated({-1, 1, 1, 1, -1, -1}) == Spins{-1, 1, 1, -1, -1, -1}));
}

BOOST_AUTO_TEST_CASE(memories_are_completed_beyond_the_load_of_dense_patterns) {
  Spins::Random random(2);
  constexpr Index N = 1000, A = 50, K = 400;  // α = 0.4, thrice the 0.138 of a = ½
  SparseCovariance network(N, A);
  for (Index k = 0; k < K; ++k) network.store(network.random_pattern(random));
  double sum = 0;
  for (Index k = 0; k < 40; ++k) {
    const Spins memory = network.patterns()[k];
    Spins cue = memory;
    // A third of the active neurons are exchanged for others.
    for (Index moved = 0, i = 0; moved < A / 3; ++i)
      if (memory[i] > 0) cue.flip(i), ++moved;
    for (Index moved = 0, i = N - 1; moved < A / 3; --i)
      if (memory[i] < 0) cue.flip(i), ++moved;
    BOOST_TEST(network.overlap(memory, cue) < 0.7);
    network.recall(cue);
    sum += network.overlap(memory, cue) / 40;
  }
  BOOST_TEST_MESSAGE("mean overlap " << sum);
  BOOST_TEST(sum > 0.95);
}

BOOST_AUTO_TEST_CASE(overlaps_are_covariances) {
  Spins::Random random(3);
  SparseCovariance network(200, 30);
  const double a = 0.15;
  for (int k = 0; k < 10; ++k) {
    const Spins xi = network.random_pattern(random), s = Spins::random(200, random);
    BOOST_TEST(active_of(xi) == 30);
    BOOST_TEST(std::abs(network.overlap(xi, xi) - 1) < 1e-12);
    const double expected = (activity(xi).array() - a).matrix().dot(activity(s)) / (200 * a * (1 - a));
    BOOST_TEST(std::abs(network.overlap(xi, s) - expected) < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(what_is_forgotten_leaves_no_trace) {
  Spins::Random random(4);
  SparseCovariance network(100, 10), never(100, 10);
  for (int k = 0; k < 6; ++k) {
    const Spins pattern = network.random_pattern(random);
    network.store(pattern);
    if (k != 2) never.store(pattern);
  }
  network.forget(2);
  BOOST_TEST((network.patterns() == never.patterns()));
  SparseCovariance at_once(100, 10);
  at_once.store(never.patterns());
  for (int k = 0; k < 20; ++k) {
    const Spins state = network.random_pattern(random);
    BOOST_TEST((network.updated(state) == never.updated(state)));
    BOOST_TEST((at_once.updated(state) == never.updated(state)));
  }
}

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
  using laws::message, laws::names;
  BOOST_TEST(names(message<ValueError>([] { SparseCovariance(10, 0); }), {"0 active of 10"}));
  BOOST_TEST(names(message<ValueError>([] { SparseCovariance(10, 10); }), {"10 active of 10"}));
  BOOST_TEST(names(message<ValueError>([] { SparseCovariance(50'000, 10); }), {"50000", "46340"}));
  SparseCovariance network(10, 2);
  BOOST_TEST(names(message<ShapeError>([&] { network.store(Spins(9)); }), {"9", "10"}));
  BOOST_TEST(names(message<ShapeError>([&] { network.updated(Spins(9)); }), {"9", "10"}));
  BOOST_TEST(names(message<ValueError>([&] { network.forget(0); }), {"row 0"}));
  Spins state(10);
  BOOST_TEST(names(message<ValueError>([&] { network.recall(state, 0); }), {"most_updates is 0"}));
}

BOOST_AUTO_TEST_SUITE_END()
