// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/log_sum_exp.hpp>
#include <hamlet/lagrangian/quadratic.hpp>
#include <hamlet/memory/memory.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/dense.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {
namespace {

void require_rows(const Eigen::MatrixXd& rows) {
  if (rows.rows() == 0 || rows.cols() == 0) {
    throw ShapeError(
        fmt::format("a memory needs at least one row and one column, not {} × {}", rows.rows(), rows.cols()));
  }
  for (Index column = 0; column < rows.cols(); ++column) {
    for (Index row = 0; row < rows.rows(); ++row) {
      if (!std::isfinite(rows(row, column))) {
        throw ValueError(fmt::format("memory {} has {} at position {}", row, rows(row, column), column));
      }
    }
  }
}

// ‖a_i − b_j‖² of all rows a_i and columns b_j
Eigen::MatrixXd squared_distances(const Eigen::MatrixXd& a, const State& b) {
  Eigen::MatrixXd distances = -2 * a * b;
  distances.colwise() += a.rowwise().squaredNorm();
  distances.rowwise() += b.colwise().squaredNorm();
  return distances.cwiseMax(0);
}

// β with K exp(−½ β d²) = 10⁻³, d the distance to the nearest other memory that nine in ten exceed
double chosen_beta(const Eigen::MatrixXd& rows) {
  // A few hundred memories tell a quantile; all pairs of 60,000 would take longer than any recall.
  constexpr Index probes = 256;
  const Index stride = std::max<Index>(1, rows.rows() / probes);
  std::vector<double> nearest;
  for (Index row = 0; row < rows.rows(); row += stride) {
    // Differences, not the expanded square: close pairs of large rows would drown in rounding.
    double closest = std::numeric_limits<double>::infinity();
    for (Index other = 0; other < rows.rows(); ++other) {
      const double squared = (rows.row(other) - rows.row(row)).squaredNorm();
      if (squared > 0) closest = std::min(closest, squared);
    }
    if (std::isfinite(closest)) nearest.push_back(closest);
  }
  if (nearest.empty()) return 1;  // one distinct memory: any width will do
  const auto tenth = nearest.begin() + static_cast<std::ptrdiff_t>(nearest.size() / 10);
  std::nth_element(nearest.begin(), tenth, nearest.end());
  return 2 * (std::log(static_cast<double>(rows.rows())) + std::log(1e3)) / *tenth;
}

double cosine(const Vector<double>& a, const Vector<double>& b) {
  const double norms = a.norm() * b.norm();
  return norms > 0 ? a.dot(b) / norms : 0;
}

}  // namespace

Memory::Memory(Eigen::MatrixXd rows) : Memory(std::move(rows), Options{}) {}

Memory::Memory(Eigen::MatrixXd rows, Options options) : options_(std::move(options)), rows_(std::move(rows)) {
  require_rows(rows_);
  if (options_.beta && !(*options_.beta > 0 && std::isfinite(*options_.beta))) {
    throw ValueError(fmt::format("beta of a memory is {}: it must be positive", *options_.beta));
  }
  rebuild();
}

void Memory::store(const Eigen::MatrixXd& rows) {
  require_rows(rows);
  if (rows.cols() != rows_.cols()) {
    throw ShapeError(fmt::format("memories of {} numbers cannot join memories of {}", rows.cols(), rows_.cols()));
  }
  rows_.conservativeResize(rows_.rows() + rows.rows(), Eigen::NoChange);
  rows_.bottomRows(rows.rows()) = rows;
  rebuild();
}

void Memory::rebuild() {
  mean_ = rows_.colwise().mean().transpose();
  beta_ = options_.beta ? *options_.beta : chosen_beta(rows_);
  Network both;
  const auto features = both.add({.name = "features", .shape = {rows_.cols()}, .lagrangian = Quadratic{}});
  const auto memories = both.add({.name = "memories", .shape = {rows_.rows()}, .lagrangian = LogSumExp{.beta = beta_}});
  both.connect({features, memories}, Dense{rows_});
  network_ = eliminate(both, memories, -0.5 * rows_.rowwise().squaredNorm());
}

Recall Memory::recall(const State& cues) const {
  if (cues.rows() != rows_.cols() || cues.cols() == 0) {
    throw ShapeError(fmt::format("cues are {} × {}: a cue has {} numbers, one cue a column", cues.rows(), cues.cols(),
                                 rows_.cols()));
  }
  for (Index cue = 0; cue < cues.cols(); ++cue) {
    for (Index row = 0; row < cues.rows(); ++row) {
      if (std::isfinite(cues(row, cue))) continue;
      throw ValueError(
          fmt::format("cue {} has {} at position {}: set what is unknown to that of mean()", cue, cues(row, cue), row));
    }
  }

  Flow flow(network_);
  EnergyMonitor monitor(flow);
  State state = cues;
  const Energies cue_energy = flow.energy(state);
  const Outcome outcome = integrate(flow, state, options_.integration, monitor);

  State derivative;
  flow(state, derivative, outcome.time);
  Recall recall{
      state, {}, {}, {}, cue_energy, flow.energy(state), flow.residuals(derivative), outcome, monitor.verdict()};
  const Eigen::MatrixXd squared = squared_distances(rows_, state);
  recall.distance.resize(cues.cols());
  recall.overlap.resize(cues.cols());
  for (Index sample = 0; sample < cues.cols(); ++sample) {
    Index nearest = 0;
    squared.col(sample).minCoeff(&nearest);
    recall.nearest.push_back(nearest);
    recall.distance[sample] = (rows_.row(nearest).transpose() - state.col(sample)).norm();
    recall.overlap[sample] = cosine(rows_.row(nearest).transpose() - mean_, state.col(sample) - mean_);
  }
  return recall;
}

}  // namespace hamlet
