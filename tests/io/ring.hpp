// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <cmath>
#include <random>

namespace hamlet::test {

/// Five neurons, each driven by the next: ẋᵢ = sin(xᵢ₊₁ + t) − xᵢ. Nonlinear, and nothing stands still.
struct Ring {
  static constexpr Index size = 5;

  static State start(Index samples, unsigned seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    return State::NullaryExpr(size, samples, [&] { return normal(random); });
  }

  void operator()(const State& x, State& dxdt, double t) const {
    for (Index row = 0; row < size; ++row)
      dxdt.row(row) = (x.row((row + 1) % size).array() + t).sin().matrix() - x.row(row);
  }
};

/// The same with what passes for an energy of the state of the last call, ½‖x‖².
struct RingWithEnergy : Ring {
  static void energy_at_last(const State& x, Energies& energies) { energies = 0.5 * x.colwise().squaredNorm(); }
};

}  // namespace hamlet::test
