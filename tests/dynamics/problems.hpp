// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/integrate.hpp>

#include <cmath>
#include <random>

namespace problems {

using hamlet::Index;
using hamlet::State;

inline State random(Index rows, Index columns, double low, double high, unsigned seed) {
  std::mt19937_64 generator(seed);
  std::uniform_real_distribution<double> number(low, high);
  return State::NullaryExpr(rows, columns, [&](Index, Index) { return number(generator); });
}

/// Logistic growth in a clock that runs unevenly, seen in a rotated frame: nonlinear, every entry of a column depends
/// on the others and on time, and the solution is known.
///   z = Qᵀx,  ż = (1 + cos t) z (1 − z),  z(t) = 1 / (1 + (1/z₀ − 1) e^{−(t + sin t)})
struct Logistic {
  State Q;

  explicit Logistic(unsigned seed, Index size = 5);

  State start(Index samples, unsigned seed) const;
  void operator()(const State& x, State& dxdt, double t) const;
  State exact(const State& start, double t) const;
};

inline double largest_difference(const State& a, const State& b) { return (a - b).lpNorm<Eigen::Infinity>(); }

}  // namespace problems
