// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <utility>
#include <vector>

#include "dynamics/problems.hpp"
#include "dynamics/steppers.hpp"

using namespace hamlet;
using problems::largest_difference;
using problems::Logistic;
using steppers::Method;

namespace {

/// The slope of log error over log step, least squares.
double slope(const std::vector<std::pair<double, double>>& points) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const auto& [step, error] : points) {
    const double u = std::log(step), v = std::log(error);
    n += 1, x += u, y += v, xx += u * u, xy += u * v;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

constexpr double end = 3;

/// Steps to try: fine enough for the leading term of the error to rule, coarse enough to stay above rounding.
std::vector<int> divisions(int order) {
  if (order <= 2) return {200, 280, 400, 560, 800};
  if (order <= 4) return {120, 170, 240, 340, 480};
  if (order <= 5) return {48, 68, 96, 136, 192};
  return {10, 12, 14, 17, 20};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(orders)

BOOST_AUTO_TEST_CASE(every_stepper_shows_its_order) {
  for (const Method& method : steppers::all())
    for (const unsigned seed : {1u, 2u, 3u}) {
      const Logistic problem(seed);
      const State start = problem.start(3, seed + 100);
      std::vector<std::pair<double, double>> errors;
      for (const int n : divisions(method.order)) {
        State x = start;
        const Outcome outcome = integrate(problem, x, method.held_at(end / n, end));
        BOOST_TEST(outcome.status == Status::end_reached);
        BOOST_TEST(outcome.statistics.steps == n);
        errors.emplace_back(end / n, largest_difference(x, problem.exact(start, end)));
      }
      BOOST_TEST(std::abs(slope(errors) - method.order) < 0.35,
                 method.name << ", seed " << seed << ": slope " << slope(errors));
    }
}

BOOST_AUTO_TEST_CASE(dense_output_keeps_the_order) {
  for (const Method& method : steppers::all())
    for (const unsigned seed : {1u, 2u, 3u}) {
      const Logistic problem(seed);
      const State start = problem.start(3, seed + 100);
      std::vector<std::pair<double, double>> errors;
      for (const int n : divisions(method.order)) {
        double error = 0;
        const auto look_between = [&](const Evaluation& now) {
          if (now.step == 0) return;
          State x;
          for (const double part : {0.2, 0.5, 0.71}) {
            const double t = now.previous_time + part * (now.time - now.previous_time);
            now.interpolate(t, x);
            error = std::max(error, largest_difference(x, problem.exact(start, t)));
          }
        };
        State x = start;
        integrate(problem, x, method.held_at(end / n, end), look_between);
        errors.emplace_back(end / n, error);
      }
      BOOST_TEST(std::abs(slope(errors) - method.order) < 0.35,
                 method.name << ", seed " << seed << ": slope " << slope(errors));
    }
}

/// Error control: the error follows the tolerance, whatever the order.
BOOST_AUTO_TEST_CASE(the_error_follows_the_tolerance) {
  for (const auto& [name, within] : steppers::controlled())
    for (const unsigned seed : {1u, 2u, 3u}) {
      const Logistic problem(seed);
      const State start = problem.start(3, seed + 100);
      std::vector<std::pair<double, double>> errors;
      for (const double tolerance : {1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10}) {
        State x = start;
        BOOST_TEST(integrate(problem, x, {.stepper = within(tolerance), .end = end}).status == Status::end_reached);
        errors.emplace_back(tolerance, largest_difference(x, problem.exact(start, end)));
        BOOST_TEST(errors.back().second < 20 * tolerance);
      }
      BOOST_TEST(std::abs(slope(errors) - 1) < 0.25, name << ", seed " << seed << ": slope " << slope(errors));
    }
}

BOOST_AUTO_TEST_SUITE_END()
