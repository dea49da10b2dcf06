// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/recorder.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {

Recorder::Recorder(std::string name, TrajectoryOptions options) : name_(std::move(name)), options_(std::move(options)) {
  const auto& [every, times, rows, energies] = options_;
  if (!(every >= 0 && std::isfinite(every)))
    throw ValueError(fmt::format("{}: every is {}: it must be positive and finite, or 0 for every step", name_, every));
  if (every > 0 && !times.empty())
    throw ValueError(fmt::format("{}: both every ({}) and {} chosen times are given", name_, every, times.size()));
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (!std::isfinite(times[k])) throw ValueError(fmt::format("{}: chosen time {} is {}", name_, k, times[k]));
    if (k > 0 && !(times[k - 1] < times[k]))
      throw ValueError(
          fmt::format("{}: chosen times must ascend, but {} comes before {}", name_, times[k - 1], times[k]));
  }
  for (const auto& [first, count] : rows)
    if (first < 0 || count < 1)
      throw ShapeError(fmt::format("{}: there are no rows [{}, {} + {})", name_, first, first, count));
}

void Recorder::operator()(const Evaluation& evaluation) {
  if (evaluation.starts) start(evaluation);
  if (every_step()) {
    if (!evaluation.starts || evaluation.step == 0) record_at(evaluation, evaluation.time);
  } else {
    for (const double until = due(evaluation.time); moment(next_) <= until; ++next_)
      record_at(evaluation, std::min(moment(next_), evaluation.time));
  }
}

void Recorder::start(const Evaluation& evaluation) {
  Index count = 0;
  for (const auto& [first, length] : options_.rows) {
    if (first + length > evaluation.state.rows())
      throw ShapeError(fmt::format("{}: rows [{}, {}) of a state of {} rows", name_, first, first + length,
                                   evaluation.state.rows()));
    count += length;
  }
  begin_ = evaluation.begin;
  if (!options_.times.empty() && options_.times.front() < begin_)
    throw ValueError(fmt::format("{}: the chosen time {} lies before the run, which begins at {}", name_,
                                 options_.times.front(), begin_));
  next_ = 0;
  const Form form{options_.rows.empty() ? evaluation.state.rows() : count, evaluation.state.cols(),
                  options_.energies && evaluation.energies};
  if (evaluation.step == 0) return begin(form);
  // What was due when the checkpoint was made is not due again.
  const double t = evaluation.time, until = due(t);
  if (options_.every > 0) next_ = static_cast<std::size_t>(std::max(0.0, (t - begin_) / options_.every - 1));
  while (moment(next_) <= until) ++next_;
  resume(form, t,
         every_step() ? t
         : next_ == 0 ? -std::numeric_limits<double>::infinity()
                      : std::min(moment(next_ - 1), t));
}

// The k-th moment to record; +∞ when there is none.
double Recorder::moment(std::size_t k) const {
  if (options_.every > 0) return begin_ + static_cast<double>(k) * options_.every;
  return k < options_.times.size() ? options_.times[k] : std::numeric_limits<double>::infinity();
}

// Until when moments are due at t: sums of Δt may miss the end of the run by their rounding.
double Recorder::due(double t) const {
  return options_.every > 0 ? t + 8 * std::numeric_limits<double>::epsilon() * std::abs(t) : t;
}

void Recorder::record_at(const Evaluation& evaluation, double t) {
  const bool energies = options_.energies && evaluation.energies;
  if (t == evaluation.time) {
    keep({t, chosen(evaluation.state), energies ? evaluation.energies : nullptr});
  } else {
    evaluation.interpolate(t, between_);
    if (energies) evaluation.energies_of(between_, t, energies_);
    keep({t, chosen(between_), energies ? &energies_ : nullptr});
  }
}

// The rows of x to record.
const State& Recorder::chosen(const State& x) {
  if (options_.rows.empty()) return x;
  Index count = 0;
  for (const Rows& range : options_.rows) count += range.count;
  chosen_.resize(count, x.cols());
  Index row = 0;
  for (const auto& [first, length] : options_.rows) {
    chosen_.middleRows(row, length) = x.middleRows(first, length);
    row += length;
  }
  return chosen_;
}

}  // namespace hamlet
