// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/trajectory.hpp>

#include <boost/test/unit_test.hpp>
#include <unsupported/Eigen/MatrixFunctions>

#include <sstream>
#include <vector>

#include "dynamics/problems.hpp"

using namespace hamlet;
using problems::largest_difference;

namespace {

struct Named {
  const char* name;
  Stepper stepper;
};

std::vector<Named> accurate_steppers() {
  return {{"RungeKutta4", RungeKutta4{1e-3}},       {"AdamsBashforthMoulton", AdamsBashforthMoulton{1e-3}},
          {"CashKarp", CashKarp{1e-11, 1e-12}},     {"DormandPrince", DormandPrince{1e-11, 1e-12}},
          {"Fehlberg78", Fehlberg78{1e-11, 1e-12}}, {"BulirschStoer", BulirschStoer{1e-11, 1e-12}}};
}

/// ẋ = A x with all that a flow of a network can do: E = ½‖x‖², residual ‖2ẋ‖∞, min τ = 0.25.
struct Linear {
  State A;
  mutable long energies = 0;
  State last = {};

  void operator()(const State& x, State& dxdt, double) {
    dxdt.noalias() = A * x;
    last = x;
  }
  void energy_at_last(const State& x, Energies& result) const {
    ++energies;
    BOOST_TEST(largest_difference(x, last) == 0);
    result = 0.5 * x.colwise().squaredNorm();
  }
  double residual(const State& derivative) const { return 2 * derivative.lpNorm<Eigen::Infinity>(); }
  double smallest_time_constant() const { return 0.25; }
};

Linear decaying(Index size, unsigned seed) {
  return {problems::random(size, size, -0.3, 0.3, seed) - State::Identity(size, size)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(integrate_)

BOOST_AUTO_TEST_CASE(a_linear_system_follows_the_matrix_exponential) {
  for (const unsigned seed : {1u, 2u, 3u})
    for (const auto& [name, stepper] : accurate_steppers()) {
      BOOST_TEST_CONTEXT(name << ", seed " << seed) {
        Linear system = decaying(4, seed);
        const State start = problems::random(4, 3, -1, 1, seed + 10);
        State x = start;
        const Outcome outcome = integrate(system, x, {.stepper = stepper, .end = 1.7});
        BOOST_TEST(outcome.status == Status::end_reached);
        BOOST_TEST(outcome.time == 1.7);
        BOOST_TEST(largest_difference(x, State(1.7 * system.A).exp() * start) < 1e-10);
      }
    }
}

BOOST_AUTO_TEST_CASE(it_settles_by_the_systems_own_residual) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    Linear system = decaying(4, seed);
    State x = problems::random(4, 3, -1, 1, seed);
    const double* memory = x.data();
    const Outcome outcome =
        integrate(std::ref(system), x, {.stepper = DormandPrince{1e-4, 1e-6}, .end = INFINITY, .settled = 1e-10});
    BOOST_TEST(outcome.status == Status::settled);
    BOOST_TEST(2 * (system.A * x).lpNorm<Eigen::Infinity>() < 1e-10);
    BOOST_TEST(outcome.statistics.largest_step <= 0.5);  // 2 min τ
    BOOST_TEST(x.data() == memory);

    const Outcome again = integrate(system, x, {.end = 1, .settled = 1e-10});
    BOOST_TEST(again.status == Status::settled);
    BOOST_TEST(again.statistics.steps == 0);
    BOOST_TEST(again.statistics.right_hand_sides == 1);
  }
}

BOOST_AUTO_TEST_CASE(observers_are_told_the_energies_of_the_state_they_see) {
  for (const auto& [name, stepper] : accurate_steppers()) {
    BOOST_TEST_CONTEXT(name) {
      Linear system = decaying(3, 7);
      State x = problems::random(3, 2, -1, 1, 8);
      long told = 0;
      const auto check = [&](const Evaluation& now) {
        BOOST_TEST(now.step == told++);
        BOOST_REQUIRE(now.energies != nullptr);
        BOOST_TEST(largest_difference(*now.energies, 0.5 * now.state.colwise().squaredNorm()) == 0);
        BOOST_TEST(largest_difference(now.derivative, system.A * now.state) < 1e-15);
        BOOST_TEST(now.residual == 2 * now.derivative.lpNorm<Eigen::Infinity>());
      };
      const Outcome outcome = integrate(system, x, {.stepper = stepper, .end = 0.1}, check);
      BOOST_TEST(told == outcome.statistics.steps + 1);
      BOOST_TEST(system.energies == told);
      integrate(system, x, {.stepper = stepper, .end = 0.1});
      BOOST_TEST(system.energies == told);  // nobody looks: not evaluated
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
