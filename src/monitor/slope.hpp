// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/network/flow.hpp>

#include <optional>

namespace hamlet {

// A slope of E that is not what the flow says.
struct WrongSlope {
  Index sample;
  double size;  // |measured − predicted| / |predicted|
};

// Compares dE/ds of x + s d, measured by central differences, with −Σ_A (τ_A ẋ_A)ᵀ (∂²L_A/∂x_A²) d_A, which holds if and
// only if the flow is −∂E/∂g and g = ∂L/∂x. `derivative` is ẋ at x; d is taken as 0 where the flow is clamped.
// Returns the sample that differs most beyond the error of the measurement, or nothing.
std::optional<WrongSlope> wrong_slope(const Flow& flow, const State& x, const State& derivative,
                                      const State& direction);

// The same along ẋ (there the slope is Ė) and along a random direction made from `seed`.
std::optional<WrongSlope> wrong_gradient(const Flow& flow, const State& x, const State& derivative, unsigned seed);

}  // namespace hamlet
