// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/step_control.hpp>

namespace hamlet {

/// Throws ValueError, naming the stepper, when a parameter of the control means nothing.
void check_control(const char* stepper, const StepControl& control);

/// A control at work in one run; what odeint's controlled_runge_kutta asks of its StepAdjuster.
class StepAdjuster {
 public:
  explicit StepAdjuster(const StepControl& control = Elementary{}) : control_(control) {}

  /// The step after one of size dt that was refused, or accepted, with this error. Orders are of the estimate and of
  /// the step.
  double decrease_step(double dt, double error, int error_order);
  double increase_step(double dt, double error, int stepper_order);

  /// Steps are limited by the loop, not here.
  static constexpr bool check_step_size_limit(double) { return true; }
  static constexpr double get_max_dt() { return 0; }

 private:
  StepControl control_;
  double error_before_ = 1, error_before_that_ = 1;  // of accepted steps
  bool refused_ = false;
};

}  // namespace hamlet
