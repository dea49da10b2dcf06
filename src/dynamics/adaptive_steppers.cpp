// SPDX-License-Identifier: MIT
#include <hamlet/dynamics/adaptive_steppers.hpp>
#include <hamlet/dynamics/odeint.hpp>

#include "dynamics/extrapolation.hpp"
#include "dynamics/step_adjuster.hpp"
#include "dynamics/tolerances.hpp"

#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_cash_karp54.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>

#include <fmt/format.h>

#include <type_traits>
#include <variant>

namespace hamlet {

namespace odeint = boost::numeric::odeint;

namespace {

template <class ErrorStepper>
std::unique_ptr<RunningStepper> start_controlled(const char* name, double relative, double absolute,
                                                 const StepControl& control) {
  check_tolerances(name, relative, absolute);
  check_control(name, control);
  using Checker = typename odeint::controlled_runge_kutta<ErrorStepper>::error_checker_type;
  using Running = RunningOdeint<odeint::controlled_runge_kutta<ErrorStepper, Checker, StepAdjuster>>;
  return std::make_unique<Running>(
      typename Running::Steps{.order = ErrorStepper::order_value, .relative = relative, .absolute = absolute},
      Checker(absolute, relative), StepAdjuster(control));
}

std::string text_of(const StepControl& control) {
  return std::visit(
      [](const auto& chosen) -> std::string {
        using Control = std::remove_cvref_t<decltype(chosen)>;
        if constexpr (std::is_same_v<Control, Elementary>) {
          return "Elementary";
        } else if constexpr (std::is_same_v<Control, PI>) {
          return fmt::format("PI({}, {}, {}, {}, {})", chosen.proportional, chosen.integral, chosen.safety,
                             chosen.smallest_factor, chosen.largest_factor);
        } else {
          return fmt::format("PID({}, {}, {}, {}, {}, {})", chosen.proportional, chosen.integral, chosen.derivative,
                             chosen.safety, chosen.smallest_factor, chosen.largest_factor);
        }
      },
      control);
}

std::string text_of(const char* name, double relative, double absolute, const StepControl& control) {
  return fmt::format("{}(relative_tolerance = {}, absolute_tolerance = {}, control = {})", name, relative, absolute,
                     text_of(control));
}

}  // namespace

std::unique_ptr<RunningStepper> CashKarp::start() const {
  return start_controlled<odeint::runge_kutta_cash_karp54<State>>("CashKarp", relative_tolerance, absolute_tolerance,
                                                                  control);
}

std::unique_ptr<RunningStepper> DormandPrince::start() const {
  return start_controlled<odeint::runge_kutta_dopri5<State>>("DormandPrince", relative_tolerance, absolute_tolerance,
                                                             control);
}

std::unique_ptr<RunningStepper> Fehlberg78::start() const {
  return start_controlled<odeint::runge_kutta_fehlberg78<State>>("Fehlberg78", relative_tolerance, absolute_tolerance,
                                                                 control);
}

std::unique_ptr<RunningStepper> BulirschStoer::start() const {
  check_tolerances("BulirschStoer", relative_tolerance, absolute_tolerance);
  constexpr bool one_step = true;
  using Running = RunningOdeint<MidpointExtrapolation, one_step>;
  return std::make_unique<Running>(
      Running::Steps{.order = 8, .relative = relative_tolerance, .absolute = absolute_tolerance}, relative_tolerance,
      absolute_tolerance);
}

std::string CashKarp::text() const { return text_of("CashKarp", relative_tolerance, absolute_tolerance, control); }

std::string DormandPrince::text() const {
  return text_of("DormandPrince", relative_tolerance, absolute_tolerance, control);
}

std::string Fehlberg78::text() const { return text_of("Fehlberg78", relative_tolerance, absolute_tolerance, control); }

std::string BulirschStoer::text() const {
  return fmt::format("BulirschStoer(relative_tolerance = {}, absolute_tolerance = {})", relative_tolerance,
                     absolute_tolerance);
}

}  // namespace hamlet
