// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/monitor/report.hpp>
#include <hamlet/network/network.hpp>

#include <span>

namespace hamlet {

/// How an audit samples. The audits throw ValueError unless there is a state and the scale is positive and finite.
struct Sampling {
  Index states = 16;  ///< random states (or activations)
  double scale = 1;   ///< their standard deviation
  unsigned seed = 1;
};

/// Measures whether a Lagrangian of `neurons` neurons is what descent needs: g = ∂L/∂x and the Hessian product against
/// differentiation and against central differences, the Hessian symmetric and positive semidefinite (its smallest
/// eigenvalue over the sampled states; null directions are reported; beyond 256 neurons on a subspace of 64 directions,
/// whose smallest eigenvalue is no smaller), and how large a state may be before L or g
/// overflows. Throws ShapeError when the Lagrangian does not fit so many neurons.
Report audit(const Lagrangian& lagrangian, Index neurons = 8, const Sampling& sampling = {});

/// Measures whether the currents of a synapse that joins layers of these shapes are −∂E/∂g (central differences along
/// random directions), the same when only some are asked for, and independent of g_k where the synapse says it is
/// linear in slot k. Throws ShapeError when the synapse does not fit.
Report audit(const Synapse& synapse, std::span<const Shape> shapes, const Sampling& sampling = {});

/// Audits every Lagrangian and synapse of a network, and Ė by the Hessian formula against the central difference of E
/// along the flow. Throws ModelError for a network without layers.
Report audit(const Network& network, const Sampling& sampling = {});

}  // namespace hamlet
