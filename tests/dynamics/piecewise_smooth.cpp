// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/event.hpp>
#include <hamlet/dynamics/piecewise_smooth.hpp>
#include <hamlet/dynamics/trajectory.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>

#include "dynamics/problems.hpp"
#include "dynamics/steppers.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message;
using laws::names;
using problems::largest_difference;
using steppers::Method;

namespace {

/// ẋ = below where x < 0, above where x > 0, at_zero on 0, plus −x: every entry for itself.
struct Switch {
  double below, above, at_zero = 0;
  const Piece* held = nullptr;

  double side(double x) const { return x < 0 ? below : x > 0 ? above : at_zero; }
  void operator()(const State& x, State& dxdt, double) const {
    for (Index i = 0; i < x.size(); ++i) {
      double u = side(x(i));
      if (held != nullptr && held->lower(i) < held->upper(i)) u = held->upper(i) <= 0 ? below : above;
      if (held != nullptr && held->lower(i) == held->upper(i)) u = at_zero;
      dxdt(i) = u - x(i);
    }
  }
  void piece(const State& x, Piece& piece) const {
    const double infinity = std::numeric_limits<double>::infinity();
    piece.lower = x.unaryExpr([=](double entry) { return entry < 0 ? -infinity : 0; });
    piece.upper = x.unaryExpr([=](double entry) { return entry > 0 ? infinity : 0; });
  }
  void hold(const Piece* piece) { held = piece; }

  /// For below, above > 0: x rises through 0.
  double exact(double x, double t) const {
    if (x > 0) return above + (x - above) * std::exp(-t);
    const double zero = std::log((below - x) / below);
    return t < zero ? below + (x - below) * std::exp(-t) : above * (1 - std::exp(zero - t));
  }
};

std::vector<std::pair<std::string, Stepper>> accurate() {
  std::vector<std::pair<std::string, Stepper>> list;
  for (const Method& method : steppers::all())
    if (!method.adaptive && method.order == 4) list.emplace_back(method.name, method.at(0.002));
  for (const auto& [name, within] : steppers::controlled()) list.emplace_back(name, within(1e-11));
  return list;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(piecewise_smooth)

BOOST_AUTO_TEST_CASE(every_sample_crosses_when_it_does) {
  Switch system{.below = 0.7, .above = 2};
  const State start = problems::random(4, 3, -2, 0.5, 3);
  const State end = start.unaryExpr([&](double x) { return system.exact(x, 3); });
  for (const auto& [name, stepper] : accurate()) {
    BOOST_TEST_CONTEXT(name) {
      State x = start;
      Trajectory path{{.every = 0.037}};
      const Outcome outcome = integrate(system, x, {.stepper = PiecewiseSmooth{stepper}, .end = 3}, path);
      BOOST_TEST(outcome.status == Status::end_reached);
      BOOST_TEST(outcome.time == 3);
      BOOST_TEST((system.held == nullptr));
      BOOST_TEST(largest_difference(x, end) < 2e-9);
      // Dense output up to a crossing and from it on.
      for (std::size_t k = 0; k < path.size(); ++k) {
        const State at = start.unaryExpr([&](double from) { return system.exact(from, path.times()[k]); });
        BOOST_TEST(largest_difference(path.states()[k], at) < 1e-7);
      }
      // Without it the crossings blur.
      State bare = start;
      integrate(system, bare, {.stepper = stepper, .end = 3});
      BOOST_TEST(largest_difference(bare, end) > 3 * largest_difference(x, end));
    }
  }
}

BOOST_AUTO_TEST_CASE(steps_end_just_beyond_crossings) {
  Switch system{.below = 0.7, .above = 2};
  const State start = problems::random(5, 2, -2, -0.1, 5);
  for (const auto& [name, stepper] : accurate()) {
    BOOST_TEST_CONTEXT(name) {
      State x = start;
      long crossings = 0;
      integrate(system, x, {.stepper = PiecewiseSmooth{stepper}, .end = 3}, [&](const Evaluation& now) {
        State derivative(5, 2);
        system(now.state, derivative, now.time);
        BOOST_TEST(largest_difference(derivative, now.derivative) < 1e-15);
        for (Index i = 0; i < x.size(); ++i) {
          if (!(now.previous_state(i) < 0 && now.state(i) >= 0)) continue;
          ++crossings;
          BOOST_TEST(now.state(i) < 1e-14);
          BOOST_TEST(std::abs(now.time - std::log((0.7 - start(i)) / 0.7)) < 2e-9);
        }
      });
      BOOST_TEST(crossings == 10);
    }
  }
}

BOOST_AUTO_TEST_CASE(equal_steps_stay_equal_between_crossings) {
  Switch system{.below = 0.7, .above = 2};
  State x = State::Constant(1, 1, -1);
  std::vector<double> steps;
  integrate(system, x, {.stepper = PiecewiseSmooth{RungeKutta4{0.0625}}, .end = 10},
            [&](const Evaluation& now) { steps.push_back(now.time - now.previous_time); });
  BOOST_TEST(std::count_if(steps.begin(), steps.end(), [](double h) { return std::abs(h - 0.0625) > 1e-12; }) <= 4);
}

BOOST_AUTO_TEST_CASE(what_begins_on_a_jump_goes_where_it_moves) {
  for (const auto& [name, stepper] : accurate()) {
    for (const double sign : {-1.0, 1.0}) {
      BOOST_TEST_CONTEXT(name << ", " << sign) {
        // On the jump ẋ is 0.1, to either side it moves off faster.
        Switch system{.below = -3, .above = 2, .at_zero = 0.1 * sign};
        State x = State::Zero(2, 2);
        const Outcome outcome = integrate(system, x, {.stepper = PiecewiseSmooth{stepper}, .end = 1});
        BOOST_TEST(outcome.status == Status::end_reached);
        const double expected = (sign > 0 ? 2 : -3) * (1 - std::exp(-1));
        BOOST_TEST(largest_difference(x, State::Constant(2, 2, expected)) < 1e-9);
      }
    }
    Switch at_rest{.below = -3, .above = 2, .at_zero = 0};
    State x = State::Zero(2, 2);
    integrate(at_rest, x, {.stepper = PiecewiseSmooth{stepper}, .end = 1});
    BOOST_TEST((x == State::Zero(2, 2)), name);
  }
}

BOOST_AUTO_TEST_CASE(sliding_ends_with_a_status) {
  for (const auto& [name, stepper] : accurate()) {
    for (const double start : {-1.0, 0.0, 1.0}) {
      BOOST_TEST_CONTEXT(name << " from " << start) {
        Switch system{.below = 1, .above = -2, .at_zero = 0.5};
        State x = State::Constant(1, 1, start);
        const Outcome outcome = integrate(system, x, {.stepper = PiecewiseSmooth{stepper}, .end = 5});
        BOOST_TEST(outcome.status == Status::step_too_small);
        const double slides = start < 0 ? std::log(2) : start > 0 ? std::log(1.5) : 0;
        BOOST_TEST(std::abs(outcome.time - slides) < 1e-9);
        BOOST_TEST(std::abs(x(0)) < 1e-14);
        BOOST_TEST(outcome.statistics.steps < 1000);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_entry_that_dips_below_within_a_step_has_crossed) {
  // ẋ = 2(t − 1) + c where x < 0 adds c: from 0.96, (t − 1)² − 0.04 is 0 at 0.8, and −c(t − 0.8) more from there.
  struct Dip {
    const Piece* held = nullptr;
    void operator()(const State& x, State& dxdt, double t) const {
      const bool below = held != nullptr ? held->upper(0) <= 0 : x(0) < 0;
      dxdt(0) = 2 * (t - 1) - (below ? 1 : 0);
    }
    void piece(const State& x, Piece& piece) const {
      const double infinity = std::numeric_limits<double>::infinity();
      piece.lower = State::Constant(1, 1, x(0) < 0 ? -infinity : 0);
      piece.upper = State::Constant(1, 1, x(0) > 0 ? infinity : 0);
    }
    void hold(const Piece* piece) { held = piece; }
  } system;
  for (const double step : {0.05, 0.5, 1.5}) {
    State x = State::Constant(1, 1, 0.96);
    const Outcome outcome = integrate(system, x, {.stepper = PiecewiseSmooth{RungeKutta4{step}}, .end = 1.5});
    BOOST_TEST(outcome.status == Status::end_reached);
    BOOST_TEST(std::abs(x(0) - (0.25 - 0.04 - 0.7)) < 1e-12, step << ": " << x(0));
  }
  // And one that only seems to: (t − 1)⁴ touches nothing, though a cubic through its ends would.
  struct Flat : Dip {
    void operator()(const State& x, State& dxdt, double t) const {
      const bool below = held != nullptr ? held->upper(0) <= 0 : x(0) < 0;
      dxdt(0) = 4 * std::pow(t - 1, 3) - (below ? 1 : 0);
    }
  } flat;
  State x = State::Constant(1, 1, 1.05);
  const Outcome outcome = integrate(flat, x, {.stepper = PiecewiseSmooth{RungeKutta4{2}}, .end = 2});
  BOOST_TEST(outcome.status == Status::end_reached);
  BOOST_TEST(std::abs(x(0) - 1.05) < 1e-12);
}

BOOST_AUTO_TEST_CASE(a_terminal_event_within_a_step_that_was_cut) {
  Switch system{.below = 0.7, .above = 2};
  State x = State::Constant(1, 1, -1);
  Event at{[](const State& now) -> Energies { return now.array() + 0.01; }, {.terminal = true}};
  const Outcome outcome = integrate(system, x, {.stepper = PiecewiseSmooth{RungeKutta4{0.05}}, .end = 3}, at);
  BOOST_TEST(outcome.status == Status::event);
  BOOST_TEST(std::abs(outcome.time - std::log(1.7 / 0.71)) < 1e-7);
}

BOOST_AUTO_TEST_CASE(a_system_that_does_not_say_where_it_jumps_is_refused) {
  const problems::Logistic problem(1);
  State x = problem.start(2, 1);
  BOOST_TEST(names(
      message<ModelError>([&] { integrate(problem, x, {.stepper = PiecewiseSmooth{DormandPrince{}}, .end = 1}); }),
      {"PiecewiseSmooth", "piece", "hold"}));
  struct Wrong : Switch {
    void piece(const State& at, Piece& piece) const {
      Switch::piece(at, piece);
      piece.upper.resize(1, 1);
    }
  } wrong{{.below = 1, .above = 1}};
  BOOST_TEST(
      names(message<ShapeError>([&] { integrate(wrong, x, {.stepper = PiecewiseSmooth{DormandPrince{}}, .end = 1}); }),
            {"5 × 2", "1 × 1"}));
}

BOOST_AUTO_TEST_SUITE_END()
