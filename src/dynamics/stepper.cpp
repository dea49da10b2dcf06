// SPDX-License-Identifier: MIT
#include <hamlet/dynamics/stepper.hpp>

#include <algorithm>
#include <cmath>

namespace hamlet {

void RunningStepper::interpolate(System&, const Point& from, const Point& to, double t, State& x) {
  cubic_hermite(from, to, t, x);
}

void cubic_hermite(const Point& from, const Point& to, double t, State& x) {
  const double dt = to.time - from.time;
  const double s = (t - from.time) / dt, r = 1 - s;
  // x(t) = r²(1+2s) x₀ + s²(1+2r) x₁ + dt s r (r ẋ₀ − s ẋ₁)
  x = (r * r * (1 + 2 * s)) * from.state + (s * s * (1 + 2 * r)) * to.state + (dt * s * r * r) * from.derivative -
      (dt * s * s * r) * to.derivative;
}

double starting_step(System& system, const Point& start, double largest, int order, double relative, double absolute) {
  const auto scale = absolute + relative * start.state.array().abs();
  // h₀ = 0.01 ‖x‖/‖ẋ‖: an Euler step that changes x by a hundredth
  const double size = (start.state.array() / scale).abs().maxCoeff();
  const double speed = (start.derivative.array() / scale).abs().maxCoeff();
  const double guess = std::min(largest, size < 1e-5 || speed < 1e-5 ? 1e-6 : 0.01 * size / speed);

  const State ahead = start.state + guess * start.derivative;
  State derivative(ahead.rows(), ahead.cols());
  system(ahead, derivative, start.time + guess);
  const double bend = ((derivative - start.derivative).array() / scale).abs().maxCoeff() / guess;
  if (!std::isfinite(bend)) return guess;

  // h₁: hᵖ⁺¹ max(‖ẋ‖, ‖ẍ‖) = 0.01
  const double steepest = std::max(speed, bend);
  const double wanted = steepest <= 1e-15 ? std::max(1e-6, 1e-3 * guess) : std::pow(0.01 / steepest, 1.0 / (order + 1));
  return std::min({100 * guess, wanted, largest});
}

}  // namespace hamlet
