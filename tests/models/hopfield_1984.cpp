// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <hamlet/network/flow.hpp>
#include <models/hopfield_1984.hpp>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;

namespace {

/// ∫₀^g β⁻¹ artanh V dV by quadrature: what Hopfield's energy adds for each neuron.
double leak(double g, double beta) {
  const auto inverse = [beta](double V) { return std::atanh(V) / beta; };
  return boost::math::quadrature::gauss_kronrod<double, 31>::integrate(inverse, 0.0, g, 15, 1e-11);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hopfield_1984)

BOOST_AUTO_TEST_CASE(flow_and_energy_are_hopfields) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    for (const double beta : {0.4, 1.0, 3.0}) {
      laws::Random random(seed);
      const Index N = 8, B = 3;
      const State W = laws::symmetric(N, random), I = laws::normal(N, B, random), x = 0.5 * laws::normal(N, B, random);
      const Network net = hamlet::models::hopfield_1984(W, {.beta = beta, .tau = 2.0});
      Flow flow{net};
      flow.input(net.find("neurons")) = I;
      const State g = (beta * x.array()).tanh();
      State derivative;
      flow(x, derivative, 0);
      BOOST_TEST(laws::distance(derivative, (W * g + I - x) / 2) < 1e-13);

      const State leaks = g.unaryExpr([beta](double of_one) { return leak(of_one, beta); });
      const Energies energy =
          -0.5 * g.cwiseProduct(W * g).colwise().sum() + leaks.colwise().sum() - I.cwiseProduct(g).colwise().sum();
      BOOST_TEST(laws::distance(flow.energy(x), energy) < 1e-12);
    }
  }
}

BOOST_AUTO_TEST_CASE(it_settles_where_x_is_its_own_current) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const Index N = 12, B = 4;
    State W = laws::symmetric(N, random);
    W.diagonal().setZero();
    const State I = laws::normal(N, 1, random);
    const Network net = hamlet::models::hopfield_1984(W, {.beta = 2});
    Flow flow{net};
    flow.input(net.find("neurons")) = I;
    EnergyMonitor descent{flow};
    State x = laws::normal(N, B, random);
    const Outcome outcome = integrate(flow, x, {.end = 1e4, .settled = 1e-9}, descent);
    BOOST_TEST((outcome.status == Status::settled), outcome);
    BOOST_TEST(descent.verdict().descends, descent.verdict());
    const State current = (W * State((2 * x.array()).tanh())).colwise() + Vector<double>(I);
    BOOST_TEST(laws::distance(x, current) < 1e-8);
  }
}

BOOST_AUTO_TEST_CASE(memories_are_recalled_from_what_is_left_of_them) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const Index N = 200, K = 5;
    const State xi = laws::normal(K, N, random).cwiseSign();
    State W = xi.transpose() * xi / static_cast<double>(N);
    W.diagonal().setZero();
    Flow flow{hamlet::models::hopfield_1984(W, {.beta = 4})};
    State x = xi.transpose();
    x.topRows(N / 5) *= -1;  // a fifth is wrong
    const Outcome outcome = integrate(flow, x, {.end = 1e4, .settled = 1e-8});
    BOOST_TEST((outcome.status == Status::settled), outcome);
    const Energies overlap = xi.transpose().cwiseProduct(x.cwiseSign()).colwise().mean();
    BOOST_TEST(overlap.minCoeff() > 0.98);
  }
}

BOOST_AUTO_TEST_CASE(what_has_no_energy_is_refused) {
  State W = State::Zero(3, 3);
  W(0, 2) = 1;
  BOOST_TEST(laws::names(laws::message<ValueError>([&] { hamlet::models::hopfield_1984(W); }),
                         {"not symmetric", "W(0, 2) = 1", "W(2, 0) = 0"}));
  BOOST_TEST(
      laws::names(laws::message<ValueError>([] { hamlet::models::hopfield_1984(State::Zero(3, 3), {.beta = -2}); }),
                  {"beta", "-2"}));
}

BOOST_AUTO_TEST_SUITE_END()
