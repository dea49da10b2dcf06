// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/odeint_algebra.hpp>
#include <hamlet/dynamics/stepper.hpp>

#include <boost/numeric/odeint/stepper/controlled_step_result.hpp>
#include <boost/numeric/odeint/stepper/stepper_categories.hpp>

#include <algorithm>
#include <functional>
#include <iomanip>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>

namespace hamlet {

/// The system as a step sees it: asked for ẋ at the step's start, where it is known, it answers from memory.
class FromKnownPoint {
 public:
  FromKnownPoint(System& system, const Point& start) : system_(system), start_(start) {}

  void operator()(const State& x, State& dxdt, double t) {
    if (&x == &start_.state && t == start_.time)
      dxdt = start_.derivative;
    else
      system_(x, dxdt, t);
  }

 private:
  System& system_;
  const Point& start_;
};

/// The category an odeint stepper declares, as questions.
template <class S>
inline constexpr bool is_odeint_controlled =
    std::is_base_of_v<boost::numeric::odeint::controlled_stepper_tag, typename S::stepper_category>;
template <class S>
inline constexpr bool is_odeint_plain =
    std::is_base_of_v<boost::numeric::odeint::stepper_tag, typename S::stepper_category>;
template <class S>
inline constexpr bool is_odeint_fsal =
    std::is_base_of_v<boost::numeric::odeint::explicit_controlled_stepper_fsal_tag, typename S::stepper_category> ||
    std::is_base_of_v<boost::numeric::odeint::explicit_error_stepper_fsal_tag, typename S::stepper_category>;
/// Runge–Kutta methods with an error estimate: their steps depend on nothing but where they start.
template <class S>
inline constexpr bool is_odeint_one_step =
    is_odeint_fsal<S> ||
    std::is_base_of_v<boost::numeric::odeint::explicit_controlled_stepper_tag, typename S::stepper_category> ||
    std::is_base_of_v<boost::numeric::odeint::explicit_error_stepper_tag, typename S::stepper_category>;

/// A stepper that odeint calls plain, or one with error control, at work in the loop of `integrate`.
/// OneStep: whether dense output may be had by a shorter step from the same start.
template <class S, bool OneStep = is_odeint_one_step<S>>
class RunningOdeint : public RunningStepper {
  static_assert(is_odeint_controlled<S> || is_odeint_plain<S>,
                "hand over the plain or the controlled stepper inside: the loop has dense output of its own");
  static_assert(std::is_same_v<typename S::state_type, State> && std::is_same_v<typename S::time_type, double>,
                "the stepper's state_type must be hamlet::State and its time_type double");

 public:
  /// Steps of size `fixed`, or, for a stepper with error control, a first step against these tolerances; `stable` is
  /// the largest step in min τ where steps may become smaller.
  struct Steps {
    double fixed = 0;
    int order = 4;
    double relative = 1e-6, absolute = 1e-9;
    double stable = 2;
  };
  /// The stepper is made in place from `arguments`: copies of some keep references to what they were copied from.
  template <class... Arguments>
  explicit RunningOdeint(const Steps& steps, const Arguments&... arguments)
      : steps_(steps), last_step_(steps.fixed), stepper_(arguments...), between_(arguments...) {}

  /// A multistep method makes room for its own formula only when it first uses it.
  void begin(System&, const Point& start) override {
    if constexpr (is_odeint_plain<S> && requires { stepper_.adjust_size(start.state); })
      stepper_.adjust_size(start.state);
  }

  bool adaptive() const override { return is_odeint_controlled<S>; }

  int order() const override {
    if constexpr (requires { int{stepper_.order()}; })
      return stepper_.order();
    else if constexpr (requires { int{stepper_.stepper().order()}; })
      return stepper_.stepper().order();
    else
      return steps_.order;
  }

  double first_step(System& system, const Point& start, double largest) override {
    if constexpr (is_odeint_controlled<S>)
      return starting_step(system, start, largest, steps_.order, steps_.relative, steps_.absolute);
    else
      return steps_.fixed;
  }

  double largest_step(const System& system) const override { return steps_.stable * system.smallest_time_constant(); }

  Attempt attempt(System& system, const Point& from, double dt, Point& to) override {
    // A multistep method forgets the past when the step changes: its formula is for equal steps.
    if constexpr (is_odeint_plain<S> && requires { stepper_.reset(); })
      if (dt != std::exchange(last_step_, dt)) stepper_.reset();
    return attempt_with(stepper_, system, from, dt, to);
  }

  void restart() override {
    if constexpr (requires { stepper_.reset(); }) stepper_.reset();
  }

  void interpolate(System& system, const Point& from, const Point& to, double t, State& x) override {
    if constexpr (requires { continuous(stepper_, from, to, t, x); })
      continuous(stepper_, from, to, t, x);
    else if constexpr (requires { continuous(stepper_.stepper(), from, to, t, x); })
      continuous(stepper_.stepper(), from, to, t, x);
    else if constexpr (OneStep)
      step_to(system, from, to, t, x);
    else
      RunningStepper::interpolate(system, from, to, t, x);
  }

 private:
  /// The stepper's own continuous extension of its last step.
  static void continuous(const auto& stepper, const Point& from, const Point& to, double t,
                         State& x) requires requires {
    stepper.calc_state(t, x, from.state, from.derivative, from.time, to.state, to.derivative, to.time);
  }
  {
    x.resizeLike(from.state);
    stepper.calc_state(t, x, from.state, from.derivative, from.time, to.state, to.derivative, to.time);
  }

  static Attempt attempt_with(S& stepper, System& system, const Point& from, double dt, Point& to) {
    FromKnownPoint known(system, from);
    const auto f = std::ref(known);
    double t = from.time;
    if constexpr (is_odeint_controlled<S>) {
      double next = dt;
      auto result = boost::numeric::odeint::fail;
      if constexpr (is_odeint_fsal<S>) {
        result = stepper.try_step(f, from.state, from.derivative, t, to.state, to.derivative, next);
      } else if constexpr (requires { stepper.try_step(f, from.state, t, to.state, next); }) {
        result = stepper.try_step(f, from.state, t, to.state, next);
      } else {
        to.state = from.state;
        result = stepper.try_step(f, to.state, t, next);
      }
      return {result == boost::numeric::odeint::success, next, is_odeint_fsal<S>};
    } else {
      if constexpr (is_odeint_fsal<S>) {
        stepper.do_step(f, from.state, from.derivative, t, to.state, to.derivative, dt);
      } else if constexpr (requires { stepper.do_step(f, from.state, t, to.state, dt); }) {
        stepper.do_step(f, from.state, t, to.state, dt);
      } else {
        to.state = from.state;
        stepper.do_step(f, to.state, t, dt);
      }
      return {true, dt, is_odeint_fsal<S>};
    }
  }

  /// x at t by steps of the method itself from `from`: one, unless its error control wants more.
  void step_to(System& system, const Point& from, const Point& to, double t, State& x) {
    near_ = from;
    next_ = from;
    double dt = t - from.time;
    while (near_.time < t) {
      const double left = t - near_.time;
      dt = std::min(dt, left);
      if (near_.time + dt == near_.time) return RunningStepper::interpolate(system, from, to, t, x);
      const Attempt attempt = attempt_with(between_, system, near_, dt, next_);
      if (!attempt.accepted) {
        dt = std::min(attempt.next_step, dt / 2);
        continue;
      }
      next_.time = dt == left ? t : near_.time + dt;
      if (next_.time < t && !attempt.derivative_known) system(next_.state, next_.derivative, next_.time);
      std::swap(near_, next_);
    }
    x = near_.state;
  }

  Steps steps_;
  double last_step_;
  S stepper_;
  S between_;  // for dense output; empty until used
  Point near_, next_;
};

/// Any stepper of odeint's, or written to odeint's concepts, whose state_type is State:
///
///   Odeint{stepper, 0.01}                                  one without error control takes steps of the size given
///   Odeint{make_controlled<runge_kutta_dopri5<State>>(…)}  one with error control takes its own, within 2 min τ
///
/// Include <boost/numeric/odeint/stepper/generation.hpp> for make_controlled, not less: without all of it, what is
/// meant as the relative tolerance silently becomes the largest step. Each run works on a copy. Dense output: by
/// calc_state where the stepper has it, by a shorter step for Runge–Kutta methods with an error estimate, otherwise by
/// the cubic of RunningStepper::interpolate.
template <class S>
struct Odeint {
  S stepper;
  double step = 0;

  /// Throws ValueError unless a step is given where one is needed, positive, and none where it would mean nothing.
  std::unique_ptr<RunningStepper> start() const {
    if constexpr (is_odeint_controlled<S>) {
      if (step != 0) throw ValueError("Odeint: a stepper with error control takes no step of a given size");
    } else {
      if (!(step > 0 && step < std::numeric_limits<double>::infinity()))
        throw ValueError("Odeint: a stepper without error control needs a step, positive and finite");
    }
    return std::make_unique<RunningOdeint<S>>(typename RunningOdeint<S>::Steps{.fixed = step}, stepper);
  }
  /// The type and the step; what odeint's stepper holds besides is not told.
  std::string text() const {
    std::ostringstream text;
    text << std::setprecision(std::numeric_limits<double>::max_digits10) << type_name(typeid(S));
    if (step != 0) text << " with steps of " << step;
    return text.str();
  }
};

template <class S>
Odeint(S) -> Odeint<S>;
template <class S>
Odeint(S, double) -> Odeint<S>;

}  // namespace hamlet
