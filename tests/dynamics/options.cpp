// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/alternating_flow.hpp>
#include <hamlet/dynamics/discrete_gradient.hpp>
#include <hamlet/dynamics/integrate.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <string>

#include "laws/throws.hpp"

using namespace hamlet;

namespace {

void decay(const State& x, State& dxdt, double) { dxdt = -x; }

/// What the refusal says; empty when there is none.
std::string refusal(const Integration& how) {
  State x = State::Ones(2, 2);
  try {
    integrate(decay, x, how);
  } catch (const ValueError& error) {
    return error.what();
  }
  return {};
}

bool refused(const Integration& how, const std::string& naming) {
  const std::string said = refusal(how);
  if (said.find(naming) == std::string::npos) BOOST_TEST_MESSAGE("said: " << said);
  return said.find(naming) != std::string::npos;
}

const double not_a_number = std::nan(""), infinity = std::numeric_limits<double>::infinity();

}  // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(runs_that_mean_nothing_are_refused) {
  BOOST_TEST(refused({}, "end is not given"));
  BOOST_TEST(refused({.end = not_a_number}, "end is not given"));
  BOOST_TEST(refused({.begin = not_a_number, .end = 1}, "begin is nan"));
  BOOST_TEST(refused({.begin = -infinity, .end = 1}, "begin is -inf"));
  BOOST_TEST(refused({.begin = 2, .end = 1}, "end, 1, lies before begin, 2"));
  BOOST_TEST(refused({.end = infinity}, "settled"));
  BOOST_TEST(refused({.end = 1, .settled = -1e-3}, "settled is -0.001"));
  BOOST_TEST(refused({.end = 1, .settled = not_a_number}, "settled is nan"));
  BOOST_TEST(refused({.end = 1, .most_steps = 0}, "most_steps is 0"));
}

BOOST_AUTO_TEST_CASE(steps_that_contradict_one_another_are_refused) {
  for (const double bad : {0.0, -1.0, not_a_number, infinity}) {
    BOOST_TEST(refused({.end = 1, .first_step = bad}, "first_step is"));
    BOOST_TEST(refused({.end = 1, .smallest_step = bad}, "smallest_step is"));
    BOOST_TEST(refused({.end = 1, .largest_step = bad}, "largest_step is"));
  }
  BOOST_TEST(refused({.end = 1, .smallest_step = 0.2, .largest_step = 0.1}, "smallest_step is 0.2, larger than"));
  BOOST_TEST(refused({.end = 1, .first_step = 0.2, .largest_step = 0.1}, "first_step is 0.2, larger than"));
  BOOST_TEST(refused({.end = 1, .first_step = 0.1, .smallest_step = 0.2}, "smallest_step is 0.2, larger than"));
  BOOST_TEST(refused({.stepper = Euler{0.1}, .end = 1, .first_step = 0.2}, "takes steps of 0.1"));
  BOOST_TEST(refused({.stepper = Euler{0.1}, .end = 1, .largest_step = 0.05}, "the stepper's step is 0.1"));
  BOOST_TEST(refused({.stepper = Euler{0.1}, .end = 1, .smallest_step = 0.5}, "smallest_step is 0.5"));
  BOOST_TEST(refusal({.stepper = Euler{0.1}, .end = 1, .first_step = 0.1, .smallest_step = 0.1, .largest_step = 0.1}) ==
             "");
}

BOOST_AUTO_TEST_CASE(parameters_of_steppers_are_checked_by_name) {
  for (const double bad : {0.0, -1.0, not_a_number, infinity}) {
    BOOST_TEST(refused({.stepper = Euler{bad}, .end = 1}, "Euler"));
    BOOST_TEST(refused({.stepper = RungeKutta4{bad}, .end = 1}, "RungeKutta4"));
    BOOST_TEST(refused({.stepper = AdamsBashforthMoulton{bad}, .end = 1}, "AdamsBashforthMoulton"));
    BOOST_TEST(refused({.stepper = CashKarp{1e-6, bad}, .end = 1}, "CashKarp"));
    BOOST_TEST(refused({.stepper = DormandPrince{1e-6, bad}, .end = 1}, "DormandPrince"));
    BOOST_TEST(refused({.stepper = Fehlberg78{1e-6, bad}, .end = 1}, "Fehlberg78"));
    BOOST_TEST(refused({.stepper = BulirschStoer{1e-6, bad}, .end = 1}, "BulirschStoer"));
    if (bad != 0) BOOST_TEST(refused({.stepper = DormandPrince{bad, 1e-9}, .end = 1}, "relative tolerance"));
  }
  BOOST_TEST(refusal({.stepper = DormandPrince{.relative_tolerance = 0}, .end = 1}) == "");
}

BOOST_AUTO_TEST_CASE(parameters_of_step_control_are_checked_by_name) {
  const auto says = [](const StepControl& control, const std::string& parameter) {
    for (const auto& [name, stepper] :
         std::vector<std::pair<std::string, Stepper>>{{"CashKarp", CashKarp{.control = control}},
                                                      {"DormandPrince", DormandPrince{.control = control}},
                                                      {"Fehlberg78", Fehlberg78{.control = control}}})
      if (!refused({.stepper = stepper, .end = 1}, name + ": the " + parameter)) return false;
    return true;
  };
  for (const double bad : {not_a_number, infinity}) {
    BOOST_TEST(says(PI{.proportional = bad}, "proportional gain of its PI control is "));
    BOOST_TEST(says(PID{.proportional = bad}, "proportional gain of its PID control is "));
    BOOST_TEST(says(PID{.derivative = bad}, "derivative gain of its PID control is "));
  }
  for (const double bad : {0.0, -1.0, not_a_number, infinity}) {
    BOOST_TEST(says(PI{.integral = bad}, "integral gain of its PI control is "));
    BOOST_TEST(says(PID{.integral = bad}, "integral gain of its PID control is "));
    BOOST_TEST(says(PI{.safety = bad}, "safety of its PI control is "));
    BOOST_TEST(says(PID{.smallest_factor = bad}, "smallest factor of its PID control is "));
    BOOST_TEST(says(PI{.largest_factor = bad}, "largest factor of its PI control is "));
  }
  BOOST_TEST(says(PI{.safety = 1.1}, "safety of its PI control is 1.1"));
  BOOST_TEST(says(PI{.smallest_factor = 1}, "smallest factor of its PI control is 1"));
  BOOST_TEST(says(PID{.largest_factor = 1}, "largest factor of its PID control is 1"));
  BOOST_TEST(refusal({.stepper = DormandPrince{.control = PI{.proportional = 0, .safety = 1}}, .end = 1}) == "");
  BOOST_TEST(refusal({.stepper = DormandPrince{.control = PID{.proportional = -0.1}}, .end = 1}) == "");
}

BOOST_AUTO_TEST_CASE(a_stepper_that_needs_more_than_a_function_says_what) {
  const auto says = [](const Stepper& stepper) {
    State x = State::Ones(2, 2);
    return laws::message<ModelError>([&] { integrate(decay, x, {.stepper = stepper, .end = 1}); });
  };
  const std::string alternating = says(AlternatingFlow{.step = 1}), discrete = says(DiscreteGradient{1});
  BOOST_TEST(laws::names(alternating, {"AlternatingFlow needs", "independent_sets()", "decay_rates()"}));
  BOOST_TEST(laws::names(discrete, {"DiscreteGradient needs", "activations()", "rounding()"}));
  for (const std::string& said : {alternating, discrete}) {
    BOOST_TEST(laws::names(said, {"call integrate with a Flow", "DormandPrince"}));
    BOOST_TEST(said.find("integrate_each") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_state_that_cannot_be_integrated_is_refused_by_place) {
  State x = State::Ones(3, 2);
  x(2, 1) = not_a_number;
  BOOST_CHECK_EXCEPTION(integrate(decay, x, {.end = 1}), ValueError, [](const ValueError& error) {
    return std::string(error.what()).find("nan in row 2, sample 1") != std::string::npos;
  });
  State empty(0, 4);
  BOOST_CHECK_THROW(integrate(decay, empty, {.end = 1}), ShapeError);
}

BOOST_AUTO_TEST_CASE(a_derivative_of_another_shape_is_refused) {
  State x = State::Ones(3, 2);
  const auto transposed = [](const State& at, State& dxdt, double) { dxdt = at.transpose(); };
  BOOST_CHECK_EXCEPTION(integrate(transposed, x, {.end = 1}), ShapeError, [](const ShapeError& error) {
    return std::string(error.what()).find("2 × 3 for a state of 3 × 2") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(what_the_user_asks_for_goes_before_a_default) {
  struct Slow {
    void operator()(const State& x, State& dxdt, double) const { dxdt = -x; }
    double smallest_time_constant() const { return 0.01; }
  } const system;
  const auto largest = [&](const Integration& how) {
    State x = State::Constant(1, 1, 1e-3);
    return integrate(system, x, how).statistics.largest_step;
  };
  for (const Stepper& stepper : {Stepper(CashKarp{}), Stepper(DormandPrince{}), Stepper(Fehlberg78{}),
                                 Stepper(BulirschStoer{}), Stepper(CashKarp{.control = PI{}}),
                                 Stepper(DormandPrince{.control = PI{}}), Stepper(Fehlberg78{.control = PID{}})}) {
    BOOST_TEST(std::abs(largest({.stepper = stepper, .end = 1}) - 0.02) < 1e-12);  // 2 min τ
    BOOST_TEST(std::abs(largest({.stepper = stepper, .end = 1, .largest_step = 0.1}) - 0.1) < 1e-12);
    BOOST_TEST(std::abs(largest({.stepper = stepper, .end = 1, .first_step = 0.05}) - 0.05) < 1e-12);
  }
  BOOST_TEST(largest({.stepper = RungeKutta4{0.1}, .end = 1}) == 0.1);
}

BOOST_AUTO_TEST_SUITE_END()
