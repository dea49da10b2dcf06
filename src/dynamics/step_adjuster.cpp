// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>

#include "dynamics/step_adjuster.hpp"

#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace hamlet {

namespace {

using OdeintAdjuster = boost::numeric::odeint::default_step_adjuster<double, double>;

/// The parameters of any control but odeint's; PI is PID without its derivative.
PID gains(const StepControl& control) {
  if (const PID* pid = std::get_if<PID>(&control)) return *pid;
  const PI& pi = std::get<PI>(control);
  return {.proportional = pi.proportional,
          .integral = pi.integral,
          .derivative = 0,
          .safety = pi.safety,
          .smallest_factor = pi.smallest_factor,
          .largest_factor = pi.largest_factor};
}

}  // namespace

void check_control(const char* stepper, const StepControl& control) {
  if (std::holds_alternative<Elementary>(control)) return;
  const std::string_view name = std::holds_alternative<PI>(control) ? "PI" : "PID";
  const auto demand = [&](bool met, const char* parameter, double value, const char* range) {
    if (!met)
      throw ValueError(
          fmt::format("{}: the {} of its {} control is {}: it must be {}", stepper, parameter, name, value, range));
  };
  const auto [proportional, integral, derivative, safety, smallest_factor, largest_factor] = gains(control);
  demand(std::isfinite(proportional), "proportional gain", proportional, "finite");
  demand(integral > 0 && std::isfinite(integral), "integral gain", integral, "positive and finite");
  demand(std::isfinite(derivative), "derivative gain", derivative, "finite");
  demand(safety > 0 && safety <= 1, "safety", safety, "in (0, 1]");
  demand(smallest_factor > 0 && smallest_factor < 1, "smallest factor", smallest_factor, "in (0, 1)");
  demand(largest_factor > 1 && std::isfinite(largest_factor), "largest factor", largest_factor,
         "larger than 1 and finite");
}

double StepAdjuster::decrease_step(double dt, double error, int error_order) {
  if (std::holds_alternative<Elementary>(control_)) return OdeintAdjuster().decrease_step(dt, error, error_order);
  const PID gain = gains(control_);
  refused_ = true;
  return dt * std::max(gain.smallest_factor, gain.safety * std::pow(error, -1.0 / (error_order + 1)));
}

double StepAdjuster::increase_step(double dt, double error, int stepper_order) {
  if (std::holds_alternative<Elementary>(control_)) return OdeintAdjuster().increase_step(dt, error, stepper_order);
  const PID gain = gains(control_);
  const auto& [proportional, integral, derivative, safety, smallest, largest] = gain;
  const double k = stepper_order;
  // eₙ^(−(kI + kP + kD)/k) eₙ₋₁^((kP + 2 kD)/k) eₙ₋₂^(−kD/k)
  const double factor = safety * std::pow(error, -(integral + proportional + derivative) / k) *
                        std::pow(error_before_, (proportional + 2 * derivative) / k) *
                        std::pow(error_before_that_, -derivative / k);
  const double most = std::exchange(refused_, false) ? 1 : largest;
  error_before_that_ = std::exchange(error_before_, std::max(error, 1e-4));
  return dt * std::clamp(factor, smallest, most);
}

}  // namespace hamlet
