// SPDX-License-Identifier: MIT
#include "monitor/balance.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using hamlet::Balance;
using hamlet::Energies;

namespace {

Energies one(double value) { return Energies::Constant(1, value); }

// The balance of Ė = e^{−t} sin 3t over [0, 2] in `steps` uneven steps, against its integral in closed form.
double quadrature_error(int steps) {
  const auto rate = [](double t) { return std::exp(-t) * std::sin(3 * t); };
  const auto integral = [](double t) { return -std::exp(-t) * (std::sin(3 * t) + 3 * std::cos(3 * t)) / 10; };
  Balance balance;
  balance.begin(0, one(integral(0)), one(rate(0)));
  for (int k = 1; k <= steps; ++k) {
    const double s = static_cast<double>(k) / steps;
    const double t = 2 * (s + 0.3 * s * (1 - s));
    balance.add(t, one(integral(t)), one(rate(t)), one(0));
  }
  return std::abs(balance.predicted()[0] - (integral(2) - integral(0)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(balance)

BOOST_AUTO_TEST_CASE(cubics_are_integrated_exactly_over_any_steps) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(0.1, 1);
  for (int steps : {3, 4, 7, 20}) {
    const auto rate = [](double t) { return 2 - t + 3 * t * t - 0.5 * t * t * t; };
    const auto integral = [](double t) { return 2 * t - t * t / 2 + t * t * t - t * t * t * t / 8; };
    Balance balance;
    double t = 0.7;
    const double start = integral(t);
    balance.begin(t, one(start), one(rate(t)));
    for (int k = 0; k < steps; ++k) {
      t += uniform(random);
      balance.add(t, one(integral(t)), one(rate(t)), one(0));
    }
    BOOST_TEST(balance.predicted()[0] == integral(t) - start, boost::test_tools::tolerance(1e-11));
    BOOST_TEST(balance.error() < 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(the_error_falls_with_the_fourth_power_of_the_step) {
  const double order = std::log2(quadrature_error(320) / quadrature_error(640));
  BOOST_TEST(order > 3.8);
  BOOST_TEST(order < 4.2);
}

BOOST_AUTO_TEST_CASE(one_and_two_steps_use_what_there_is) {
  Balance balance;
  balance.begin(0, one(5), one(-2));
  BOOST_TEST(balance.predicted()[0] == 0.0);
  balance.add(1, one(3), one(-2), one(0));
  BOOST_TEST(balance.predicted()[0] == -2.0, boost::test_tools::tolerance(1e-14));
  balance.add(3, one(-1), one(-2), one(0));
  BOOST_TEST(balance.predicted()[0] == -6.0, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(samples_are_apart_and_drops_are_counted) {
  Balance balance;
  balance.begin(0, Energies{{0, 10}}, Energies{{-1, -3}});
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
    balance.begin(0, Energies{{0, 0}}, dissipation);
    balance.add(1, Energies{{-2, -3}}, dissipation, Energies{{0, 0}});
    BOOST_TEST(std::isnan(balance.error()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
