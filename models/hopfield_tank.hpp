// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/softplus.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace hamlet::models {

/// The choices of the network for the travelling salesman.
struct HopfieldTank {
  double C = 1;            ///< C > 0, weight of the number of visits, where that of the longest way is 1.
  double beta = 20;        ///< β > 0, the gain of the neurons.
  TimeConstant tau = 1.0;  ///< τ of the neurons.
};

/// A tour through N ≥ 3 cities (distances d, N × N, symmetric) as the state of N² neurons ("places"): v_Xi, row N X +
/// i, is 1 where city X is visited as the i-th, 0 elsewhere; i is counted modulo N.
///     E = A/2 Σ_X Σ_{i≠j} v_Xi v_Xj + B/2 Σ_i Σ_{X≠Y} v_Xi v_Yi + C/2 (Σ v − N′)² + D/2 Σ_XYi d_XY v_Xi (v_Y,i+1 +
///     v_Y,i−1)
/// up to its constant and the leak, with v = 1/(1 + e^{−βx}) and τẋ = −x − ∂E/∂v: every city once, one at a time, N in
/// all, on a short way. With the weights of 1985 most runs end at no tour. Here, with d⁺ and d⁻ the longest and the
/// shortest way between two cities,
///     D = 1/d⁺,   B = 3 D d⁺ + C,   A = B − D d⁻,   N′ = N + 3 D d⁺/C
/// at which tours are the only corners of the cube that E does not lead away from. The flow comes with its input, C N′.
/// Throws ShapeError unless d is square with N ≥ 3, ValueError when it is not finite, not symmetric, negative, or not 0
/// on its diagonal, when all cities are in one place, and unless C > 0 and β > 0.
/// Sources: Hopfield & Tank, "'Neural' Computation of Decisions in Optimization Problems", Biological Cybernetics 52,
/// 1985, eq. 8; Talaván & Yáñez, "Parameter Setting of the Hopfield Network Applied to TSP", Neural Networks 15, 2002.
inline Flow hopfield_tank(const State& distances, HopfieldTank choice = {}) {
  const Index N = distances.rows();
  if (N < 3 || distances.cols() != N) {
    throw ShapeError("distances of " + std::to_string(N) + " × " + std::to_string(distances.cols()) +
                     " are no way around: they must be N × N, N ≥ 3");
  }
  if (!distances.allFinite() || distances != distances.transpose() || (distances.array() < 0).any() ||
      (distances.diagonal().array() != 0).any()) {
    throw ValueError("distances must be finite, symmetric, ≥ 0, and 0 from a city to itself");
  }
  const double longest = distances.maxCoeff();
  if (!(longest > 0)) throw ValueError("all cities are in one place: there is no longest way to measure others by");
  if (!(choice.C > 0 && std::isfinite(choice.C))) {
    throw ValueError("C = " + std::to_string(choice.C) + " must be > 0 and finite");
  }
  double shortest = longest;
  for (Index X = 0; X < N; ++X) {
    for (Index Y = 0; Y < X; ++Y) shortest = std::min(shortest, distances(X, Y));
  }
  const double C = choice.C, D = 1 / longest, B = 3 + C, A = B - D * shortest;

  // E = −½ vᵀW v − C N′ Σ v
  State W = State::Constant(N * N, N * N, -C);
  for (Index X = 0; X < N; ++X) {
    for (Index i = 0; i < N; ++i) {
      for (Index j = 0; j < N; ++j) {
        if (j != i) W(N * X + i, N * X + j) -= A;
      }
      for (Index Y = 0; Y < N; ++Y) {
        if (Y != X) W(N * X + i, N * Y + i) -= B;
        W(N * X + i, N * Y + (i + 1) % N) -= D * distances(X, Y);
        W(N * X + i, N * Y + (i + N - 1) % N) -= D * distances(X, Y);
      }
    }
  }
  Network net;
  const LayerHandle places = net.add(
      {.name = "places", .shape = {N, N}, .lagrangian = Softplus{.beta = choice.beta}, .tau = std::move(choice.tau)});
  net.connect({places}, Lateral{std::move(W)});
  Flow flow{std::move(net)};
  flow.input(places) = State::Constant(N * N, 1, C * static_cast<double>(N) + 3);
  return flow;
}

}  // namespace hamlet::models
