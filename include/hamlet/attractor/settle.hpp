// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/network/flow.hpp>

#include <iosfwd>
#include <string>

namespace hamlet {

/// How far to settle.
struct Settling {
  double tolerance = 1e-12;           ///< of ‖τẋ‖∞ of every sample, > 0.
  long most_right_hand_sides = 1000;  ///< Then it gives up, ≥ 1.
};

/// What became of settling.
struct Settled {
  double tolerance;       ///< as asked for
  Energies residuals;     ///< ‖τẋ‖∞ of every sample at the end, 1 × B
  Energies energies;      ///< E of every sample at the end
  long right_hand_sides;  ///< every evaluation counted, parts of them adding up
  long refused;           ///< accelerated points that would have raised the energy of a sample

  /// Whether every sample rests within the tolerance.
  bool all() const;
  explicit operator bool() const { return all(); }
  /// "Settled: 64 samples to ‖τẋ‖∞ = 8.1e-13 in 14 right-hand sides", or "Not settled: …" with what is left.
  std::string text() const;
};

std::ostream& operator<<(std::ostream&, const Settled&);

/// Leads `state` to a fixed point of the flow, ẋ = 0, by the fixed-point iteration of its layers in turn
/// (AlternatingFlow with a step without end) and Anderson's acceleration. A point that would raise the energy of a
/// sample beyond its rounding is refused for that sample, and the iteration goes on without acceleration from where it
/// was: so E never rises. Time constants do not matter. Layers that cannot relax in turn (attention within a layer,
/// lateral weights with negative eigenvalues) move together, by as much of a full step as lets E fall. Where the
/// condition of the problem, or kinks of the activations, do not allow the tolerance, the best point reached is left
/// and Settled says so. Throws ValueError for options that mean nothing, and for a state that is not finite.
Settled settle(const Flow& flow, State& state, const Settling& how = {});

/// The same without inputs.
Settled settle(const Network& network, State& state, const Settling& how = {});

}  // namespace hamlet
