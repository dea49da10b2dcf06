// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/recorder.hpp>

#include <vector>

namespace hamlet {

/// An observer that keeps the states of a run: `hamlet::Trajectory path{{.every = 0.1}};`. A further run starts it
/// anew; a resumed one goes on after what was recorded until its checkpoint, if anything was. One larger than memory is
/// a TrajectoryFile.
class Trajectory : public Recorder {
 public:
  /// Throws ValueError for a negative Δt, for times that are not finite or not ascending, and for both at once;
  /// ShapeError for rows that mean nothing.
  Trajectory(TrajectoryOptions options = {});

  std::size_t size() const { return times_.size(); }
  const std::vector<double>& times() const { return times_; }
  /// One a time: rows × samples.
  const std::vector<State>& states() const { return states_; }
  /// One a time, 1 × samples; empty for a system without energy.
  const std::vector<Energies>& energies() const { return energies_; }

 private:
  void begin(const Form& form) override;
  void resume(const Form& form, double t, double latest) override;
  void keep(const Moment& moment) override;

  std::vector<double> times_;
  std::vector<State> states_;
  std::vector<Energies> energies_;
};

}  // namespace hamlet
