// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/guarded.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <models/ali_kamoun.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using models::AliKamoun, models::Arc;

namespace {

constexpr Index nodes = 6;

/// Every node is linked with the next, and with half of the others.
std::vector<Arc> random_arcs(laws::Random& random) {
  std::uniform_real_distribution<double> cost(0.05, 1);
  std::bernoulli_distribution linked(0.5);
  std::vector<Arc> arcs;
  for (Index from = 0; from < nodes; ++from) {
    for (Index to = 0; to < nodes; ++to) {
      if (to != from && (to == from + 1 || linked(random))) arcs.push_back({from, to, cost(random)});
    }
  }
  return arcs;
}

/// The energy as the paper writes it, node by node, without its leak.
double energy(const Vector<double>& v, const std::vector<Arc>& arcs, Index source, Index target, const AliKamoun& mu) {
  double twice = mu.mu5 * (1 - v[v.size() - 1]);
  for (std::size_t a = 0; a < arcs.size(); ++a) twice += mu.mu1 * arcs[a].cost * v[static_cast<Index>(a)];
  for (Index x = 0; x < nodes; ++x) {
    double lost = (x == target ? v[v.size() - 1] : 0) - (x == source ? v[v.size() - 1] : 0);
    for (std::size_t a = 0; a < arcs.size(); ++a) {
      if (arcs[a].from == x) lost += v[static_cast<Index>(a)];
      if (arcs[a].to == x) lost -= v[static_cast<Index>(a)];
    }
    twice += mu.mu3 * lost * lost;
  }
  for (const double each : v) twice += mu.mu4 * each * (1 - each);
  return twice / 2;
}

/// What the cheapest way costs, by relaxing all links as often as there are nodes (Bellman & Ford).
double cheapest(const std::vector<Arc>& arcs, Index source, Index target) {
  std::vector<double> cost(static_cast<std::size_t>(nodes), std::numeric_limits<double>::infinity());
  cost[static_cast<std::size_t>(source)] = 0;
  for (Index round = 0; round < nodes; ++round) {
    for (const Arc& arc : arcs) {
      double& there = cost[static_cast<std::size_t>(arc.to)];
      there = std::min(there, cost[static_cast<std::size_t>(arc.from)] + arc.cost);
    }
  }
  return cost[static_cast<std::size_t>(target)];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ali_kamoun)

BOOST_AUTO_TEST_CASE(energy_and_flow_are_those_of_the_paper) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const std::vector<Arc> arcs = random_arcs(random);
    const AliKamoun mu{.mu1 = 3, .mu3 = 5, .mu4 = 0.7, .mu5 = 2, .beta = 1.5, .tau = 0.5};
    Flow flow = models::ali_kamoun(nodes, arcs, 1, 4, mu);
    const Index N = flow.network().size(), B = 3;
    BOOST_TEST(N == static_cast<Index>(arcs.size()) + 1);
    const State x = laws::normal(N, B, random);
    const State v = 1 / (1 + (-1.5 * x.array()).exp());
    const Energies leak =
        ((v.array() * v.array().log() + (1 - v.array()) * (1 - v.array()).log()) / 1.5).colwise().sum();
    State derivative;
    flow(x, derivative, 0);
    for (Index sample = 0; sample < B; ++sample) {
      const double whole = energy(v.col(sample), arcs, 1, 4, mu);
      BOOST_TEST(std::abs(flow.energy(x)[sample] - (whole - mu.mu5 / 2 + leak[sample])) < 1e-11 * (1 + whole));
      for (Index i = 0; i < N; ++i) {
        Vector<double> up = v.col(sample), down = v.col(sample);
        up[i] += 0.5;
        down[i] -= 0.5;
        const double slope = energy(up, arcs, 1, 4, mu) - energy(down, arcs, 1, 4, mu);
        BOOST_TEST(std::abs(0.5 * derivative(i, sample) + x(i, sample) + slope) < 1e-11 * (1 + std::abs(slope)));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(without_the_concave_term_every_start_leads_to_the_cheapest_way) {
  const AliKamoun convex{.mu1 = 4, .mu3 = 100, .mu4 = 0, .mu5 = 40, .beta = 50};
  for (const unsigned seed : {1u, 2u, 3u, 4u, 5u}) {
    laws::Random random(seed);
    const std::vector<Arc> arcs = random_arcs(random);
    Flow flow = models::ali_kamoun(nodes, arcs, 0, nodes - 1, convex);
    State x = 0.02 * laws::normal(flow.network().size(), 3, random);
    const Outcome outcome = integrate(flow, x, {.stepper = Guarded{DormandPrince{}}, .end = 1000, .settled = 1e-3});
    BOOST_TEST((outcome.status == Status::settled), outcome);
    const State v = flow.activations(x);
    BOOST_TEST(laws::distance(v.col(0), v.col(1)) < 0.01);
    BOOST_TEST(laws::distance(v.col(0), v.col(2)) < 0.01);
    double cost = 0;
    for (std::size_t a = 0; a < arcs.size(); ++a) cost += v(static_cast<Index>(a), 0) >= 0.5 ? arcs[a].cost : 0;
    BOOST_TEST(std::abs(cost - cheapest(arcs, 0, nodes - 1)) < 1e-12, "seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(graphs_that_mean_nothing_are_refused) {
  const std::vector<Arc> arcs{{0, 1, 0.5}, {1, 2, 0.5}};
  BOOST_TEST(laws::names(laws::message<ValueError>([&] { models::ali_kamoun(3, arcs, 0, 3); }), {"no node 3", "3"}));
  BOOST_TEST(laws::names(laws::message<ValueError>([&] { models::ali_kamoun(2, arcs, 0, 1); }), {"no node 2"}));
  BOOST_TEST(laws::names(laws::message<ValueError>([&] { models::ali_kamoun(3, arcs, 1, 1); }), {"both node 1"}));
  BOOST_TEST(laws::names(laws::message<ValueError>([&] { models::ali_kamoun(3, {}, 0, 1); }), {"no link"}));
  BOOST_TEST(laws::names(laws::message<ValueError>([&] { models::ali_kamoun(3, {{0, 1, -2}}, 0, 1); }), {"costs -2"}));
  BOOST_TEST(
      laws::names(laws::message<ValueError>([&] { models::ali_kamoun(3, arcs, 0, 2, {.mu3 = -1}); }), {"weight"}));
}

BOOST_AUTO_TEST_SUITE_END()
