// SPDX-License-Identifier: MIT
#include "monitor/balance.hpp"

#include <hamlet/dynamics/alternating_flow.hpp>
#include <hamlet/dynamics/discrete_gradient.hpp>
#include <hamlet/dynamics/exponential_steppers.hpp>
#include <hamlet/dynamics/guarded.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/monitor/energy_monitor.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "dynamics/steppers.hpp"
#include "laws/flow_instances.hpp"

using hamlet::Balance;
using hamlet::Energies;

namespace {

Energies one(double value) { return Energies::Constant(1, value); }

// The balance of Ė = e^{−t} sin 3t over [0, 2] in `steps` uneven steps, against its integral in closed form.
double quadrature_error(int order, int steps) {
  const auto rate = [](double t) { return std::exp(-t) * std::sin(3 * t); };
  const auto integral = [](double t) { return -std::exp(-t) * (std::sin(3 * t) + 3 * std::cos(3 * t)) / 10; };
  Balance balance;
  balance.begin(0, one(integral(0)), one(rate(0)), order);
  for (int k = 1; k <= steps; ++k) {
    const double s = static_cast<double>(k) / steps;
    const double t = 2 * (s + 0.3 * s * (1 - s));
    balance.add(t, one(integral(t)), one(rate(t)), one(0));
  }
  return std::abs(balance.predicted()[0] - (integral(2) - integral(0)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(balance)

BOOST_AUTO_TEST_CASE(polynomials_below_the_order_are_integrated_exactly_over_any_steps) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(0.1, 0.3);
  for (const int order : {1, 2, 3, 4, 5, 6, 7, 8, 16}) {
    const int nodes = std::clamp(order, 2, 8);
    for (const int steps : {nodes - 1, nodes, 2 * nodes, 20}) {
      // Σ_k (−1)^k t^k, and its integral
      const auto rate = [&](double t) {
        double sum = 0;
        for (int k = 0; k < nodes; ++k) sum += std::pow(-t, k);
        return sum;
      };
      const auto integral = [&](double t) {
        double sum = 0;
        for (int k = 0; k < nodes; ++k) sum -= std::pow(-t, k + 1) / (k + 1);
        return sum;
      };
      Balance balance;
      double t = -1;
      const double start = integral(t);
      balance.begin(t, one(start), one(rate(t)), order);
      double largest = 1;
      for (int k = 0; k < steps; ++k) {
        t += uniform(random);
        largest = std::max(largest, std::abs(integral(t)));
        balance.add(t, one(integral(t)), one(rate(t)), one(0));
      }
      BOOST_TEST(std::abs(balance.predicted()[0] - (integral(t) - start)) < 1e-10 * largest,
                 "order " << order << ", " << steps << " steps");
    }
  }
}

BOOST_AUTO_TEST_CASE(the_error_falls_with_the_power_of_the_step_that_is_asked_for) {
  for (const int order : {2, 3, 4, 5, 6, 7, 8}) {
    const int steps = order <= 4 ? 320 : order <= 6 ? 120 : 70;
    const double slope = std::log2(quadrature_error(order, steps) / quadrature_error(order, 2 * steps));
    BOOST_TEST(slope > order - 0.3, order << ": " << slope);
    BOOST_TEST(slope < order + 1.3, order << ": " << slope);  // an odd one may gain by symmetry
  }
}

// Of every stepper: its energies are those of its own states, whose error is of its order; the quadrature adds no more.
BOOST_AUTO_TEST_CASE(the_balance_of_a_run_falls_with_the_order_of_its_stepper) {
  std::vector<steppers::Method> methods = steppers::all();
  methods.push_back({"AlternatingFlow", 1, false, 0, [](double h) { return hamlet::AlternatingFlow{.step = h}; }});
  methods.push_back(
      {"AlternatingFlow 2", 2, false, 0, [](double h) { return hamlet::AlternatingFlow{.step = h, .order = 2}; }});
  methods.push_back({"DiscreteGradient", 2, false, 0, [](double h) { return hamlet::DiscreteGradient{h}; }});
  methods.push_back({"ExponentialEuler", 1, false, 0, [](double h) { return hamlet::ExponentialEuler{h}; }});
  methods.push_back(
      {"ExponentialRungeKutta2", 2, false, 0, [](double h) { return hamlet::ExponentialRungeKutta2{h}; }});
  methods.push_back({"Guarded", 4, false, 0, [](double h) { return hamlet::Guarded{hamlet::RungeKutta4{h}}; }});
  for (const steppers::Method& method : methods) {
    hamlet::laws::Random random(4);
    hamlet::Flow flow{hamlet::laws::two_layers(hamlet::LogCosh{.beta = 1.3}, hamlet::LogCosh{}, random)};
    const hamlet::State start = hamlet::laws::normal(12, 2, random);
    const auto error = [&](int steps) {
      hamlet::State state = start;
      hamlet::EnergyMonitor monitor{flow};
      integrate(flow, state, method.held_at(1.0 / steps, 1), monitor);
      return monitor.verdict().balance;
    };
    const int steps = method.order <= 2 ? 200 : method.order <= 5 ? 320 : 80;
    const double slope = std::log2(error(steps) / error(2 * steps));
    BOOST_TEST(slope > method.order - 0.6, method.name << ": " << slope << ", " << error(2 * steps));
  }
}

// Ė jumps with a drop of E: on either side the order is kept.
BOOST_AUTO_TEST_CASE(a_jump_of_the_dissipation_costs_no_order) {
  const auto error = [](int steps) {
    Balance balance;
    const auto E = [](double t) {
      return t < 1 ? std::cos(t) : std::cos(1.0) - 0.5 + std::exp(-2 * t) - std::exp(-2.0);
    };
    const auto rate = [](double t) { return t < 1 ? -std::sin(t) : -2 * std::exp(-2 * t); };
    balance.begin(0, one(E(0)), one(rate(0)), 5);
    for (int k = 1; k <= 2 * steps; ++k) {
      const double t = static_cast<double>(k) / steps;
      balance.add(t, one(E(t)), one(rate(t)), one(k == steps ? 0.5 : 0));
    }
    return balance.error();
  };
  const double slope = std::log2(error(40) / error(80));
  BOOST_TEST(slope > 4.7, slope);
}

BOOST_AUTO_TEST_CASE(one_and_two_steps_use_what_there_is) {
  Balance balance;
  balance.begin(0, one(5), one(-2), 4);
  BOOST_TEST(balance.predicted()[0] == 0.0);
  balance.add(1, one(3), one(-2), one(0));
  BOOST_TEST(balance.predicted()[0] == -2.0, boost::test_tools::tolerance(1e-14));
  balance.add(3, one(-1), one(-2), one(0));
  BOOST_TEST(balance.predicted()[0] == -6.0, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(samples_are_apart_and_drops_are_counted) {
  Balance balance;
  balance.begin(0, Energies{{0, 10}}, Energies{{-1, -3}}, 4);
  balance.add(1, Energies{{-1.5, 7}}, Energies{{-1, -3}}, Energies{{0.5, 0}});
  BOOST_TEST(balance.error() < 1e-14);
  balance.add(2, Energies{{-2.5, 3}}, Energies{{-1, -3}}, Energies{{0, 0}});
  BOOST_TEST(balance.error() == 1.0 / 7, boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(what_is_not_a_number_is_the_worst_error) {
  for (const int broken : {0, 1}) {
    Energies dissipation{{-1, -1}};
    dissipation[broken] = std::nan("");
    Balance balance;
    balance.begin(0, Energies{{0, 0}}, dissipation, 4);
    balance.add(1, Energies{{-2, -3}}, dissipation, Energies{{0, 0}});
    BOOST_TEST(std::isnan(balance.error()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
