// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/rows.hpp>
#include <hamlet/dynamics/stepper.hpp>

#include <optional>

namespace hamlet {

/// Relaxes one set of layers after another, each exactly while the others rest: x ← u + e^{−dt/τ} (x − u), where u are
/// the input and currents at the moment. Where every Lagrangian is convex the energy does not rise, whatever the step
/// and τ; a step without end is the fixed-point iteration. Sets are the colours of the graph of synapses. Order 1: each
/// set once, for one right-hand side a step (with three sets and more, a little more: what changed is computed again).
/// Order 2: half a step of each but the last, a step of the last, and half a step of each in reverse, for one and a
/// half; of order 1 still where a layer meets itself, as in an effective network, since u is taken at the beginning.
/// Dense output: exponentials from one end of the step to the other, of the method's order.
/// Needs a system that has independent sets, as a Flow, whose independent_sets() says where it refuses.
struct AlternatingFlow {
  double step;    ///< dt > 0, finite; every step but the last one of a run.
  int order = 1;  ///< 1 or 2.
  /// The layer whose set moves last, which keeps the cue it holds from being overwritten by hidden layers that know
  /// nothing yet: `net.rows(layer)`; by default the network's first layer.
  std::optional<Rows> cue = std::nullopt;

  /// Throws ValueError for a step or an order that means nothing.
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

}  // namespace hamlet
