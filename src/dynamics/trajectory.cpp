// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/trajectory.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {

Trajectory::Trajectory(TrajectoryOptions options) : options_(std::move(options)) {
  const auto& [every, times, rows, energies] = options_;
  if (!(every >= 0 && std::isfinite(every)))
    throw ValueError(
        fmt::format("Trajectory: every is {}: it must be positive and finite, or 0 for every step", every));
  if (every > 0 && !times.empty())
    throw ValueError(fmt::format("Trajectory: both every ({}) and {} chosen times are given", every, times.size()));
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (!std::isfinite(times[k])) throw ValueError(fmt::format("Trajectory: chosen time {} is {}", k, times[k]));
    if (k > 0 && !(times[k - 1] < times[k]))
      throw ValueError(
          fmt::format("Trajectory: chosen times must ascend, but {} comes before {}", times[k - 1], times[k]));
  }
  for (const auto& [first, count] : rows)
    if (first < 0 || count < 1)
      throw ShapeError(fmt::format("Trajectory: there are no rows [{}, {} + {})", first, first, count));
}

void Trajectory::operator()(const Evaluation& evaluation) {
  if (evaluation.step == 0) begin(evaluation);
  if (options_.every == 0 && options_.times.empty()) return record_at(evaluation, evaluation.time);
  // Sums of Δt may miss the end of the run by their rounding.
  const double rounding =
      options_.every > 0 ? 8 * std::numeric_limits<double>::epsilon() * std::abs(evaluation.time) : 0;
  while (next_time() <= evaluation.time + rounding) record_at(evaluation, std::min(next_time(), evaluation.time));
}

void Trajectory::begin(const Evaluation& evaluation) {
  for (const auto& [first, count] : options_.rows)
    if (first + count > evaluation.state.rows())
      throw ShapeError(fmt::format("Trajectory: rows [{}, {}) of a state of {} rows", first, first + count,
                                   evaluation.state.rows()));
  if (!options_.times.empty() && options_.times.front() < evaluation.time)
    throw ValueError(fmt::format("Trajectory: the chosen time {} lies before the run, which begins at {}",
                                 options_.times.front(), evaluation.time));
  times_.clear();
  states_.clear();
  energies_.clear();
  if (options_.every > 0) record_at(evaluation, evaluation.time);
}

double Trajectory::next_time() const {
  const std::size_t k = times_.size();
  if (options_.every > 0) return times_[0] + static_cast<double>(k) * options_.every;
  return k < options_.times.size() ? options_.times[k] : std::numeric_limits<double>::infinity();
}

void Trajectory::record_at(const Evaluation& evaluation, double t) {
  const bool energies = options_.energies && evaluation.energies;
  if (t == evaluation.time) {
    keep(t, evaluation.state);
    if (energies) energies_.push_back(*evaluation.energies);
  } else {
    evaluation.interpolate(t, between_);
    keep(t, between_);
    if (energies) evaluation.energies_of(between_, t, energies_.emplace_back());
  }
}

void Trajectory::keep(double t, const State& x) {
  times_.push_back(t);
  if (options_.rows.empty()) {
    states_.push_back(x);
    return;
  }
  Index total = 0;
  for (const Rows& range : options_.rows) total += range.count;
  State& kept = states_.emplace_back(total, x.cols());
  Index row = 0;
  for (const auto& [first, count] : options_.rows) {
    kept.middleRows(row, count) = x.middleRows(first, count);
    row += count;
  }
}

}  // namespace hamlet
