// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/type_name.hpp>
#include <hamlet/dynamics/system.hpp>

#include <concepts>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace hamlet {

/// A point of a trajectory: t, x, ẋ.
struct Point {
  double time;
  State state;
  State derivative;
};

/// What came of trying one step.
struct Attempt {
  bool accepted;
  double next_step;          // the step to try next: from the new point, or from the same one when refused
  bool derivative_known;     // ẋ at the new state was written, and the system's last call was there
  bool energy_rose = false;  // why it was refused
  // The step taken, where an adaptive stepper took a shorter one than it was told.
  std::optional<double> taken = std::nullopt;
  long refused = 0;  // what it refused itself on the way
};

/// A stepper at work in one run. One of your own derives from this; the loop, not the stepper, owns time, the end of
/// the run, the smallest and the largest step, and refuses what is not finite.
class RunningStepper {
 public:
  virtual ~RunningStepper() = default;

  /// Whether it chooses its steps. One that does not is never asked to repeat a step, and takes every step of the size
  /// `first_step` tells, but for the last one of a run.
  virtual bool adaptive() const = 0;
  /// The order of its global error: a monitor of the run is to be no less exact.
  virtual int order() const { return 4; }
  /// Learns what system it is to run, and from where; told once, before all else. Throws ModelError where it cannot run
  /// that system.
  virtual void begin(System&, const Point&) {}
  /// The step to begin with; an adaptive one stays within `largest`, and is not asked where the user tells the step or
  /// the run goes on from a checkpoint.
  virtual double first_step(System& system, const Point& start, double largest) = 0;
  /// The largest step it should take unless the user says otherwise.
  virtual double largest_step(const System&) const { return std::numeric_limits<double>::infinity(); }

  /// Tries the step dt > 0 from `from`, where ẋ is known. Writes to.state, and to.derivative where it has it; both come
  /// in the shape of the state, to.time is not its concern. `from` and `to` are never the same.
  virtual Attempt attempt(System& system, const Point& from, double dt, Point& to) = 0;

  /// Forgets the steps taken, as after a jump of ẋ: what comes next does not go on from them.
  virtual void restart() {}

  /// Dense output: x at t, in (from.time, to.time), after a step that was accepted. By default the cubic through both
  /// ends with their derivatives, whose error O(dt⁴) keeps the order of a method of order ≤ 4. May call the system.
  virtual void interpolate(System& system, const Point& from, const Point& to, double t, State& x);
};

/// x at t on the cubic that has the states and derivatives of both points (Hermite).
void cubic_hermite(const Point& from, const Point& to, double t, State& x);

/// A first step within `largest` for a method of this order, from the sizes of x, ẋ and ẍ against the tolerances; costs
/// one right-hand side. Source: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, section II.4.
double starting_step(System& system, const Point& start, double largest, int order, double relative, double absolute);

class Stepper;

/// A method: its parameters, and how to set it to work. It may have a member text() that names it and its parameters,
/// by which a resumed run tells whether they are the same; of a method without it the type is compared alone.
template <class S>
concept SteppingMethod = !std::same_as<S, Stepper> && requires(const S& method) {
  { method.start() } -> std::same_as<std::unique_ptr<RunningStepper>>;
}
&&std::copy_constructible<S>;

/// Any method, as a value.
class Stepper {
 public:
  template <SteppingMethod S>
  Stepper(S method) : text_(text_of(method)), start_([method = std::move(method)] { return method.start(); }) {}

  /// A fresh instance for one run. Throws ValueError when a parameter of the method means nothing.
  std::unique_ptr<RunningStepper> start() const { return start_(); }
  /// What it is, "Euler(step = 0.1)".
  const std::string& text() const { return text_; }

 private:
  template <class S>
  static std::string text_of(const S& method) {
    if constexpr (requires {
                    { method.text() } -> std::convertible_to<std::string>;
                  })
      return method.text();
    else
      return type_name(typeid(S));
  }

  std::string text_;
  std::function<std::unique_ptr<RunningStepper>()> start_;
};

}  // namespace hamlet
