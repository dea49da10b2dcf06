// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/trajectory.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>

#include "dynamics/problems.hpp"
#include "dynamics/steppers.hpp"

using namespace hamlet;
using problems::largest_difference;
using problems::Logistic;

namespace {

/// The problem with an energy, ½‖x‖².
struct WithEnergy : Logistic {
  using Logistic::Logistic;
  void energy_at_last(const State& x, Energies& energies) const { energies = 0.5 * x.colwise().squaredNorm(); }
};

struct Finishing {
  long told = 0, finished = 0;
  Status status{};
  void operator()(const Evaluation&) { ++told; }
  void finish(const Outcome& outcome) {
    ++finished;
    status = outcome.status;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(observers)

BOOST_AUTO_TEST_CASE(they_are_told_in_order_and_once_at_the_end) {
  const Logistic problem(1);
  State x = problem.start(2, 2);
  Finishing first, second;
  const Outcome outcome = integrate(problem, x, {.end = 2}, first, std::ref(second), [&](const Evaluation& now) {
    BOOST_TEST(first.told == now.step + 1);
    BOOST_TEST(second.told == now.step + 1);
    BOOST_TEST(first.finished == 0);
  });
  for (const Finishing& observer : {first, second}) {
    BOOST_TEST(observer.told == outcome.statistics.steps + 1);
    BOOST_TEST(observer.finished == 1);
    BOOST_TEST(observer.status == Status::end_reached);
  }
}

BOOST_AUTO_TEST_CASE(a_step_joins_the_one_before) {
  for (const auto& [name, within] : steppers::controlled()) {
    BOOST_TEST_CONTEXT(name) {
      const WithEnergy problem(1);
      State x = problem.start(2, 2);
      const State start = x;
      double time = 0.5;
      State state = x, derivative(5, 2);
      problem(x, derivative, 0.5);
      integrate(problem, x, {.stepper = within(1e-6), .begin = 0.5, .end = 2}, [&](const Evaluation& now) {
        BOOST_TEST(now.previous_time == time);
        BOOST_TEST((now.previous_state == state));
        BOOST_TEST(largest_difference(now.previous_derivative, derivative) < 1e-14);
        State between;
        now.interpolate(now.time, between);
        BOOST_TEST((between == now.state));
        now.interpolate(now.previous_time, between);
        BOOST_TEST((between == state));
        BOOST_CHECK_THROW(now.interpolate(now.time + 1e-6, between), ValueError);
        BOOST_CHECK_THROW(now.interpolate(now.previous_time - 1e-6, between), ValueError);
        BOOST_CHECK_THROW(now.interpolate(std::nan(""), between), ValueError);
        Energies energies;
        now.energies_of(now.state, now.time, energies);
        BOOST_TEST((energies == *now.energies));
        time = now.time;
        state = now.state;
        derivative = now.derivative;
      });
      BOOST_TEST(time == 2);
    }
  }
}

BOOST_AUTO_TEST_CASE(energies_of_a_system_that_has_none_are_refused) {
  const Logistic problem(2);
  State x = problem.start(3, 4);
  Energies energies;
  const auto ask = [&](const Evaluation& now) {
    BOOST_TEST((now.energies == nullptr));
    BOOST_CHECK_THROW(now.energies_of(now.state, now.time, energies), ValueError);
  };
  integrate(problem, x, {.stepper = Euler{0.5}, .end = 1}, ask);
}

BOOST_AUTO_TEST_CASE(a_trajectory_keeps_every_step) {
  const WithEnergy problem(1);
  State x = problem.start(3, 2);
  const State start = x;
  Trajectory path;
  for (const double end : {1.0, 2.0}) {  // a further run starts it anew
    x = start;
    const Outcome outcome = integrate(problem, x, {.end = end}, path);
    BOOST_TEST(path.size() == static_cast<std::size_t>(outcome.statistics.steps) + 1);
    BOOST_TEST(path.times().front() == 0);
    BOOST_TEST(path.times().back() == end);
    BOOST_TEST((path.states().front() == start));
    BOOST_TEST((path.states().back() == x));
    BOOST_TEST(path.states().size() == path.size());
    BOOST_TEST(path.energies().size() == path.size());
    for (std::size_t k = 0; k < path.size(); ++k)
      BOOST_TEST(largest_difference(path.energies()[k], 0.5 * path.states()[k].colwise().squaredNorm()) == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_trajectory_at_equal_intervals_and_at_chosen_times) {
  const std::vector<double> chosen{0.25, 0.3, 1.0 / 3, 1, 1.999, 2, 7};
  for (const auto& [name, within] : steppers::controlled()) {
    BOOST_TEST_CONTEXT(name) {
      const WithEnergy problem(1);
      const State start = problem.start(3, 2);
      // The solution starts at t = 0: bring the start to t = 0.25 first.
      State x = problem.exact(start, 0.25);
      Trajectory tenths({.every = 0.1}), times({.times = chosen}), silent({.every = 0.05, .energies = false});
      integrate(problem, x, {.stepper = within(1e-9), .begin = 0.25, .end = 2.25}, tenths, times, silent);
      BOOST_TEST(tenths.size() == 21u);
      BOOST_TEST(times.size() == 6u);
      BOOST_TEST(silent.size() == 41u);
      BOOST_TEST(silent.energies().empty());
      for (std::size_t k = 0; k < 21; ++k)
        BOOST_TEST(std::abs(tenths.times()[k] - (0.25 + 0.1 * static_cast<double>(k))) < 1e-15);
      BOOST_TEST(tenths.times().back() == 2.25);
      for (std::size_t k = 0; k < 6; ++k) BOOST_TEST(times.times()[k] == chosen[k]);
      for (const Trajectory& path : {tenths, times, silent})
        for (std::size_t k = 0; k < path.size(); ++k) {
          BOOST_TEST(largest_difference(path.states()[k], problem.exact(start, path.times()[k])) < 1e-7);
          if (!path.energies().empty())
            BOOST_TEST(largest_difference(path.energies()[k], 0.5 * path.states()[k].colwise().squaredNorm()) == 0);
        }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_trajectory_of_some_rows) {
  const Logistic problem(1);
  State x = problem.start(3, 2);
  Trajectory all, some({.rows = {{3, 2}, {0, 1}}});
  integrate(problem, x, {.end = 1}, all, some);
  BOOST_TEST(some.energies().empty());
  for (std::size_t k = 0; k < all.size(); ++k) {
    BOOST_TEST((some.states()[k].topRows(2) == all.states()[k].middleRows(3, 2)));
    BOOST_TEST((some.states()[k].bottomRows(1) == all.states()[k].topRows(1)));
  }
  Trajectory beyond({.rows = {{3, 3}}});
  BOOST_CHECK_THROW(integrate(problem, x, {.end = 1}, beyond), ShapeError);
}

BOOST_AUTO_TEST_CASE(recording_changes_nothing) {
  for (const auto& method : steppers::all()) {
    BOOST_TEST_CONTEXT(method.name) {
      const WithEnergy problem(1);
      State x = problem.start(3, 2), watched = x, again = x;
      Trajectory path({.every = 0.013});
      integrate(problem, x, method.held_at(0.05, 1));
      integrate(problem, again, method.held_at(0.05, 1));
      integrate(problem, watched, method.held_at(0.05, 1), path);
      BOOST_TEST((x == again));
      BOOST_TEST((x == watched));
    }
  }
}

BOOST_AUTO_TEST_CASE(trajectories_that_mean_nothing_are_refused) {
  const double nan = std::nan("");
  BOOST_CHECK_THROW(Trajectory({.every = -1}), ValueError);
  BOOST_CHECK_THROW(Trajectory({.every = nan}), ValueError);
  BOOST_CHECK_THROW(Trajectory({.every = 1, .times = {1}}), ValueError);
  BOOST_CHECK_THROW(Trajectory({.times = {1, 1}}), ValueError);
  BOOST_CHECK_THROW(Trajectory({.times = {1, nan}}), ValueError);
  BOOST_CHECK_THROW(Trajectory({.rows = {{-1, 2}}}), ShapeError);
  BOOST_CHECK_THROW(Trajectory({.rows = {{0, 0}}}), ShapeError);
  State x = State::Ones(1, 1);
  Trajectory early({.times = {0.5}});
  BOOST_CHECK_THROW(integrate(Logistic(1, 1), x, {.begin = 1, .end = 2}, early), ValueError);
}

BOOST_AUTO_TEST_CASE(an_outcome_reads_well) {
  std::ostringstream text;
  text << Outcome{Status::settled,
                  12.5,
                  {.steps = 45,
                   .rejected = 2,
                   .right_hand_sides = 283,
                   .seconds = 0.25,
                   .smallest_step = 0.001,
                   .largest_step = 0.5}};
  BOOST_TEST(text.str() == "settled at t = 12.5\n45 steps of 0.001 to 0.5, 2 rejected, 283 right-hand sides, 0.25 s");
}

BOOST_AUTO_TEST_SUITE_END()
