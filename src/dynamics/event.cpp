// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/event.hpp>

#include <fmt/format.h>
#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {

std::optional<double> Event::end_within(const Evaluation& step) {
  search(step);
  if (!options_.terminal || found_.empty()) return {};
  return found_.front().time;
}

Proceed Event::operator()(const Evaluation& evaluation) {
  if (evaluation.starts) {
    if (evaluation.step == 0) occurrences_.clear();
    std::erase_if(occurrences_, [&](const Occurrence& zero) { return zero.time > evaluation.time; });
    found_.clear();
    value_ = value(evaluation.state, evaluation.time);
    searched_ = evaluation.step;
  }
  if (searched_ != evaluation.step) search(evaluation);
  bool kept = false;
  for (Occurrence& zero : found_) {
    if (zero.time > evaluation.time) break;
    occurrences_.push_back(std::move(zero));
    kept = true;
  }
  found_.clear();
  return kept && options_.terminal ? Proceed::stop : Proceed::on;
}

Energies Event::value(const State& x, double t) const {
  Energies values = function_(x, t);
  if (values.size() != x.cols())
    throw ShapeError(
        fmt::format("Event: its function has {} numbers for a state of {} samples", values.size(), x.cols()));
  for (Index sample = 0; sample < values.size(); ++sample)
    if (std::isnan(values[sample]))
      throw ValueError(fmt::format("Event: its function is not a number at t = {}, sample {}", t, sample));
  return values;
}

void Event::search(const Evaluation& step) {
  if (searched_ != step.step - 1) value_ = value(step.previous_state, step.previous_time);
  const Energies before = std::exchange(value_, value(step.state, step.time));
  searched_ = step.step;
  found_.clear();
  for (Index sample = 0; sample < before.size(); ++sample) {
    const bool rises = before[sample] < 0 && value_[sample] >= 0;
    const bool falls = before[sample] > 0 && value_[sample] <= 0;
    if ((rises && options_.direction != Direction::falling) || (falls && options_.direction != Direction::rising))
      found_.push_back(locate(step, sample, before[sample], value_[sample]));
  }
  std::stable_sort(found_.begin(), found_.end(),
                   [](const Occurrence& a, const Occurrence& b) { return a.time < b.time; });
}

Occurrence Event::locate(const Evaluation& step, Index sample, double before, double after) {
  double time = step.time;
  if (after != 0) {
    const double rounding =
        2 * std::numeric_limits<double>::epsilon() * std::max(std::abs(step.previous_time), std::abs(step.time));
    const auto function = [&](double t) {
      step.interpolate(t, between_);
      return value(between_, t)[sample];
    };
    const auto close = [&](double a, double b) { return b - a <= rounding; };
    std::uintmax_t most = 200;
    time =
        boost::math::tools::toms748_solve(function, step.previous_time, step.time, before, after, close, most).second;
  }
  step.interpolate(time, between_);
  return {time, sample, between_.col(sample), before < 0 ? Direction::rising : Direction::falling};
}

}  // namespace hamlet
