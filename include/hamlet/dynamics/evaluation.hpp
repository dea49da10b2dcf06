// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

namespace hamlet {

/// What an observer may answer.
enum class Proceed { on, stop };

/// A run between two accepted steps, where nothing was evaluated.
class DenseOutput {
 public:
  virtual void interpolate(double t, State& x) const = 0;
  virtual void energies_of(const State& x, double t, Energies& energies) const = 0;

 protected:
  ~DenseOutput() = default;
};

/// What an observer is told: once at the start, then after every accepted step. The references are valid during the
/// call.
struct Evaluation {
  long step;                 // accepted steps so far, those before the checkpoint included in a resumed run
  bool starts;               // whether it is the first of the run: step 0, in a resumed run the checkpoint's
  double begin;              // t at the start of the run, in a resumed run of the one it continues
  double time;               // t
  const State& state;        // x, N × B
  const State& derivative;   // ẋ at (x, t)
  const Energies* energies;  // of x, one a sample; null for a system without energy
  double residual;           // ‖τẋ‖∞ where the system knows τ, ‖ẋ‖∞ where it does not
  double previous_time;      // of the step before; at the start these three are the ones above
  const State& previous_state;
  const State& previous_derivative;
  const DenseOutput& dense_output;  // for the members below
  int order;                        // of the stepper's global error
  bool checkpoint;                  // whether one is made here when all observers were told

  /// x at t by the stepper's dense output, which keeps its order. Some steppers call the system for it; see theirs.
  /// Throws ValueError unless previous_time ≤ t ≤ time.
  void interpolate(double t, State& x) const;
  /// The energies of x at t, for one right-hand side. Throws ValueError for a system without energy.
  void energies_of(const State& x, double t, Energies& result) const;
};

}  // namespace hamlet
