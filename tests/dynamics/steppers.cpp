// SPDX-License-Identifier: MIT
#include "dynamics/steppers.hpp"

#include <hamlet/dynamics/odeint.hpp>

#include <boost/numeric/odeint/stepper/adams_bashforth.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/euler.hpp>
#include <boost/numeric/odeint/stepper/extrapolation_stepper.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_cash_karp54.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>

namespace steppers {

using hamlet::State;
namespace odeint = boost::numeric::odeint;

namespace {

/// A user's own, with no more than odeint's Stepper concept asks for, in place: Heun's method of order 2.
struct Heun {
  using state_type = State;
  using deriv_type = State;
  using value_type = double;
  using time_type = double;
  using order_type = unsigned short;
  using stepper_category = odeint::stepper_tag;

  State slope = {}, ahead = {}, slope_ahead = {};

  order_type order() const { return 2; }

  template <class F>
  void do_step(F f, State& x, double t, double dt) {
    slope.resizeLike(x);
    slope_ahead.resizeLike(x);
    f(x, slope, t);
    ahead = x + dt * slope;
    f(ahead, slope_ahead, t + dt);
    x += 0.5 * dt * (slope + slope_ahead);
  }
};

constexpr double wide = 1e6;

}  // namespace

std::vector<Method> catalogue() {
  return {
      {"Euler", 1, false, 1, [](double h) { return hamlet::Euler{h}; }},
      {"RungeKutta4", 4, false, 4, [](double h) { return hamlet::RungeKutta4{h}; }},
      {"AdamsBashforthMoulton", 4, false, 0, [](double h) { return hamlet::AdamsBashforthMoulton{h}; }},
      {"CashKarp", 5, true, 6,
       [](double) {
         return hamlet::CashKarp{wide, wide};
       }},
      {"DormandPrince", 5, true, 6,
       [](double) {
         return hamlet::DormandPrince{wide, wide};
       }},
      {"Fehlberg78", 8, true, 13,
       [](double) {
         return hamlet::Fehlberg78{wide, wide};
       }},
      {"BulirschStoer", 4, true, 0,
       [](double) {
         return hamlet::BulirschStoer{wide, wide};
       }},
  };
}

std::vector<Method> of_users() {
  using hamlet::Odeint;
  using Dopri5 = odeint::runge_kutta_dopri5<State>;
  using CashKarp = odeint::runge_kutta_cash_karp54<State>;
  using RungeKutta4 = odeint::runge_kutta4<State>;
  using Operations = odeint::default_operations;
  using Bashforth = odeint::adams_bashforth<4, State, double, State, double, hamlet::OdeintAlgebra, Operations,
                                            odeint::initially_resizer, RungeKutta4>;
  using ControlledDopri5 = odeint::controlled_runge_kutta<Dopri5>;
  return {
      {"odeint euler", 1, false, 1,
       [](double h) {
         return Odeint{odeint::euler<State>(), h};
       }},
      {"odeint runge_kutta4", 4, false, 4,
       [](double h) {
         return Odeint{RungeKutta4(), h};
       }},
      {"odeint runge_kutta_dopri5", 5, false, 6,
       [](double h) {
         return Odeint{Dopri5(), h};
       }},
      {"odeint cash_karp54", 5, false, 6,
       [](double h) {
         return Odeint{CashKarp(), h};
       }},
      {"odeint extrapolation<4>", 4, false, 0,
       [](double h) {
         return Odeint{odeint::extrapolation_stepper<4, State>(), h};
       }},
      {"odeint adams_bashforth<4>", 4, false, 0,
       [](double h) {
         return Odeint{Bashforth(), h};
       }},
      {"odeint controlled dopri5", 5, true, 6,
       [](double) { return Odeint{ControlledDopri5(ControlledDopri5::error_checker_type(wide, wide))}; }},
      {"Heun in place", 2, false, 3,
       [](double h) {
         return Odeint{Heun{}, h};
       }},
  };
}

std::vector<Method> all() {
  std::vector<Method> methods = catalogue();
  for (Method& method : of_users()) methods.push_back(std::move(method));
  return methods;
}

std::vector<Controlled> controlled() {
  std::vector<Controlled> list{{"BulirschStoer", [](double tolerance) {
                                  return hamlet::BulirschStoer{tolerance, tolerance};
                                }}};
  const std::vector<std::pair<std::string, hamlet::StepControl>> controls{
      {"", hamlet::Elementary{}}, {" with PI", hamlet::PI{}}, {" with PID", hamlet::PID{}}};
  for (const auto& [name, control] : controls) {
    list.push_back({"CashKarp" + name, [control = control](double tolerance) {
                      return hamlet::CashKarp{tolerance, tolerance, control};
                    }});
    list.push_back({"DormandPrince" + name, [control = control](double tolerance) {
                      return hamlet::DormandPrince{tolerance, tolerance, control};
                    }});
    list.push_back({"Fehlberg78" + name, [control = control](double tolerance) {
                      return hamlet::Fehlberg78{tolerance, tolerance, control};
                    }});
  }
  return list;
}

}  // namespace steppers
