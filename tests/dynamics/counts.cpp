// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include "dynamics/problems.hpp"
#include "dynamics/steppers.hpp"

using namespace hamlet;
using problems::Logistic;
using steppers::Method;

namespace {

/// The problem, counting for itself how often it is called.
struct Counted {
  Logistic problem{4};
  long calls = 0;

  void operator()(const State& x, State& dxdt, double t) {
    ++calls;
    problem(x, dxdt, t);
  }
};

const auto look = [](const Evaluation&) {};

}  // namespace

BOOST_AUTO_TEST_SUITE(counts)

BOOST_AUTO_TEST_CASE(no_right_hand_side_is_wasted) {
  for (const Method& method : steppers::all()) {
    if (method.calls == 0) continue;
    BOOST_TEST_CONTEXT(method.name) {
      Counted system;
      State x = system.problem.start(2, 5);
      const Outcome outcome = integrate(system, x, method.held_at(0.125, 2), look);
      BOOST_TEST(outcome.statistics.steps == 16);
      BOOST_TEST(outcome.statistics.rejected == 0);
      BOOST_TEST(outcome.statistics.right_hand_sides == 1 + 16 * method.calls);
      BOOST_TEST(outcome.statistics.right_hand_sides == system.calls);
    }
  }
}

BOOST_AUTO_TEST_CASE(refused_steps_cost_their_stages) {
  // Cash–Karp needs ẋ at the new state only when it stays there; Dormand–Prince needs it for its estimate.
  const std::vector<std::tuple<const char*, Stepper, long>> refusing{{"CashKarp", CashKarp{1e-9, 1e-9}, 5},
                                                                     {"DormandPrince", DormandPrince{1e-9, 1e-9}, 6},
                                                                     {"Fehlberg78", Fehlberg78{1e-9, 1e-9}, 12}};
  for (const auto& [name, stepper, stages] : refusing) {
    BOOST_TEST_CONTEXT(name) {
      Counted system;
      State x = system.problem.start(2, 5);
      const auto inferred = integrate(system, x, {.stepper = stepper, .end = 9}, look).statistics;
      const long last = stages == 6 ? 0 : 1;
      BOOST_TEST(inferred.right_hand_sides ==
                 2 + stages * (inferred.steps + inferred.rejected) + last * inferred.steps);

      x = system.problem.start(2, 5);
      const auto given = integrate(system, x, {.stepper = stepper, .end = 9, .first_step = 3.0}, look).statistics;
      BOOST_TEST(given.rejected > 0);
      BOOST_TEST(given.right_hand_sides == 1 + stages * (given.steps + given.rejected) + last * given.steps);
      BOOST_TEST(given.right_hand_sides + inferred.right_hand_sides == system.calls);
    }
  }
}

BOOST_AUTO_TEST_CASE(adams_starts_and_ends_with_runge_kutta) {
  Counted system;
  State x = system.problem.start(2, 5);
  // 3 steps of RungeKutta4, 13 of its own, a shorter last one of RungeKutta4.
  const Outcome outcome = integrate(system, x, {.stepper = AdamsBashforthMoulton{0.125}, .end = 2.0625}, look);
  BOOST_TEST(outcome.statistics.steps == 17);
  BOOST_TEST(outcome.statistics.right_hand_sides == 1 + 3 * 4 + 13 * 2 + 4);
}

BOOST_AUTO_TEST_CASE(dense_output_costs_what_is_said) {
  const std::vector<std::tuple<const char*, Stepper, long>> costs{
      {"Euler", Euler{0.125}, 0},
      {"RungeKutta4", RungeKutta4{0.125}, 0},
      {"AdamsBashforthMoulton", AdamsBashforthMoulton{0.125}, 0},
      {"CashKarp", CashKarp{1e-6, 1e-6}, 5},
      {"DormandPrince", DormandPrince{1e-6, 1e-6}, 0},
      {"Fehlberg78", Fehlberg78{1e-6, 1e-6}, 12}};
  for (const auto& [name, stepper, cost] : costs) {
    BOOST_TEST_CONTEXT(name) {
      Counted system;
      State x = system.problem.start(2, 5);
      integrate(system, x, {.stepper = stepper, .end = 2}, [&, cost = cost](const Evaluation& now) {
        State between;
        const long before = system.calls;
        now.interpolate(now.previous_time, between);
        now.interpolate(now.time, between);
        BOOST_TEST(system.calls == before);
        if (now.step == 0) return;
        now.interpolate(0.3 * now.previous_time + 0.7 * now.time, between);
        BOOST_TEST(system.calls == before + cost);
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(statistics_are_those_of_the_steps_seen) {
  for (const auto& [name, within] : steppers::controlled()) {
    BOOST_TEST_CONTEXT(name) {
      const Logistic problem(4);
      State x = problem.start(2, 5);
      long steps = 0;
      double smallest = INFINITY, largest = 0;
      const auto measure = [&](const Evaluation& now) {
        if (now.step == 0) return;
        ++steps;
        smallest = std::min(smallest, now.time - now.previous_time);
        largest = std::max(largest, now.time - now.previous_time);
      };
      const auto told =
          integrate(problem, x, {.stepper = within(1e-6), .end = 20, .largest_step = 1.5}, measure).statistics;
      BOOST_TEST(told.steps == steps);
      BOOST_TEST(std::abs(told.smallest_step - smallest) < 1e-14);
      BOOST_TEST(std::abs(told.largest_step - largest) < 1e-14);
      BOOST_TEST(told.largest_step <= 1.5);
      BOOST_TEST(told.seconds > 0);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
