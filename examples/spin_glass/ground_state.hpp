// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/hamlet.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>

namespace spin_glass {

using hamlet::Index;
using hamlet::Spins;
using hamlet::State;

/// J of Sherrington and Kirkpatrick: symmetric, without a diagonal, of normal numbers of variance 1/N.
/// Source: Sherrington & Kirkpatrick, "Solvable Model of a Spin-Glass", Physical Review Letters 35, 1975.
inline State couplings(Index spins, Spins::Random& random) {
  std::normal_distribution<double> normal(0, 1 / std::sqrt(static_cast<double>(spins)));
  State J = State::Zero(spins, spins);
  for (Index i = 0; i < spins; ++i) {
    for (Index j = 0; j < i; ++j) J(i, j) = J(j, i) = normal(random);
  }
  return J;
}

/// The least of −½ σᵀJσ over all 2ᴺ states, one flip apart from one another (Gray's code); σ and −σ are one.
inline double least_energy(const State& J) {
  const Index N = J.rows();
  Eigen::VectorXd sigma = Eigen::VectorXd::Constant(N, -1);
  Eigen::VectorXd field = J * sigma;
  double energy = -0.5 * sigma.dot(field), least = energy;
  for (std::uint64_t step = 1; step < std::uint64_t{1} << (N - 1); ++step) {
    const auto i = static_cast<Index>(std::countr_zero(step));
    energy += 2 * sigma[i] * field[i];
    sigma[i] = -sigma[i];
    field += 2 * sigma[i] * J.col(i);
    least = std::min(least, energy);
  }
  return least;
}

}  // namespace spin_glass
