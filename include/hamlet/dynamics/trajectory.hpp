// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/rows.hpp>
#include <hamlet/dynamics/evaluation.hpp>

#include <vector>

namespace hamlet {

/// What a Trajectory records. By default every accepted step, all rows.
struct TrajectoryOptions {
  /// Δt > 0: the times begin + k Δt instead, by dense output.
  double every = 0;
  /// Chosen times, ascending, instead; those after the end of the run are not recorded.
  std::vector<double> times = {};
  /// These rows only, one range under the other.
  std::vector<Rows> rows = {};
  /// Whether to record energies too, where the system has them. Between steps that costs one right-hand side a time.
  bool energies = true;
};

/// An observer that keeps the states of a run: `hamlet::Trajectory path{{.every = 0.1}};`. A further run starts it
/// anew.
class Trajectory {
 public:
  /// Throws ValueError for a negative Δt, for times that are not finite or not ascending, and for both at once;
  /// ShapeError for rows that mean nothing.
  Trajectory(TrajectoryOptions options = {});

  /// Throws ShapeError when a state has not the rows asked for, ValueError when a chosen time lies before the run.
  void operator()(const Evaluation& evaluation);

  std::size_t size() const { return times_.size(); }
  const std::vector<double>& times() const { return times_; }
  /// One a time: rows × samples.
  const std::vector<State>& states() const { return states_; }
  /// One a time, 1 × samples; empty for a system without energy.
  const std::vector<Energies>& energies() const { return energies_; }

 private:
  void begin(const Evaluation& evaluation);
  double next_time() const;
  void record_at(const Evaluation& evaluation, double t);
  void keep(double t, const State& x);

  TrajectoryOptions options_;
  std::vector<double> times_;
  std::vector<State> states_;
  std::vector<Energies> energies_;
  State between_;
};

}  // namespace hamlet
