// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <hamlet/network/flow.hpp>
#include <models/bidirectional.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;

BOOST_AUTO_TEST_SUITE(bidirectional)

BOOST_AUTO_TEST_CASE(flow_and_energy_are_those_of_the_pairs) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    for (const double beta : {0.4, 1.0, 3.0}) {
      laws::Random random(seed);
      const Index K = 4, N = 7, M = 5, B = 3;
      const State pairs_x = laws::normal(K, N, random), pairs_y = laws::normal(K, M, random);
      const Network net = hamlet::models::bidirectional(pairs_x, pairs_y, {.beta = beta, .tau_x = 2.0, .tau_y = 0.5});
      const State state = laws::normal(N + M, B, random);
      const State x = state.topRows(N), y = state.bottomRows(M);
      const State g_x = (beta * x.array()).tanh(), g_y = (beta * y.array()).tanh();
      // (x_k·g_x) and (y_k·g_y), K × B
      const State of_x = pairs_x * g_x, of_y = pairs_y * g_y;
      State derivative;
      Flow{net}(state, derivative, 0);
      BOOST_TEST(laws::distance(derivative.topRows(N), (pairs_x.transpose() * of_y - x) / 2) < 1e-13);
      BOOST_TEST(laws::distance(derivative.bottomRows(M), (pairs_y.transpose() * of_x - y) / 0.5) < 1e-13);
      const State log_cosh = (beta * state.array()).cosh().log() / beta;
      const Energies energy = x.cwiseProduct(g_x).colwise().sum() + y.cwiseProduct(g_y).colwise().sum() -
                              log_cosh.colwise().sum() - of_x.cwiseProduct(of_y).colwise().sum();
      BOOST_TEST(laws::distance(net.energy(state), energy) < 1e-12);
    }
  }
}

// One sample a pair: one layer holds the pair's, a tenth of it wrong, the other nothing.
BOOST_AUTO_TEST_CASE(each_of_a_pair_recalls_the_other) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const Index K = 3, N = 100, M = 80;
    const State pairs_x = laws::normal(K, N, random).cwiseSign(), pairs_y = laws::normal(K, M, random).cwiseSign();
    const Network net = hamlet::models::bidirectional(pairs_x, pairs_y, {.beta = 0.1});
    const LayerHandle x = net.find("x"), y = net.find("y");
    for (const LayerHandle cued : {x, y}) {
      const State& pairs = cued == x ? pairs_x : pairs_y;
      State state = net.zeros(K);
      net.block(state, cued) = pairs.transpose();
      net.block(state, cued).topRows(pairs.cols() / 10) *= -1;
      Flow flow{net};
      EnergyMonitor descent{flow};
      const Outcome outcome = integrate(flow, state, {.end = 1e3, .settled = 1e-6}, descent);
      BOOST_TEST((outcome.status == Status::settled), outcome);
      BOOST_TEST(descent.verdict().descends, descent.verdict());
      BOOST_TEST((net.block(state, x).cwiseSign() - pairs_x.transpose()).cwiseAbs().maxCoeff() == 0);
      BOOST_TEST((net.block(state, y).cwiseSign() - pairs_y.transpose()).cwiseAbs().maxCoeff() == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(pairs_that_are_none_are_refused) {
  const auto refused = [](const State& x, const State& y) {
    return laws::message<hamlet::Error>([&] { hamlet::models::bidirectional(x, y); });
  };
  BOOST_TEST(refused(State::Ones(3, 7), State::Ones(4, 5)) == "pairs of 3 x and 4 y: there must be as many");
  BOOST_TEST(laws::names(refused(State(3, 0), State::Ones(3, 5)), {"no weights"}));
  State broken = State::Ones(3, 5);
  broken(1, 4) = std::nan("");
  BOOST_TEST(laws::names(refused(State::Ones(3, 7), broken), {"nan", "must be finite"}));
}

BOOST_AUTO_TEST_SUITE_END()
