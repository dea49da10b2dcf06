// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/log_cosh.hpp>
#include <hamlet/network/network.hpp>
#include <hamlet/synapse/dense.hpp>

#include <string>
#include <utility>

namespace hamlet::models {

/// The choices of a bidirectional memory.
struct Bidirectional {
  double beta = 1;           ///< β > 0, the gain of both layers.
  TimeConstant tau_x = 1.0;  ///< τ of layer "x".
  TimeConstant tau_y = 1.0;  ///< τ of layer "y".
};

/// Heteroassociative memory of K pairs, one a row of x (K × N) and of y (K × M): two visible layers "x" and "y" of
/// graded response, of which each recalls the other through W = Σ_k y_k x_kᵀ (M × N):
///     τ_x ẋ = Wᵀ g_y + I_x − x,    g_x = tanh βx
///     τ_y ẏ = W g_x + I_y − y,     g_y = tanh βy
///     E = [x·g_x − L_x] + [y·g_y − L_y] − Σ_k (y_k·g_y)(x_k·g_x),    L = β⁻¹ Σ log cosh β(·)
/// Throws ShapeError when there are not as many x as y, ValueError when there are none, one is not finite, or β ≤ 0.
/// Source: Kosko, "Bidirectional Associative Memories", IEEE Transactions on Systems, Man, and Cybernetics, 1988.
inline Network bidirectional(const State& x, const State& y, Bidirectional choice = {}) {
  if (x.rows() != y.rows()) {
    throw ShapeError("pairs of " + std::to_string(x.rows()) + " x and " + std::to_string(y.rows()) +
                     " y: there must be as many");
  }
  const Dense synapse{y.transpose() * x};
  Network net;
  const LayerHandle of_x = net.add(
      {.name = "x", .shape = {x.cols()}, .lagrangian = LogCosh{.beta = choice.beta}, .tau = std::move(choice.tau_x)});
  const LayerHandle of_y = net.add(
      {.name = "y", .shape = {y.cols()}, .lagrangian = LogCosh{.beta = choice.beta}, .tau = std::move(choice.tau_y)});
  net.connect({of_x, of_y}, synapse);
  return net;
}

}  // namespace hamlet::models
