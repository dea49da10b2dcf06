// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>

#include <boost/test/unit_test.hpp>

#include <stdexcept>

#include "dynamics/problems.hpp"
#include "dynamics/steppers.hpp"

using namespace hamlet;
using problems::largest_difference;
using problems::Logistic;
using steppers::Method;

namespace {

/// Keeps what an observer saw last.
struct Last {
  double time = 0;
  State state;
  void operator()(const Evaluation& now) {
    time = now.time;
    state = now.state;
  }
};

void explode(const State& x, State& dxdt, double) { dxdt = x.cwiseAbs2(); }

/// Methods as they are used: steps of 0.01, or tolerances of 1e-6.
std::vector<std::pair<std::string, Stepper>> in_use() {
  std::vector<std::pair<std::string, Stepper>> list;
  for (const Method& method : steppers::all())
    if (!method.adaptive) list.emplace_back(method.name, method.at(0.01));
  for (const auto& [name, within] : steppers::controlled()) list.emplace_back(name, within(1e-6));
  return list;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(endings)

BOOST_AUTO_TEST_CASE(the_end_is_reached_exactly) {
  for (const double begin : {0.0, -3.7, 1e3})
    for (const double length : {0.1, 0.123456789, 1.0, 2.0 / 3})
      for (const auto& [name, stepper] : in_use()) {
        BOOST_TEST_CONTEXT(name << " from " << begin << " for " << length) {
          const Logistic problem(3);
          State x = problem.start(2, 4);
          Last last;
          const Outcome outcome =
              integrate(problem, x, {.stepper = stepper, .begin = begin, .end = begin + length}, last);
          BOOST_TEST(outcome.status == Status::end_reached);
          BOOST_TEST(outcome.time == begin + length);
          BOOST_TEST(last.time == begin + length);
          BOOST_TEST(largest_difference(x, last.state) == 0);
        }
      }
}

BOOST_AUTO_TEST_CASE(equal_steps_do_not_drift) {
  const Logistic problem(3);
  for (const double step : {0.1, 0.01, 1.0 / 3})
    for (const double begin : {0.0, 17.0}) {
      State x = problem.start(1, 4);
      integrate(problem, x, {.stepper = Euler{step}, .begin = begin, .end = begin + 1000 * step},
                [&](const Evaluation& now) {
                  const double expected = now.step == 1000 ? begin + 1000 * step : begin + double(now.step) * step;
                  BOOST_TEST(now.time == expected);
                });
    }
}

BOOST_AUTO_TEST_CASE(a_run_of_no_length_takes_no_step) {
  for (const auto& [name, stepper] : in_use()) {
    State x = State::Ones(2, 1);
    const Outcome outcome = integrate(explode, x, {.stepper = stepper, .begin = 2, .end = 2});
    BOOST_TEST(outcome.status == Status::end_reached);
    BOOST_TEST(outcome.statistics.steps == 0);
    BOOST_TEST((x == State::Ones(2, 1)));
  }
}

BOOST_AUTO_TEST_CASE(an_explosion_ends_with_the_last_good_state) {
  // ẋ = x² from x₀ is 1/(1/x₀ − t): the first sample explodes at t = 1.
  State start(1, 3);
  start << 1, 0.5, -1;
  for (const auto& [name, within] : steppers::controlled())
    for (const double tolerance : {1e-3, 1e-6, 1e-9}) {
      BOOST_TEST_CONTEXT(name << " within " << tolerance) {
        State x = start;
        Last last;
        const Outcome outcome = integrate(explode, x, {.stepper = within(tolerance), .end = 3}, last);
        BOOST_TEST(outcome.status == Status::step_too_small);
        BOOST_TEST(std::abs(outcome.time - 1) < 10 * tolerance);
        BOOST_TEST(outcome.statistics.steps < 2000);
        BOOST_TEST(x.allFinite());
        BOOST_TEST(x(0, 0) > 1e6);
        BOOST_TEST(std::abs(x(0, 1) - 1) < 20 * tolerance);
        BOOST_TEST(std::abs(x(0, 2) + 0.5) < 20 * tolerance);
        BOOST_TEST(outcome.time == last.time);
        BOOST_TEST((x == last.state));
      }
    }
  for (const Method& method : steppers::all()) {
    if (method.adaptive) continue;
    BOOST_TEST_CONTEXT(method.name) {
      State x = start;
      Last last;
      const Outcome outcome = integrate(explode, x, {.stepper = method.at(0.01), .end = 3}, last);
      BOOST_TEST(outcome.status == Status::not_finite);
      BOOST_TEST(outcome.time > 1 - 0.01);
      BOOST_TEST(outcome.time < 1.2);
      BOOST_TEST(x.allFinite());
      BOOST_TEST(outcome.time == last.time);
      BOOST_TEST((x == last.state));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_never_accepted) {
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()})
    for (const auto& [name, stepper] : in_use()) {
      BOOST_TEST_CONTEXT(name << ", " << bad << " after t = 0.5") {
        const Logistic problem(3);
        const State start = problem.start(2, 4);
        State x = start;
        Last last;
        const auto breaking = [&](const State& at, State& dxdt, double t) {
          problem(at, dxdt, t);
          if (t > 0.5) dxdt(1, 1) = bad;
        };
        const Outcome outcome = integrate(breaking, x, {.stepper = stepper, .end = 2}, last);
        BOOST_TEST(outcome.status == Status::not_finite);
        BOOST_TEST(outcome.time <= 0.5);
        BOOST_TEST(outcome.time > 0.489);
        BOOST_TEST(largest_difference(x, problem.exact(start, outcome.time)) < 0.01);
        BOOST_TEST(outcome.time == last.time);
        BOOST_TEST((x == last.state));
      }
    }
}

BOOST_AUTO_TEST_CASE(a_derivative_not_finite_where_the_state_still_is) {
  // ẋ = 1 up to x = 1, nothing beyond: a step may end where its derivative is missing.
  const auto cliff = [](const State& x, State& dxdt, double) {
    dxdt = x.unaryExpr([](double at) { return at < 1 ? 1 : std::nan(""); });
  };
  for (const auto& [name, stepper] : in_use()) {
    BOOST_TEST_CONTEXT(name) {
      State x = State::Zero(2, 1);
      const Outcome outcome = integrate(cliff, x, {.stepper = stepper, .end = 2});
      BOOST_TEST(outcome.status == Status::not_finite);
      BOOST_TEST(outcome.time > 0.989);
      BOOST_TEST(outcome.time < 1 + 1e-12);
      BOOST_TEST(largest_difference(x, State::Constant(2, 1, outcome.time)) < 1e-12);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_right_hand_side_bad_from_the_start_takes_no_step) {
  for (const auto& [name, stepper] : in_use()) {
    State x = State::Ones(2, 2);
    const auto bad = [](const State& at, State& dxdt, double) { dxdt = at / 0; };
    const Outcome outcome = integrate(bad, x, {.stepper = stepper, .end = 2});
    BOOST_TEST(outcome.status == Status::not_finite);
    BOOST_TEST(outcome.time == 0);
    BOOST_TEST((x == State::Ones(2, 2)));
  }
}

BOOST_AUTO_TEST_CASE(a_stepper_that_cannot_keep_its_tolerance_says_so) {
  // As good as noise after t = 0.5: no two of its values agree, however small the step, nor at the same point, where
  // Fehlberg's estimate compares two.
  long calls = 0;
  const auto noisy = [&](const State& x, State& dxdt, double t) {
    ++calls;
    dxdt = x.unaryExpr([&](double at) { return t > 0.5 ? 1e3 * std::sin(1e12 * (at + t) + double(calls)) : -at; });
  };
  for (const auto& [name, within] : steppers::controlled()) {
    BOOST_TEST_CONTEXT(name) {
      State x = State::Ones(2, 1);
      const Outcome outcome = integrate(noisy, x, {.stepper = within(1e-9), .end = 2, .smallest_step = 1e-6});
      BOOST_TEST(outcome.status == Status::step_too_small);
      BOOST_TEST(outcome.time <= 0.5);
      BOOST_TEST(outcome.time > 0.5 - 1e-5);
      BOOST_TEST(largest_difference(x, State::Constant(2, 1, std::exp(-outcome.time))) < 1e-7);
    }
  }
}

BOOST_AUTO_TEST_CASE(steps_are_counted_out) {
  for (const auto& [name, stepper] : in_use()) {
    const Logistic problem(3);
    State x = problem.start(2, 4);
    const Outcome outcome = integrate(problem, x, {.stepper = stepper, .end = 2, .largest_step = {}, .most_steps = 3});
    BOOST_TEST(outcome.status == Status::too_many_steps);
    BOOST_TEST(outcome.statistics.steps == 3);
  }
}

BOOST_AUTO_TEST_CASE(time_that_no_longer_moves_ends_the_run) {
  State x = State::Ones(1, 1);
  const auto decay = [](const State& at, State& dxdt, double) { dxdt = -at; };
  BOOST_TEST(integrate(decay, x, {.stepper = Euler{1e-3}, .begin = 1e16, .end = 2e16}).status ==
             Status::step_too_small);
  BOOST_TEST(integrate(decay, x, {.begin = 1e18, .end = 2e18, .largest_step = 1e-3}).status == Status::step_too_small);
}

BOOST_AUTO_TEST_CASE(an_observer_may_stop) {
  for (const auto& [name, stepper] : in_use()) {
    BOOST_TEST_CONTEXT(name) {
      const Logistic problem(3);
      State x = problem.start(2, 4);
      Last last;
      const auto stop = [](const Evaluation& now) { return now.step == 3 ? Proceed::stop : Proceed::on; };
      const Outcome outcome = integrate(problem, x, {.stepper = stepper, .end = 2}, stop, last);
      BOOST_TEST(outcome.status == Status::stopped);
      BOOST_TEST(outcome.statistics.steps == 3);
      BOOST_TEST(outcome.time == last.time);  // those after it are told of the last step as well
      BOOST_TEST((x == last.state));
    }
  }
  State x = State::Ones(1, 1);
  const auto at_once = [](const Evaluation&) { return Proceed::stop; };
  BOOST_TEST(integrate(explode, x, {.end = 2}, at_once).statistics.right_hand_sides == 1);
}

BOOST_AUTO_TEST_CASE(what_throws_leaves_the_last_good_state) {
  for (const auto& [name, stepper] : in_use()) {
    BOOST_TEST_CONTEXT(name) {
      const Logistic problem(3);
      State x = problem.start(2, 4);
      Last last;
      const auto breaking = [&](const State& at, State& dxdt, double t) {
        problem(at, dxdt, t);
        if (t > 0.5) throw std::domain_error("past the half");
      };
      BOOST_CHECK_THROW(integrate(breaking, x, {.stepper = stepper, .end = 2}, last), std::domain_error);
      BOOST_TEST(last.time > 0);
      BOOST_TEST((x == last.state));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
