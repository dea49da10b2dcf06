// SPDX-License-Identifier: MIT
#include <hamlet/dynamics/trajectory.hpp>

#include <algorithm>

namespace hamlet {

Trajectory::Trajectory(TrajectoryOptions options) : Recorder("Trajectory", std::move(options)) {}

void Trajectory::begin(const Form&) {
  times_.clear();
  states_.clear();
  energies_.clear();
}

void Trajectory::resume(const Form&, double t, double) {
  const auto before = static_cast<std::size_t>(std::upper_bound(times_.begin(), times_.end(), t) - times_.begin());
  times_.resize(before);
  states_.resize(before);
  energies_.resize(std::min(before, energies_.size()));
}

void Trajectory::keep(const Moment& moment) {
  times_.push_back(moment.time);
  states_.push_back(moment.state);
  if (moment.energies) energies_.push_back(*moment.energies);
}

}  // namespace hamlet
