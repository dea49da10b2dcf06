// SPDX-License-Identifier: MIT
#include "dynamics/step_adjuster.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "dynamics/problems.hpp"

using namespace hamlet;

namespace {

/// ẋ = −Q (λ (z + z³/10) + sin t), z = Qᵀx, with rates λ from 1 to `stiffness`: after a moment its solution is smooth,
/// and an explicit method is held back by stability alone.
struct Stiff {
  State Q;
  Vector<double> rates;

  Stiff(unsigned seed, double stiffness) : Q(problems::Logistic(seed).Q), rates(5) {
    for (Index i = 0; i < 5; ++i) rates[i] = std::pow(stiffness, double(i) / 4);
  }

  void operator()(const State& x, State& dxdt, double t) const {
    const State z = Q.transpose() * x;
    const State pull = rates.asDiagonal() * State(z.array() + 0.1 * z.array().cube());
    dxdt.noalias() = -Q * State(pull.array() + std::sin(t));
  }
};

struct Seen {
  long refused, steps;
  double unevenness;  // the mean of |log dtₙ₊₁/dtₙ| once the start is over
};

Seen run(const Stepper& stepper, unsigned seed, double stiffness) {
  const Stiff problem(seed, stiffness);
  State x = problem.Q * problems::random(5, 2, -1, 1, seed + 10);
  std::vector<double> steps;
  const Outcome outcome = integrate(problem, x, {.stepper = stepper, .end = 4}, [&](const Evaluation& now) {
    if (now.previous_time > 2) steps.push_back(now.time - now.previous_time);
  });
  BOOST_TEST(outcome.status == Status::end_reached);
  double sum = 0;
  for (std::size_t n = 1; n < steps.size(); ++n) sum += std::abs(std::log(steps[n] / steps[n - 1]));
  return {outcome.statistics.rejected, outcome.statistics.steps, sum / double(steps.size() - 1)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(step_control)

/// Closed loop: where e = (dt/a)ᵏ, every control brings the step to where it keeps it, and e there below 1.
BOOST_AUTO_TEST_CASE(steps_go_where_the_error_is_what_it_should_be) {
  const std::vector<std::pair<StepControl, double>> controls{{PI{}, 0.3},
                                                             {PID{}, 0.47},
                                                             {PI{.proportional = 0.2, .integral = 0.4}, 0.4},
                                                             {PI{.proportional = 0, .integral = 1}, 1}};
  for (const auto& [control, integral] : controls)
    for (const int k : {5, 8})
      for (const double start : {1e-3, 0.1, 0.9, 5.0, 1e3}) {
        StepAdjuster adjuster(control);
        double dt = start;
        for (int n = 0; n < 300; ++n) {
          const double error = std::pow(dt, k);
          const double before = dt;
          dt = error > 1 ? adjuster.decrease_step(dt, error, k - 1) : adjuster.increase_step(dt, error, k);
          BOOST_TEST(dt >= 0.2 * before * (1 - 1e-15));
          BOOST_TEST(dt <= (error > 1 ? 1 : 10) * before * (1 + 1e-15));
        }
        // dt = dt · 0.9 e^(−kI/k) ⇒ e = 0.9^(k/kI), dt = 0.9^(1/kI)
        BOOST_TEST(std::abs(dt - std::pow(0.9, 1 / integral)) < 1e-9);
      }
}

/// One step of the laws by hand.
BOOST_AUTO_TEST_CASE(the_laws_are_those_of_the_books) {
  const double e1 = 0.3, e2 = 0.7, e3 = 0.05;
  const auto third = [&](const StepControl& control) {
    StepAdjuster adjuster(control);
    adjuster.increase_step(1, e1, 5);
    adjuster.increase_step(1, e2, 5);
    return adjuster.increase_step(1, e3, 5);
  };
  // Gustafsson: e₃^(−0.7/k) e₂^(0.4/k); ARKODE: e₃^(−0.58/k) e₂^(0.21/k) e₁^(−0.1/k)
  BOOST_TEST(std::abs(third(PI{}) - 0.9 * std::pow(e3, -0.14) * std::pow(e2, 0.08)) < 1e-14);
  BOOST_TEST(std::abs(third(PID{}) - 0.9 * std::pow(e3, -0.116) * std::pow(e2, 0.042) * std::pow(e1, -0.02)) < 1e-14);
}

BOOST_AUTO_TEST_CASE(after_a_refused_step_it_does_not_grow) {
  for (const StepControl& control : {StepControl(PI{}), StepControl(PID{})}) {
    StepAdjuster adjuster(control);
    BOOST_TEST(adjuster.decrease_step(1, 32, 4) == 0.9 / 2);
    BOOST_TEST(adjuster.decrease_step(1, std::numeric_limits<double>::infinity(), 4) == 0.2);
    BOOST_TEST(adjuster.increase_step(1, 1e-6, 5) == 1);
    BOOST_TEST(adjuster.increase_step(1, 1e-6, 5) > 2);
    BOOST_TEST(adjuster.increase_step(1, 0, 5) == 10);
    BOOST_TEST(adjuster.increase_step(1, 0.5, 5) > 0.2);  // an error of 0 is not remembered as one
  }
}

/// Where stability limits the steps, odeint's own control runs into the limit again and again; PI and PID find it.
BOOST_AUTO_TEST_CASE(at_the_limit_of_stability_steps_are_even_and_few_are_refused) {
  using Make = std::function<Stepper(double tolerance, StepControl control)>;
  const std::vector<std::pair<std::string, Make>> methods{{"CashKarp",
                                                           [](double tolerance, StepControl control) {
                                                             return CashKarp{tolerance, tolerance, control};
                                                           }},
                                                          {"DormandPrince",
                                                           [](double tolerance, StepControl control) {
                                                             return DormandPrince{tolerance, tolerance, control};
                                                           }},
                                                          {"Fehlberg78", [](double tolerance, StepControl control) {
                                                             return Fehlberg78{tolerance, tolerance, control};
                                                           }}};
  for (const auto& [name, make] : methods)
    for (const double tolerance : {1e-3, 1e-5, 1e-7})
      for (const unsigned seed : {1u, 2u, 3u}) {
        BOOST_TEST_CONTEXT(name << " within " << tolerance << ", seed " << seed) {
          const Seen elementary = run(make(tolerance, Elementary{}), seed, 1000);
          for (const StepControl& control : {StepControl(PI{}), StepControl(PID{})}) {
            const Seen seen = run(make(tolerance, control), seed, 1000);
            BOOST_TEST(elementary.refused > elementary.steps / 8);
            BOOST_TEST(seen.refused < 8);
            BOOST_TEST(seen.unevenness < elementary.unevenness / 3);
            BOOST_TEST(double(seen.steps) < 1.05 * double(elementary.steps));
          }
        }
      }
}

BOOST_AUTO_TEST_SUITE_END()
