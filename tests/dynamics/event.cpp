// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/event.hpp>
#include <hamlet/dynamics/trajectory.hpp>

#include <boost/test/unit_test.hpp>

#include <numbers>
#include <sstream>

#include "dynamics/problems.hpp"
#include "dynamics/steppers.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message;
using laws::names;
using problems::largest_difference;
using problems::Logistic;
using steppers::Method;

namespace {

constexpr double pi = std::numbers::pi;

/// Sample k turns with frequency ω_k: x = (sin ωt, cos ωt) from (0, 1).
struct Oscillators {
  std::vector<double> frequencies;

  State start() const {
    State x = State::Zero(2, static_cast<Index>(frequencies.size()));
    x.row(1).setOnes();
    return x;
  }
  void operator()(const State& x, State& dxdt, double) const {
    for (Index sample = 0; sample < x.cols(); ++sample) {
      const double frequency = frequencies[static_cast<std::size_t>(sample)];
      dxdt(0, sample) = frequency * x(1, sample);
      dxdt(1, sample) = -frequency * x(0, sample);
    }
  }
};

Energies height(const State& x) { return x.row(0); }

/// With an energy, which only the last call knows.
struct WithEnergy : Logistic {
  using Logistic::Logistic;
  State last = {};
  void operator()(const State& x, State& dxdt, double t) {
    last = x;
    Logistic::operator()(x, dxdt, t);
  }
  void energy_at_last(const State& x, Energies& energies) const {
    BOOST_TEST(largest_difference(x, last) == 0);
    energies = 0.5 * x.colwise().squaredNorm();
  }
};

/// Every method at steps of about 0.02.
Integration fine(const Method& method, double end) { return method.held_at(end / std::ceil(end / 0.02), end); }

/// How far dense output of such steps may be off.
double accuracy(const Method& method) { return method.order <= 1 ? 0.05 : method.order <= 2 ? 2e-3 : 1e-5; }

}  // namespace

BOOST_AUTO_TEST_SUITE(event)

BOOST_AUTO_TEST_CASE(zeros_are_where_the_solution_has_them) {
  const Oscillators system{{1, 1.7, 0.6}};
  for (const Method& method : steppers::all()) {
    BOOST_TEST_CONTEXT(method.name) {
      State x = system.start();
      Event rising{height, {.direction = Direction::rising}}, falling{height, {.direction = Direction::falling}},
          either{height};
      const Outcome outcome = integrate(system, x, fine(method, 9), rising, falling, either);
      BOOST_TEST(outcome.status == Status::end_reached);
      BOOST_TEST(rising.occurrences().size() + falling.occurrences().size() == either.occurrences().size());

      // Sample k is 0 at every nπ/ω_k, the start left out, and rises at even n.
      std::vector<Index> zeros(3, 0);
      double last = 0;
      for (const auto& [time, sample, state, direction] : either.occurrences()) {
        const Index n = ++zeros[static_cast<std::size_t>(sample)];
        const double frequency = system.frequencies[static_cast<std::size_t>(sample)];
        BOOST_TEST(std::abs(time - static_cast<double>(n) * pi / frequency) < accuracy(method));
        BOOST_TEST((direction == (n % 2 == 0 ? Direction::rising : Direction::falling)));
        BOOST_TEST(time >= last);
        BOOST_REQUIRE((state.rows() == 2 && state.cols() == 1));
        // On the zero, or beyond it by rounding.
        const double beyond = direction == Direction::rising ? state(0) : -state(0);
        BOOST_TEST(beyond >= 0);
        BOOST_TEST(beyond < 1e-13);
        last = time;
      }
      BOOST_TEST(zeros[0] == 2);
      BOOST_TEST(zeros[1] == 4);
      BOOST_TEST(zeros[2] == 1);
      std::size_t up = 0, down = 0;
      for (const Occurrence& zero : either.occurrences()) {
        const bool rises = zero.direction == Direction::rising;
        BOOST_TEST(zero.time == (rises ? rising.occurrences()[up++] : falling.occurrences()[down++]).time);
      }
    }
  }
}

/// The error of the time of an event falls with the order of the method.
BOOST_AUTO_TEST_CASE(zeros_keep_the_order_of_the_method) {
  for (const Method& method : steppers::all()) {
    const Logistic problem(2);
    const State start = problem.start(1, 5);
    // The solution passes its own exact value at t = 1.13, wherever the steps are.
    const State there = problem.exact(start, 1.13), speed = [&] {
      State derivative(there.rows(), 1);
      problem(there, derivative, 1.13);
      return derivative;
    }();
    const auto error = [&](int steps) {
      State x = start;
      Event passes{[&](const State& at) -> Energies { return speed.transpose() * (at - there); },
                   {.direction = Direction::rising}};
      integrate(problem, x, method.held_at(2.0 / steps, 2), passes);
      BOOST_REQUIRE(passes.occurrences().size() == 1u);
      return std::abs(passes.occurrences()[0].time - 1.13);
    };
    // Divisions of [0, 2] in which 1.13 lies within a step.
    const int n = method.order <= 2 ? 190 : method.order <= 5 ? 50 : 10;
    const double order = std::log2(error(n) / error(2 * n)), needed = method.order - 0.8;
    BOOST_TEST(order > needed, method.name << ": " << order);
  }
}

BOOST_AUTO_TEST_CASE(a_terminal_event_is_the_end_of_the_run) {
  for (const Method& method : steppers::all()) {
    for (const unsigned seed : {1u, 2u}) {
      BOOST_TEST_CONTEXT(method.name << ", seed " << seed) {
        WithEnergy problem(seed);
        const State start = problem.start(3, seed + 20);
        const double level = 0.5 * (start.squaredNorm() + problem.exact(start, 1.5).squaredNorm()) / 3;
        const auto distance = [&](const State& x) -> Energies { return x.colwise().squaredNorm().array() - level; };
        State x = start;
        Trajectory before, after;
        Event ends{distance, {.terminal = true}}, other{distance};
        Event late{[](const State& at, double t) -> Energies { return Energies::Constant(at.cols(), t - 1e3); }};
        const Outcome outcome =
            integrate(problem, x, method.held_at(0.25, 5), before, other, std::ref(ends), after, late);
        BOOST_TEST(outcome.status == Status::event);
        BOOST_REQUIRE(ends.occurrences().size() == 1u);
        const Occurrence& zero = ends.occurrences()[0];
        BOOST_TEST(outcome.time == zero.time);
        BOOST_TEST((x.col(zero.sample) == zero.state));
        BOOST_TEST(std::abs(distance(x)[zero.sample]) < 1e-13);
        BOOST_TEST(late.occurrences().empty());

        // No observer saw more, whether told before or after; all saw the point itself.
        BOOST_REQUIRE(other.occurrences().size() == 1u);
        BOOST_TEST(other.occurrences()[0].time == zero.time);
        for (const Trajectory& path : {before, after}) {
          BOOST_TEST(path.size() == static_cast<std::size_t>(outcome.statistics.steps) + 1);
          BOOST_TEST(path.times().back() == zero.time);
          BOOST_TEST((path.states().back() == x));
          BOOST_TEST(largest_difference(path.energies().back(), 0.5 * x.colwise().squaredNorm()) == 0);
        }

        // It goes on from there, and does not end at once.
        State onward = x;
        const Outcome rest = integrate(problem, onward, {.begin = outcome.time, .end = outcome.time + 0.01}, ends);
        BOOST_TEST(rest.status == Status::end_reached);
        BOOST_TEST(ends.occurrences().empty());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_last_step_is_a_step_like_others) {
  for (const Method& method : steppers::all()) {
    BOOST_TEST_CONTEXT(method.name) {
      const Logistic problem(3);
      const State start = problem.start(2, 4);
      State x = start, uncut;
      integrate(problem, x, method.held_at(0.02, 1), [&](const Evaluation& now) {
        if (now.previous_time < 0.765 && now.time > 0.765) now.interpolate(0.765, uncut);
      });
      x = start;
      Event ends{[](const State& at, double t) -> Energies { return Energies::Constant(at.cols(), t - 0.77); },
                 {.terminal = true}};
      Trajectory path{{.every = 0.01}};
      long told = 0;
      const auto look = [&](const Evaluation& now) {
        told += now.step > 0;
        if (now.step == 0 || now.time < 0.77) return;
        State derivative(x.rows(), x.cols()), between;
        problem(now.state, derivative, now.time);
        BOOST_TEST(largest_difference(derivative, now.derivative) == 0);
        BOOST_TEST(now.residual == derivative.lpNorm<Eigen::Infinity>());
        now.interpolate(0.765, between);
        BOOST_TEST(largest_difference(between, uncut) == 0);
        BOOST_CHECK_THROW(now.interpolate(0.771, between), ValueError);
      };
      const Outcome outcome = integrate(problem, x, method.held_at(0.02, 1), look, ends, path);
      BOOST_TEST(outcome.status == Status::event);
      BOOST_TEST(outcome.time == 0.77);
      BOOST_TEST(outcome.statistics.steps == 39);
      BOOST_TEST(told == 39);
      BOOST_TEST(std::abs(outcome.statistics.smallest_step - 0.01) < 1e-12);
      BOOST_TEST(outcome.statistics.largest_step == 0.02);
      BOOST_TEST(path.size() == 78u);
    }
  }
}

BOOST_AUTO_TEST_CASE(zeros_at_the_ends_of_steps_count_once) {
  // ẋ = 1 from −1 in steps of ¼: exactly 0 at t = 1.
  const auto one = [](const State& x, State& dxdt, double) { dxdt.setOnes(x.rows(), x.cols()); };
  for (const double begin : {-1.0, 0.0}) {
    State x(1, 1);
    x << begin;
    Event zero{height};
    integrate(one, x, {.stepper = Euler{0.25}, .end = 2}, zero);
    if (begin == 0) {
      BOOST_TEST(zero.occurrences().empty());
    } else {
      BOOST_REQUIRE(zero.occurrences().size() == 1u);
      BOOST_TEST(zero.occurrences()[0].time == 1);
      BOOST_TEST(zero.occurrences()[0].state(0) == 0);
      BOOST_TEST((zero.occurrences()[0].direction == Direction::rising));
    }
  }
  State x(1, 1);
  x << -1;
  Event zero{height, {.terminal = true}};
  const Outcome outcome = integrate(one, x, {.stepper = Euler{0.25}, .end = 2}, zero);
  BOOST_TEST(outcome.status == Status::event);
  BOOST_TEST(outcome.time == 1);
  BOOST_TEST(outcome.statistics.steps == 4);
  BOOST_TEST(outcome.statistics.right_hand_sides == 5);
}

// ẋ = 1 from 0: x = t, and functions of it have their zeros where one likes.
BOOST_AUTO_TEST_CASE(zeros_between_the_ends_of_one_step_are_not_seen) {
  const auto one = [](const State& x, State& dxdt, double) { dxdt.setOnes(x.rows(), x.cols()); };
  const auto seen = [&](double step, const auto& function) {
    State x = State::Zero(1, 1);
    Event zero{[&](const State& at) -> Energies { return Energies::Constant(1, function(at(0))); }};
    integrate(one, x, {.stepper = DormandPrince{}, .end = 2, .first_step = step, .largest_step = step}, zero);
    return zero.occurrences().size();
  };
  const auto never = [](double x) { return x + 1; };
  const auto twice = [](double x) { return (x - 1.1) * (x - 1.4); };
  const auto touched = [](double x) { return (x - 1.3) * (x - 1.3); };
  const auto slope = [](double x) { return 2 * (x - 1.3); };
  BOOST_TEST(seen(0.5, never) == 0u);
  BOOST_TEST(seen(0.5, twice) == 0u);
  BOOST_TEST(seen(0.25, twice) == 2u);  // shorter than what lies between them
  for (const double step : {0.5, 0.25, 0.03125}) {
    BOOST_TEST(seen(step, touched) == 0u);
    BOOST_TEST(seen(step, slope) == 1u);
  }
}

BOOST_AUTO_TEST_CASE(an_event_inside_another_observer_ends_at_the_step) {
  const Oscillators system{{1}};
  State x = system.start();
  Event zero{height, {.terminal = true}};
  long told = 0;
  const auto wrapper = [&](const Evaluation& now) { return ++told, zero(now); };
  const Outcome outcome = integrate(system, x, {.stepper = RungeKutta4{0.1}, .end = 9}, wrapper);
  BOOST_TEST(outcome.status == Status::stopped);
  BOOST_TEST(outcome.time == 3.2);
  BOOST_REQUIRE(zero.occurrences().size() == 1u);
  BOOST_TEST(std::abs(zero.occurrences()[0].time - pi) < 1e-5);
  BOOST_TEST(told == 33);
}

BOOST_AUTO_TEST_CASE(what_is_no_event_is_refused) {
  const Oscillators system{{1, 2}};
  const auto refusal = [&](auto function) {
    return message<Error>([&] {
      State x = system.start();
      Event event{function};
      integrate(system, x, {.stepper = RungeKutta4{0.1}, .end = 9}, event);
    });
  };
  BOOST_TEST(names(refusal([](const State& x) -> Energies {
                     return Energies{{x(0, 0), std::sqrt(x(0, 1))}};
                   }),
                   {"Event", "not a number", "t = 1.6", "sample 1"}));
  BOOST_TEST(
      names(refusal([](const State&) -> Energies { return Energies::Zero(3); }), {"Event", "3 numbers", "2 samples"}));
  struct Beyond {
    void operator()(const Evaluation&) {}
    std::optional<double> end_within(const Evaluation& step) { return step.time + 1; }
  };
  BOOST_TEST(names(message<ValueError>([&] {
                     State x = system.start();
                     integrate(system, x, {.stepper = RungeKutta4{0.5}, .end = 9}, Beyond{});
                   }),
                   {"t = 1.5", "from t = 0 to 0.5"}));
}

BOOST_AUTO_TEST_CASE(an_end_where_nothing_is_finite_is_not_reached) {
  // The right-hand side is NaN at 0.35 alone, which no step meets.
  const auto gap = [](const State& x, State& dxdt, double t) {
    dxdt.setConstant(1, 1, t == 0.35 ? std::nan("") : x(0));
  };
  struct At {
    long told = 0;
    void operator()(const Evaluation&) { ++told; }
    std::optional<double> end_within(const Evaluation& step) {
      return step.time > 0.35 ? std::optional(0.35) : std::nullopt;
    }
  } at;
  State x = State::Ones(1, 1);
  const Outcome outcome = integrate(gap, x, {.stepper = Euler{0.1}, .end = 1}, at);
  BOOST_TEST(outcome.status == Status::not_finite);
  BOOST_TEST(std::abs(outcome.time - 0.3) < 1e-15);
  BOOST_TEST(std::abs(x(0) - 1.331) < 1e-14);
  BOOST_TEST(outcome.statistics.steps == 3);
  BOOST_TEST(at.told == 4);
}

BOOST_AUTO_TEST_CASE(it_is_printed) {
  std::ostringstream text;
  text << Outcome{Status::event, 2.5, {}};
  BOOST_TEST(text.str().starts_with("ended by an event at t = 2.5\n"));
}

BOOST_AUTO_TEST_SUITE_END()
