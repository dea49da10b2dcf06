// SPDX-License-Identifier: MIT
#include "monitor/jumps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {
namespace {

struct Crossing {
  double passed;  // since the step began
  LayerHandle layer;
  Index neuron;
  double from, to;  // just before its jump, and just after, or on it where the step ends so
};

// What a step met, sample by sample: crossings in order of time, and the neurons that began on a jump.
struct Met {
  std::vector<std::vector<Crossing>> crossings, departures;
};

Met met_in(const Flow& flow, const std::vector<Discontinuity>& discontinuities, const Evaluation& evaluation) {
  const auto samples = static_cast<std::size_t>(evaluation.state.cols());
  Met met{std::vector<std::vector<Crossing>>(samples), std::vector<std::vector<Crossing>>(samples)};
  const double step = evaluation.time - evaluation.previous_time;
  constexpr double infinity = std::numeric_limits<double>::infinity(), epsilon = std::numeric_limits<double>::epsilon();
  for (const auto& [layer, at] : discontinuities) {
    const ConstView x = flow.network().block(evaluation.state, layer);
    const ConstView x0 = flow.network().block(evaluation.previous_state, layer);
    const ConstView v0 = flow.network().block(evaluation.previous_derivative, layer);
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
          met.crossings[static_cast<std::size_t>(sample)].push_back({passed, layer, neuron, from < 0 ? below : above,
                                                                     to == 0    ? at
                                                                     : from < 0 ? above
                                                                                : below});
        } else if (from == 0 && to != 0) {
          met.departures[static_cast<std::size_t>(sample)].push_back({0, layer, neuron, at, to > 0 ? above : below});
        }
      }
    }
  }
  for (std::vector<Crossing>& of_sample : met.crossings) {
    std::stable_sort(of_sample.begin(), of_sample.end(),
                     [](const Crossing& a, const Crossing& b) { return a.passed < b.passed; });
  }
  return met;
}

// The largest number of crossings of a sample.
std::size_t most_in(const std::vector<std::vector<Crossing>>& crossings) {
  std::size_t most = 0;
  for (const std::vector<Crossing>& of_sample : crossings) most = std::max(most, of_sample.size());
  return most;
}

}  // namespace

std::vector<Discontinuity> discontinuities(const Network& network) {
  std::vector<Discontinuity> all;
  for (const LayerHandle layer : network.layers()) {
    for (const double at : network.layer(layer).lagrangian.discontinuities()) all.push_back({layer, at});
  }
  return all;
}

JumpsOfStep jumps_of_step(const Flow& flow, const std::vector<Discontinuity>& discontinuities,
                          const Evaluation& evaluation, const Energies& previous_energy) {
  const Met met = met_in(flow, discontinuities, evaluation);
  const Energies none = Energies::Zero(previous_energy.size());
  JumpsOfStep step{{}, none, {}, none, true};
  State trial = evaluation.previous_state;
  const auto put = [&](const Crossing& crossing, std::size_t sample, double x) {
    flow.network().block(trial, crossing.layer)(crossing.neuron, static_cast<Index>(sample)) = x;
  };

  if (most_in(met.departures) > 0) {
    for (std::size_t sample = 0; sample < met.departures.size(); ++sample) {
      for (const Crossing& departure : met.departures[sample]) put(departure, sample, departure.to);
    }
    step.lost_departing = previous_energy - flow.energy(trial);
    step.departed = trial;
  }

  // The state at each crossing but for the neuron that crosses: before it, and after. E loses τ|ẋ_i Δg_i| there where
  // it is linear in g_i; where a layer is integrated out ẋ_i jumps too, and only E tells.
  const State motion = evaluation.state - evaluation.previous_state;
  const double length = evaluation.time - evaluation.previous_time;
  const std::size_t most = most_in(met.crossings);
  for (std::size_t turn = 0; turn < most; ++turn) {
    for (std::size_t sample = 0; sample < met.crossings.size(); ++sample) {
      const std::vector<Crossing>& of_sample = met.crossings[sample];
      if (turn >= of_sample.size()) continue;
      const auto column = static_cast<Index>(sample);
      trial.col(column) = evaluation.previous_state.col(column) + of_sample[turn].passed / length * motion.col(column);
      for (const Crossing& departure : met.departures[sample]) put(departure, sample, departure.to);
      for (std::size_t other = 0; other < of_sample.size(); ++other) {
        put(of_sample[other], sample, other < turn ? of_sample[other].to : of_sample[other].from);
      }
    }
    const Energies before = flow.energy(trial);
    for (std::size_t sample = 0; sample < met.crossings.size(); ++sample) {
      if (turn < met.crossings[sample].size()) put(met.crossings[sample][turn], sample, met.crossings[sample][turn].to);
    }
    const Energies drops = before - flow.energy(trial);
    for (std::size_t sample = 0; sample < met.crossings.size(); ++sample) {
      if (turn >= met.crossings[sample].size()) continue;
      const Crossing& crossing = met.crossings[sample][turn];
      const auto column = static_cast<Index>(sample);
      step.lost[column] += drops[column];
      step.at_end = step.at_end && crossing.passed == length;
      step.jumps.push_back({evaluation.previous_time + crossing.passed, column,
                            flow.network().layer(crossing.layer).name, crossing.neuron, drops[column]});
    }
  }
  std::stable_sort(step.jumps.begin(), step.jumps.end(), [](const Jump& a, const Jump& b) { return a.time < b.time; });
  return step;
}

}  // namespace hamlet
