// SPDX-License-Identifier: MIT
#include <hamlet/dynamics/fixed_steppers.hpp>
#include <hamlet/dynamics/odeint.hpp>

#include "dynamics/step_size.hpp"

#include <boost/numeric/odeint/stepper/adams_bashforth_moulton.hpp>
#include <boost/numeric/odeint/stepper/euler.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>

#include <fmt/format.h>

namespace hamlet {

namespace odeint = boost::numeric::odeint;

namespace {

template <class S>
std::unique_ptr<RunningStepper> start_fixed(const char* name, double step, double stable = 2) {
  check_step_size(name, step);
  return std::make_unique<RunningOdeint<S>>(typename RunningOdeint<S>::Steps{.fixed = step, .stable = stable});
}

std::string text_of(const char* name, double step) { return fmt::format("{}(step = {})", name, step); }

}  // namespace

std::unique_ptr<RunningStepper> Euler::start() const { return start_fixed<odeint::euler<State>>("Euler", step, 1); }

std::unique_ptr<RunningStepper> RungeKutta4::start() const {
  return start_fixed<odeint::runge_kutta4<State>>("RungeKutta4", step);
}

std::unique_ptr<RunningStepper> AdamsBashforthMoulton::start() const {
  return start_fixed<odeint::adams_bashforth_moulton<4, State>>("AdamsBashforthMoulton", step, 1);
}

std::string Euler::text() const { return text_of("Euler", step); }
std::string RungeKutta4::text() const { return text_of("RungeKutta4", step); }
std::string AdamsBashforthMoulton::text() const { return text_of("AdamsBashforthMoulton", step); }

}  // namespace hamlet
