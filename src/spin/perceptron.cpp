// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/perceptron.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace hamlet {
namespace {

/// One spin's weights, N times; whole numbers.
struct Row {
  Vector<double> weights;
  bool converged = false;
  long sweeps = 0;
};

// `xi`: N × K, one pattern a column.
Row learn(const State& xi, Index i, const PerceptronOptions& options) {
  Row row{Vector<double>::Zero(xi.rows())};
  while (!row.converged && row.sweeps < options.most_sweeps) {
    row.converged = true;
    ++row.sweeps;
    for (Index pattern = 0; pattern < xi.cols(); ++pattern) {
      const double aligned = xi(i, pattern) * row.weights.dot(xi.col(pattern));
      if (aligned > 0 && (options.margin == 0 || aligned > options.margin * row.weights.norm())) continue;
      row.weights += xi(i, pattern) * xi.col(pattern);
      row.weights[i] = 0;
      row.converged = false;
    }
  }
  return row;
}

}  // namespace

PerceptronLearning perceptron(const SpinPatterns& patterns, const PerceptronOptions& options) {
  if (patterns.rows() == 0) throw ShapeError("perceptron: there is no pattern");
  if (!(options.margin >= 0 && std::isfinite(options.margin)))
    throw ValueError(fmt::format("perceptron: the margin is {}: it must be ≥ 0 and finite", options.margin));
  if (options.most_sweeps <= 0)
    throw ValueError(fmt::format("perceptron: most_sweeps is {}: it must be positive", options.most_sweeps));
  const State xi = patterns.matrix().transpose();
  const Index N = xi.rows();
  State weights(N, N);
  bool converged = true;
  long sweeps = 0;
  double margin = std::numeric_limits<double>::infinity();
  for (Index i = 0; i < N; ++i) {
    const Row row = learn(xi, i, options);
    weights.row(i) = row.weights;
    converged = converged && row.converged;
    sweeps = std::max(sweeps, row.sweeps);
    const double norm = row.weights.norm();
    const double least = (xi.transpose() * row.weights).cwiseProduct(xi.row(i).transpose()).minCoeff();
    margin = std::min(margin, norm > 0 ? least / norm : 0);
  }
  return {CoupledSpins(std::move(weights), {}, 1 / static_cast<double>(N)), converged, sweeps, margin};
}

}  // namespace hamlet
