// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <iosfwd>
#include <optional>
#include <string>

namespace hamlet {

/// What a violation violates.
enum class Check {
  energy,       ///< E rose by more than its rounding bound
  dissipation,  ///< Ė by the Hessian formula is positive: a Lagrangian is not convex there
  gradient,     ///< E along a direction does not change as −(τẋ)ᵀ H says: the flow is not −∂E/∂g
  finite,       ///< E is NaN or infinite, of which no descent can be shown
};

/// Who is to blame: `integrator` when the rise vanishes with a smaller step from the same state, else `model`.
enum class Cause { integrator, model };

/// One broken law. `time` is the end of the step, `sample` the column worst hit, `size` the rise of E (energy), Ė
/// (dissipation), the difference between the measured and the predicted slope of E relative to the latter (gradient),
/// or E itself (finite).
struct Violation {
  Check check;
  Cause cause;
  double time;
  Index sample;
  double size;

  /// "at t = 0.35, sample 3, E rose by 1.2e-3: the step is too large (integrator)".
  std::string text() const;
};

/// A crossing of a point where an activation jumps (Model A: v_i through 0). `drop` is what E loses there: τ|ẋ_i Δg_i|
/// where E is linear in g_i, as between layers (2τ|v̇_i| for Model A), and between its values with ẋ_i just before and
/// just after where E is concave in g_i, as in a network with a layer integrated out, where ẋ_i jumps as well.
struct Jump {
  double time;
  Index sample;
  std::string layer;
  Index neuron;
  double drop;
};

/// What an EnergyMonitor has seen so far.
struct Verdict {
  bool descends = false;           ///< a run was watched, and nothing was violated
  std::optional<Violation> first;  ///< the first violation
  long steps = 0;                  ///< accepted steps seen
  long violations = 0;             ///< steps with a violation
  long jumps = 0;                  ///< crossings of discontinuities, booked as events
  Energies start;                  ///< E of every sample at the beginning, 1 × B
  Energies end;                    ///< and at the last step seen
  double largest_rise = 0;         ///< the largest rise of E in one step, rounding included
  double balance = 0;              ///< the worst sample's |ΔE − ∫Ė dt| relative to its |ΔE|, over the run

  explicit operator bool() const { return descends; }
  /// One line that begins with "Descends" or "Rises", or with "Nothing watched" before the first run.
  std::string text() const;
};

std::ostream& operator<<(std::ostream&, const Verdict&);

}  // namespace hamlet
