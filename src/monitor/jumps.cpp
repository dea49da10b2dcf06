// SPDX-License-Identifier: MIT
#include "monitor/jumps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {
namespace {

// The largest number of crossings of a sample.
template <class Crossings>
std::size_t most_in(const Crossings& crossings) {
  std::size_t most = 0;
  for (const auto& of_sample : crossings) most = std::max(most, of_sample.size());
  return most;
}

}  // namespace

JumpFinder::JumpFinder(const Flow& flow) : flow_(flow) {
  const Network& network = flow.network();
  for (const LayerHandle layer : network.layers()) {
    for (const double at : network.layer(layer).lagrangian.discontinuities()) discontinuities_.push_back({layer, at});
  }
}

void JumpFinder::put(const Crossing& crossing, std::size_t sample, double x) {
  flow_.network().block(trial_, crossing.layer)(crossing.neuron, static_cast<Index>(sample)) = x;
}

// What the step met.
void JumpFinder::meet(const Evaluation& evaluation) {
  for (std::vector<std::vector<Crossing>>* met : {&crossings_, &departures_}) {
    met->resize(static_cast<std::size_t>(evaluation.state.cols()));
    for (std::vector<Crossing>& of_sample : *met) of_sample.clear();
  }
  const double step = evaluation.time - evaluation.previous_time;
  constexpr double infinity = std::numeric_limits<double>::infinity(), epsilon = std::numeric_limits<double>::epsilon();
  for (const auto& [layer, at] : discontinuities_) {
    const ConstView x = flow_.network().block(evaluation.state, layer);
    const ConstView x0 = flow_.network().block(evaluation.previous_state, layer);
    const ConstView v0 = flow_.network().block(evaluation.previous_derivative, layer);
    const double below = std::nextafter(at, -infinity), above = std::nextafter(at, infinity);
    for (Index sample = 0; sample < x.cols(); ++sample) {
      for (Index neuron = 0; neuron < x.rows(); ++neuron) {
        const double from = x0(neuron, sample) - at;
        const double to = x(neuron, sample) - at;
        if ((from < 0 && to >= 0) || (from > 0 && to <= 0)) {
          // At the end of the step where that is just beyond it; else at the speed before it, since ẋ may jump as well;
          // by interpolation where that speed does not lead there.
          const double speed = v0(neuron, sample),
                       rounding = 8 * epsilon * (std::abs(x0(neuron, sample)) + step * std::abs(speed));
          const double at_speed = -from / speed;
          const double passed = std::abs(to) <= rounding           ? step
                                : at_speed > 0 && at_speed <= step ? at_speed
                                                                   : from / (from - to) * step;
          crossings_[static_cast<std::size_t>(sample)].push_back({passed, layer, neuron, from < 0 ? below : above,
                                                                  to == 0    ? at
                                                                  : from < 0 ? above
                                                                             : below});
        } else if (from == 0 && to != 0) {
          departures_[static_cast<std::size_t>(sample)].push_back({0, layer, neuron, at, to > 0 ? above : below});
        }
      }
    }
  }
  for (std::vector<Crossing>& of_sample : crossings_) {
    std::stable_sort(of_sample.begin(), of_sample.end(),
                     [](const Crossing& a, const Crossing& b) { return a.passed < b.passed; });
  }
}

const JumpsOfStep& JumpFinder::jumps_of(const Evaluation& evaluation, const Energies& previous_energy) {
  meet(evaluation);
  step_.jumps.clear();
  step_.lost.setZero(previous_energy.size());
  step_.lost_departing.setZero(previous_energy.size());
  step_.at_end = true;
  step_.departed = most_in(departures_) > 0;
  const std::size_t most = most_in(crossings_);
  if (!step_.departed && most == 0) return step_;

  trial_ = evaluation.previous_state;
  if (step_.departed) {
    for (std::size_t sample = 0; sample < departures_.size(); ++sample) {
      for (const Crossing& departure : departures_[sample]) put(departure, sample, departure.to);
    }
    flow_.energy(trial_, after_);
    step_.lost_departing = previous_energy - after_;
    step_.departure = trial_;
  }

  // The state at each crossing but for the neuron that crosses: before it, and after. E loses τ|ẋ_i Δg_i| there where
  // it is linear in g_i; where a layer is integrated out ẋ_i jumps too, and only E tells.
  const double length = evaluation.time - evaluation.previous_time;
  for (std::size_t turn = 0; turn < most; ++turn) {
    for (std::size_t sample = 0; sample < crossings_.size(); ++sample) {
      const std::vector<Crossing>& of_sample = crossings_[sample];
      if (turn >= of_sample.size()) continue;
      const auto column = static_cast<Index>(sample);
      trial_.col(column) =
          evaluation.previous_state.col(column) +
          of_sample[turn].passed / length * (evaluation.state.col(column) - evaluation.previous_state.col(column));
      for (const Crossing& departure : departures_[sample]) put(departure, sample, departure.to);
      for (std::size_t other = 0; other < of_sample.size(); ++other) {
        put(of_sample[other], sample, other < turn ? of_sample[other].to : of_sample[other].from);
      }
    }
    flow_.energy(trial_, before_);
    for (std::size_t sample = 0; sample < crossings_.size(); ++sample) {
      if (turn < crossings_[sample].size()) put(crossings_[sample][turn], sample, crossings_[sample][turn].to);
    }
    flow_.energy(trial_, after_);
    for (std::size_t sample = 0; sample < crossings_.size(); ++sample) {
      if (turn >= crossings_[sample].size()) continue;
      const Crossing& crossing = crossings_[sample][turn];
      const auto column = static_cast<Index>(sample);
      const double drop = before_[column] - after_[column];
      step_.lost[column] += drop;
      step_.at_end = step_.at_end && crossing.passed == length;
      step_.jumps.push_back({evaluation.previous_time + crossing.passed, column,
                             flow_.network().layer(crossing.layer).name, crossing.neuron, drop});
    }
  }
  std::stable_sort(step_.jumps.begin(), step_.jumps.end(),
                   [](const Jump& a, const Jump& b) { return a.time < b.time; });
  return step_;
}

}  // namespace hamlet
