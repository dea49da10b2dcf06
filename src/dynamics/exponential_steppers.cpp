// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/exponential_steppers.hpp>

#include "dynamics/relaxation.hpp"
#include "dynamics/step_size.hpp"

#include <fmt/format.h>

#include <cmath>

namespace hamlet {

namespace {

/// φ₂(−s) = (s − 1 + e^{−s}) / s²: by its series where the difference would cancel.
double phi_2(double s) {
  if (s > 0.1) return (s + std::expm1(-s)) / (s * s);
  double sum = 0, term = 0.5;
  for (int k = 3; k <= 12; ++k) {
    sum += term;
    term *= -s / k;
  }
  return sum;
}

class Exponential : public RunningStepper {
 public:
  Exponential(const char* name, double step) : name_(name), step_(step) {}

  bool adaptive() const override { return false; }

  void begin(System& system, const Point&) override {
    if (!system.has_decay_rates())
      throw ModelError(fmt::format(
          "{} solves the decay of a Flow exactly; this system does not tell its time constants: DormandPrince "
          "integrates any system",
          name_));
    rates_ = system.decay_rates();
  }

  double first_step(System&, const Point&, double) override { return step_; }

 protected:
  /// x + dt φ₁(z) ẋ
  void approach(const Point& from, double dt, State& x) {
    decay_.set(rates_, dt);
    x = from.state + decay_.approach.asDiagonal() * from.derivative;
  }

  Vector<double> rates_;

 private:
  const char* name_;
  double step_;
  Decay decay_;
};

class RunningExponentialEuler final : public Exponential {
 public:
  using Exponential::Exponential;

  int order() const override { return 1; }

  Attempt attempt(System&, const Point& from, double dt, Point& to) override {
    approach(from, dt, to.state);
    return {true, dt, false};
  }
};

class RunningExponentialRungeKutta2 final : public Exponential {
 public:
  using Exponential::Exponential;

  int order() const override { return 2; }

  Attempt attempt(System& system, const Point& from, double dt, Point& to) override {
    approach(from, dt, ahead_);
    derivative_.resizeLike(ahead_);
    system(ahead_, derivative_, from.time + dt);
    if (dt != weighted_for_) {
      weight_ = rates_.unaryExpr([dt](double rate) { return dt * phi_2(dt * rate); });
      weighted_for_ = dt;
    }
    // a + dt φ₂ (N(a) − N(x)), with N(a) − N(x) = ȧ − ẋ + (a − x)/τ
    to.state =
        ahead_ + weight_.asDiagonal() * (derivative_ - from.derivative + rates_.asDiagonal() * (ahead_ - from.state));
    return {true, dt, false};
  }

 private:
  State ahead_, derivative_;
  Vector<double> weight_;
  double weighted_for_ = 0;
};

}  // namespace

std::unique_ptr<RunningStepper> ExponentialEuler::start() const {
  check_step_size("ExponentialEuler", step);
  return std::make_unique<RunningExponentialEuler>("ExponentialEuler", step);
}

std::unique_ptr<RunningStepper> ExponentialRungeKutta2::start() const {
  check_step_size("ExponentialRungeKutta2", step);
  return std::make_unique<RunningExponentialRungeKutta2>("ExponentialRungeKutta2", step);
}

std::string ExponentialEuler::text() const { return fmt::format("ExponentialEuler(step = {})", step); }
std::string ExponentialRungeKutta2::text() const { return fmt::format("ExponentialRungeKutta2(step = {})", step); }

}  // namespace hamlet
