// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/trajectory.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <stdexcept>

#include "dynamics/problems.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;
using problems::largest_difference;
using problems::Logistic;

namespace {

boost::test_tools::assertion_result built_in(boost::unit_test::test_unit_id) { return Cvode::available(); }

/// ẋ = −1000 (x − sin x̄ · 1) in a rotated frame: stiff, and with the derivative known.
struct Stiff {
  State Q;
  mutable long calls = 0, products = 0;

  explicit Stiff(unsigned seed) : Q(Logistic(seed).Q) {}

  void operator()(const State& x, State& dxdt, double) const {
    ++calls;
    const State z = Q.transpose() * x;
    State rate(z.rows(), z.cols());
    for (Index i = 0; i < z.rows(); ++i)
      rate.row(i) = -std::pow(10.0, i) * (z.row(i).array() + z.row(i).array().cube());
    dxdt = Q * rate;
  }
  void jacobian_product(const State& x, const State& v, State& product) const {
    ++products;
    const State z = Q.transpose() * x, w = Q.transpose() * v;
    State rate(z.rows(), z.cols());
    for (Index i = 0; i < z.rows(); ++i)
      rate.row(i) = -std::pow(10.0, i) * (1 + 3 * z.row(i).array().square()) * w.row(i).array();
    product = Q * rate;
  }
  /// ż = −a (z + z³): z(t) = z₀ e^{−at}/√(1 + z₀² (1 − e^{−2at}))
  State exact(const State& start, double t) const {
    State z = Q.transpose() * start;
    for (Index i = 0; i < z.rows(); ++i) {
      const double decay = std::exp(-std::pow(10.0, i) * t);
      z.row(i) = (decay * z.row(i).array() / (1 + z.row(i).array().square() * (1 - decay * decay)).sqrt()).eval();
    }
    return Q * z;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cvode)

BOOST_AUTO_TEST_CASE(tolerances_that_mean_nothing_are_refused) {
  BOOST_TEST(names(message<ValueError>([] { Cvode{.relative_tolerance = -1}.start(); }), {"Cvode", "relative", "-1"}));
  BOOST_TEST(names(message<ValueError>([] { Cvode{.absolute_tolerance = 0}.start(); }), {"Cvode", "absolute", "0"}));
}

BOOST_AUTO_TEST_CASE(where_it_is_not_built_in_it_says_so, *boost::unit_test::precondition([](auto) {
                       return boost::test_tools::assertion_result(!Cvode::available());
                     })) {
  BOOST_TEST(names(message<Error>([] { Cvode{}.start(); }), {"built without SUNDIALS", "HAMLET_SUNDIALS"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cvode, *boost::unit_test::precondition(built_in))

// Of order 1 to 5, with a norm that is a mean: the error is a modest multiple of the tolerance, and follows it.
BOOST_AUTO_TEST_CASE(the_error_follows_the_tolerance_at_steps_and_between_them) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    const Logistic problem(seed);
    const State start = problem.start(3, seed + 100);
    double before = std::numeric_limits<double>::infinity();
    for (const double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
      double error = 0, between = 0;
      const auto look = [&](const Evaluation& now) {
        error = std::max(error, largest_difference(now.state, problem.exact(start, now.time)));
        State x;
        for (const double part : {0.2, 0.5, 0.71}) {
          const double t = now.previous_time + part * (now.time - now.previous_time);
          now.interpolate(t, x);
          between = std::max(between, largest_difference(x, problem.exact(start, t)));
        }
      };
      State x = start;
      const Outcome outcome = integrate(problem, x, {.stepper = Cvode{tolerance, tolerance}, .end = 3}, look);
      BOOST_TEST(outcome.status == Status::end_reached);
      BOOST_TEST(outcome.time == 3);
      BOOST_TEST(error < 100 * tolerance, "tolerance " << tolerance << ": " << error);
      BOOST_TEST(between < 3 * error, "tolerance " << tolerance << ": " << between << " between, " << error);
      BOOST_TEST(error < before / 10);
      before = error;
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stiff_system_costs_few_steps_and_what_it_costs_is_counted) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    const Stiff problem(seed);
    const State start = Logistic(seed).start(2, seed);
    const auto plain = [&](const State& x, State& dxdt, double t) { problem(x, dxdt, t); };
    std::vector<long> right_hand_sides;
    for (const bool differentiable : {true, false}) {
      problem.calls = problem.products = 0;
      State x = start;
      const Integration how{.stepper = Cvode{1e-7, 1e-9}, .end = 2};
      const Outcome outcome = differentiable ? integrate(problem, x, how) : integrate(plain, x, how);
      BOOST_TEST(outcome.status == Status::end_reached);
      BOOST_TEST(largest_difference(x, problem.exact(start, 2)) < 1e-5);
      const Statistics& cost = outcome.statistics;
      BOOST_TEST(cost.right_hand_sides == problem.calls);
      BOOST_TEST(cost.jacobian_products == problem.products);
      BOOST_TEST((cost.jacobian_products > 0) == differentiable);
      BOOST_TEST(names(outcome.text(), {"Jacobian"}) == differentiable);
      right_hand_sides.push_back(cost.right_hand_sides);
      State explicitly = start;
      const Outcome slow = integrate(plain, explicitly, {.stepper = DormandPrince{1e-7, 1e-9}, .end = 2});
      BOOST_TEST(10 * cost.steps < slow.statistics.steps);
    }
    BOOST_TEST(right_hand_sides[0] < right_hand_sides[1]);
  }
}

// The sum of the steps is the time, also of steps that CVODE shortened itself.
BOOST_AUTO_TEST_CASE(steps_end_where_they_are_said_to) {
  const Stiff problem(4);
  const State start = 3 * Logistic(4).start(2, 5);
  double smallest = 1e300, largest = 0;
  long steps = 0;
  const auto look = [&](const Evaluation& now) {
    BOOST_TEST(largest_difference(now.state, problem.exact(start, now.time - 1)) < 1e-4);
    if (now.step == 0) return;
    ++steps;
    smallest = std::min(smallest, now.time - now.previous_time);
    largest = std::max(largest, now.time - now.previous_time);
  };
  State x = start;
  // So large a first step must be refused.
  const Integration how{.stepper = Cvode{1e-6, 1e-8}, .begin = 1, .end = 4, .first_step = 0.05, .largest_step = 0.1};
  const Outcome outcome = integrate(problem, x, how, look);
  BOOST_TEST(outcome.status == Status::end_reached);
  BOOST_TEST(outcome.statistics.rejected > 0);
  BOOST_TEST(outcome.statistics.steps == steps);
  BOOST_TEST(largest <= 0.1 * (1 + 1e-12));
  BOOST_TEST(std::abs(outcome.statistics.smallest_step / smallest - 1) < 1e-6);
  BOOST_TEST(std::abs(outcome.statistics.largest_step / largest - 1) < 1e-12);
}

// Asked for a step from elsewhere than where it ended, it begins anew.
BOOST_AUTO_TEST_CASE(it_goes_on_from_wherever_it_is_put) {
  const Stiff problem(6);
  System system(problem);
  const auto stepper = Cvode{1e-8, 1e-10}.start();
  Point from{0, Logistic(6).start(2, 7), {}}, to{0, State(5, 2), State(5, 2)};
  for (const double time : {0.0, 5.0, -3.0}) {
    const State start = from.state;
    from.time = time;
    system(from.state, from.derivative, from.time);
    double dt = stepper->first_step(system, from, 1);
    for (int step = 0; step < 20; ++step) {
      const Attempt attempt = stepper->attempt(system, from, dt, to);
      BOOST_TEST_REQUIRE(attempt.accepted);
      to.time = from.time + attempt.taken.value_or(dt);
      BOOST_TEST(largest_difference(to.state, problem.exact(start, to.time - time)) < 1e-6);
      dt = attempt.next_step;
      std::swap(from, to);
    }
    from.state *= -1.5;
  }
}

BOOST_AUTO_TEST_CASE(what_the_system_throws_comes_through) {
  for (const long most : {1, 2, 5, 30}) {
    long calls = 0;
    const auto failing = [&](const State& x, State& dxdt, double) {
      if (++calls == most) throw std::out_of_range("call " + std::to_string(most));
      dxdt = -x;
    };
    State x = State::Ones(3, 2);
    const State before = x;
    const std::string said = message<std::out_of_range>([&] {
      integrate(failing, x, {.stepper = Cvode{1e-8, 1e-8}, .end = 10});
    });
    BOOST_TEST(said == "call " + std::to_string(most));
    BOOST_TEST(calls == most);
    BOOST_TEST(x.allFinite());
    BOOST_TEST((most > 5 || (x.array() == before.array()).all()));
  }
  struct Failing {
    void operator()(const State& x, State& dxdt, double) const { dxdt = -x; }
    void jacobian_product(const State&, const State&, State&) const { throw std::domain_error("no derivative"); }
  };
  State x = State::Ones(3, 2);
  BOOST_TEST(message<std::domain_error>([&] { integrate(Failing{}, x, {.stepper = Cvode{}, .end = 10}); }) ==
             "no derivative");
  // A derivative of another shape.
  const auto misshapen = [](const State& x, State& dxdt, double t) {
    dxdt = t > 0 ? State::Ones(1, 1) : State::Ones(x.rows(), x.cols());
  };
  BOOST_TEST(names(message<ShapeError>([&] { integrate(misshapen, x, {.stepper = Cvode{}, .end = 10}); }), {"1 × 1"}));
}

BOOST_AUTO_TEST_CASE(a_run_that_cannot_go_on_ends_with_a_status_and_the_last_good_state) {
  const auto late = [](const State& x, State& dxdt, double t) {
    dxdt = t > 1 ? State::Constant(x.rows(), x.cols(), std::numeric_limits<double>::quiet_NaN()) : State(-x);
  };
  State x = State::Ones(2, 1);
  Outcome outcome = integrate(late, x, {.stepper = Cvode{}, .end = 5});
  BOOST_TEST(outcome.status == Status::not_finite);
  BOOST_TEST(std::abs(outcome.time - 1) < 1e-6);
  BOOST_TEST(std::abs(x(0, 0) - std::exp(-outcome.time)) < 1e-5);

  const auto blow_up = [](const State& x, State& dxdt, double) { dxdt = x.cwiseAbs2(); };
  x = State::Ones(2, 1);
  outcome = integrate(blow_up, x, {.stepper = Cvode{}, .end = 5, .most_steps = 100'000});
  BOOST_TEST((outcome.status == Status::step_too_small || outcome.status == Status::not_finite), outcome);
  BOOST_TEST(std::abs(outcome.time - 1) < 1e-3);
  BOOST_TEST(x.allFinite());
}

BOOST_AUTO_TEST_CASE(a_resumed_run_is_the_run) {
  const Stiff problem(9);
  const State start = Logistic(9).start(2, 10);
  std::vector<Checkpoint> kept;
  Integration how{.stepper = Cvode{1e-6, 1e-8}, .end = 1};
  how.checkpoints = {.every = 10, .save = [&](const Checkpoint& checkpoint) { kept.push_back(checkpoint); }};
  State whole = start;
  const Outcome outcome = integrate(problem, whole, how);
  BOOST_TEST_REQUIRE(kept.size() > 2);
  how.checkpoints.save = nullptr;
  State resumed = start;
  const Outcome again = resume(kept[1], problem, resumed, how);
  BOOST_TEST((resumed.array() == whole.array()).all());
  BOOST_TEST(again.statistics.steps == outcome.statistics.steps);
  BOOST_TEST(again.statistics.right_hand_sides == outcome.statistics.right_hand_sides);
  BOOST_TEST(again.statistics.jacobian_products == outcome.statistics.jacobian_products);
  how.stepper = Cvode{1e-7, 1e-8};
  BOOST_TEST(names(message<ValueError>([&] { resume(kept[1], problem, resumed, how); }), {"1e-06", "1e-07"}));
}

BOOST_AUTO_TEST_CASE(two_runs_do_not_meet) {
  const Stiff problem(8);
  const State start = Logistic(8).start(2, 9);
  const Integration how{.stepper = Cvode{1e-6, 1e-8}, .end = 1};
  State alone = start;
  integrate(problem, alone, how);
  State outer = start;
  integrate(problem, outer, how, [&](const Evaluation&) {
    State inner = 2 * start;
    integrate(problem, inner, how);
  });
  BOOST_TEST((outer.array() == alone.array()).all());
}

BOOST_AUTO_TEST_SUITE_END()
