// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/storkey_weights.hpp>

#include <fmt/format.h>

namespace hamlet {

StorkeyWeights::StorkeyWeights(Index spins) {
  if (spins <= 0) throw ShapeError(fmt::format("StorkeyWeights: of {} spins", spins));
  weights_ = State::Zero(spins, spins);
}

StorkeyWeights::StorkeyWeights(const SpinPatterns& patterns) : StorkeyWeights(patterns.spins()) {
  for (Index row = 0; row < patterns.rows(); ++row) store(patterns[row]);
}

void StorkeyWeights::store(const Spins& pattern) {
  const Index N = weights_.rows();
  if (pattern.size() != N)
    throw ShapeError(fmt::format("StorkeyWeights: a pattern of {} spins for {}", pattern.size(), N));
  const Vector<double> xi = pattern.column();
  // h_ij = h_i − W_ij ξ_j, as W_ii = 0; so h_ij ξ_j = h_i ξ_j − W_ij and ξ_i h_ji = ξ_i h_j − W_ij.
  const Vector<double> h = weights_ * xi;
  const State crossed = h * xi.transpose();
  weights_ += (xi * xi.transpose() - (crossed + crossed.transpose()) + 2 * weights_) / static_cast<double>(N);
  weights_.diagonal().setZero();
}

}  // namespace hamlet
