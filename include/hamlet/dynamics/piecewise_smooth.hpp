// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/stepper.hpp>

namespace hamlet {

/// Any stepper, for a system whose right-hand side jumps where an entry of the state passes certain values, as that of
/// a flow with Absolute neurons does: `PiecewiseSmooth{DormandPrince{}}`. During a step every entry is held to the side
/// of its jumps on which it began; a step that would cross one is repeated, ever closer, until it ends just beyond the
/// first crossing of all entries and samples. The order of the stepper is kept, which across a jump falls to one. A
/// crossing costs about four steps more. A stepper of equal steps keeps their size, which is to be within 2 min τ as
/// under Guarded, but for those that end at a crossing, and the last two of a run.
/// An entry that begins on a jump goes to the side to which it moves. Where on either side of a jump it moves towards
/// the other, the solution slides along the jump: the run ends there with `step_too_small`. Lagrangians must be linear
/// or quadratic beyond their jumps, as Absolute is; other activations are continued along their tangents, for an order
/// of at most four. Throws ModelError at the first step when the system does not say where it jumps.
struct PiecewiseSmooth {
  Stepper stepper;
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

}  // namespace hamlet
