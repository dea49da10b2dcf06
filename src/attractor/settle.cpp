// SPDX-License-Identifier: MIT
#include <hamlet/attractor/settle.hpp>
#include <hamlet/core/error.hpp>

#include "dynamics/anderson.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <utility>
#include <vector>

namespace hamlet {
namespace {

constexpr Index memory = 8;             // differences that Anderson's acceleration keeps
constexpr long patience = 100;          // evaluations without a gain after which a sample is given up
constexpr double least_part = 0x1p-40;  // of a full step

/// The sets of layers, and how they relax to u at once.
class Relaxation {
 public:
  Relaxation(const Flow& flow, const State& state) : flow_(flow), rates_(flow.decay_rates()) {
    whole_ = {{0, state.rows()}};
    try {
      sets_ = flow.independent_sets();
    } catch (const ModelError&) {
      // Whatever moves, moves together.
      IndependentSet together{{}, {true}};
      for (const LayerHandle layer : flow.network().layers()) {
        const Rows rows = flow.network().rows(layer);
        if ((rates_.segment(rows.first, rows.count).array() > 0).any()) together.layers.push_back(rows);
      }
      sets_ = {together};
    }
    first_follows_ = sets_.size() > 1 && !sets_[0].depends_on[0];
    for (std::size_t set = first_follows_ ? 1 : 0; set < sets_.size(); ++set)
      leading_.insert(leading_.end(), sets_[set].layers.begin(), sets_[set].layers.end());
    derivative_ = State::Zero(state.rows(), state.cols());
  }

  /// Relaxes in x the set that follows the others, if one does, and finds E and ‖τẋ‖∞ there, and the point y to which
  /// all sets lead, each in turn.
  void evaluate(State& x, Energies& energies, Energies& residuals, State& y) {
    if (first_follows_) {
      cost_ += flow_.derivative_of(sets_[0].layers, whole_, x, derivative_);
      relax(sets_[0], x);
      for (const auto& [first, count] : sets_[0].layers) derivative_.middleRows(first, count).setZero();
      cost_ += flow_.derivative_of(leading_, sets_[0].layers, x, derivative_);
    } else {
      cost_ += flow_.derivative_of(leading_, whole_, x, derivative_);
    }
    flow_.energy_at_last(x, energies);
    residuals = flow_.residuals(derivative_);
    y = x;
    std::vector<bool> moved(sets_.size(), false);
    std::vector<Rows> moved_rows;
    for (std::size_t set = first_follows_ ? 1 : 0; set < sets_.size(); ++set) {
      bool outdated = false;
      for (std::size_t other = 0; other < set; ++other)
        outdated = outdated || (moved[other] && sets_[set].depends_on[other]);
      if (outdated) {
        cost_ += flow_.derivative_of(sets_[set].layers, moved_rows, y, derivative_);
        moved_rows.clear();
      }
      relax(sets_[set], y);
      moved[set] = true;
      moved_rows.insert(moved_rows.end(), sets_[set].layers.begin(), sets_[set].layers.end());
    }
  }

  long right_hand_sides() const { return static_cast<long>(std::ceil(cost_ - 1e-6)); }

 private:
  /// x ← u = x + τẋ
  void relax(const IndependentSet& set, State& x) const {
    for (const auto& [first, count] : set.layers) {
      for (Index row = first; row < first + count; ++row) {
        if (rates_[row] > 0) x.row(row) += derivative_.row(row) / rates_[row];
      }
    }
  }

  Flow flow_;
  Vector<double> rates_;
  std::vector<IndependentSet> sets_;
  bool first_follows_;  // whether the first set is where the others put it
  std::vector<Rows> whole_, leading_;
  State derivative_;
  double cost_ = 0;
};

/// One sample: the last point accepted, what is known there, and how it goes on.
struct Sample {
  Vector<double> x, y;
  double energy = std::numeric_limits<double>::infinity(), residual = energy;
  double part = 1;  // of the way to y that a plain step takes
  bool accelerated = false;
  Anderson anderson;
  long without_gain = 0;
  double energy_to_beat = energy, residual_to_beat = energy;
  bool done = false;

  bool gains() {
    const bool gain = residual < 0.9 * residual_to_beat || energy < energy_to_beat - 1e-13 * std::abs(energy_to_beat);
    residual_to_beat = std::min(residual, residual_to_beat);
    energy_to_beat = std::min(energy, energy_to_beat);
    return gain;
  }
};

void check(const Settling& how, const State& state) {
  if (!(how.tolerance > 0 && std::isfinite(how.tolerance)))
    throw ValueError(fmt::format("settle: its tolerance is {}: it must be positive and finite", how.tolerance));
  if (how.most_right_hand_sides < 1)
    throw ValueError(
        fmt::format("settle: most_right_hand_sides is {}: it must be at least 1", how.most_right_hand_sides));
  if (!state.allFinite()) throw ValueError("settle: the state to begin with is not finite");
}

}  // namespace

Settled settle(const Flow& flow, State& state, const Settling& how) {
  check(how, state);
  Relaxation relaxation(flow, state);
  std::vector<Sample> samples;
  for (Index j = 0; j < state.cols(); ++j)
    samples.push_back({.x = {}, .y = {}, .anderson = Anderson(state.rows(), memory)});
  LeastSquares least_squares(state.rows(), memory);
  State x = state, y;
  Energies energies, residuals;
  long refused = 0;
  bool moving = state.cols() > 0;
  while (moving && relaxation.right_hand_sides() < how.most_right_hand_sides) {
    relaxation.evaluate(x, energies, residuals, y);
    Energies bound;
    moving = false;
    for (Index j = 0; j < state.cols(); ++j) {
      Sample& sample = samples[static_cast<std::size_t>(j)];
      if (sample.done) continue;
      bool fell = energies[j] <= sample.energy;
      if (!fell && std::isfinite(energies[j])) {
        if (bound.size() == 0) bound = flow.rounding(x);
        fell = energies[j] - sample.energy <= bound[j];
      }
      if (fell && std::isfinite(residuals[j])) {
        sample.x = x.col(j);
        sample.y = y.col(j);
        sample.energy = energies[j];
        sample.residual = residuals[j];
        sample.without_gain = sample.gains() ? 0 : sample.without_gain + 1;
        sample.done = sample.residual <= how.tolerance || sample.without_gain > patience;
        sample.part = std::min(1.0, 2 * sample.part);
        const Vector<double> f = sample.part * (sample.y - sample.x);
        sample.anderson.next(sample.x, f, least_squares, x.col(j));
        sample.accelerated = sample.anderson.remembers();
      } else {
        if (sample.accelerated) {
          ++refused;
        } else {
          sample.part /= 2;
          sample.done = sample.part < least_part || sample.x.size() == 0;
        }
        sample.anderson.forget();
        sample.accelerated = false;
        if (!sample.done) x.col(j) = sample.x + sample.part * (sample.y - sample.x);
      }
      if (sample.done) x.col(j) = sample.x.size() == 0 ? state.col(j) : sample.x;
      moving = moving || !sample.done;
    }
  }
  Settled settled{how.tolerance, Energies(state.cols()), Energies(state.cols()), relaxation.right_hand_sides(),
                  refused};
  for (Index j = 0; j < state.cols(); ++j) {
    const Sample& sample = samples[static_cast<std::size_t>(j)];
    if (sample.x.size() > 0) state.col(j) = sample.x;
    settled.residuals[j] = sample.residual;
    settled.energies[j] = sample.energy;
  }
  return settled;
}

Settled settle(const Network& network, State& state, const Settling& how) { return settle(Flow{network}, state, how); }

bool Settled::all() const { return (residuals.array() <= tolerance).all(); }

std::string Settled::text() const {
  if (residuals.size() == 0) return "Settled: no sample was given";
  Index worst = 0;
  const double residual = residuals.maxCoeff(&worst);
  const std::string cost = fmt::format("{} right-hand side{}", right_hand_sides, right_hand_sides == 1 ? "" : "s");
  if (all())
    return fmt::format("Settled: {} sample{} to ‖τẋ‖∞ = {:.1e} in {}", residuals.size(),
                       residuals.size() == 1 ? "" : "s", residual, cost);
  return fmt::format("Not settled: {} of {} samples are not at ‖τẋ‖∞ ≤ {:.1e}; sample {} is at {:.1e} after {}",
                     (residuals.array() > tolerance).count(), residuals.size(), tolerance, worst, residual, cost);
}

std::ostream& operator<<(std::ostream& out, const Settled& settled) { return out << settled.text(); }

}  // namespace hamlet
