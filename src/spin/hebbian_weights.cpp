// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/hebbian_weights.hpp>

#include <fmt/format.h>

#include <utility>

namespace hamlet {

HebbianWeights::HebbianWeights(Index spins) {
  if (spins <= 0) throw ShapeError(fmt::format("HebbianWeights: of {} spins", spins));
  sums_ = State::Zero(spins, spins);
}

HebbianWeights::HebbianWeights(const SpinPatterns& patterns) : HebbianWeights(patterns.spins()) {
  const State xi = patterns.matrix();
  sums_.noalias() = xi.transpose() * xi;
}

void HebbianWeights::add(const Spins& pattern, double weight) {
  if (pattern.size() != sums_.rows())
    throw ShapeError(fmt::format("HebbianWeights: a pattern of {} spins for {}", pattern.size(), sums_.rows()));
  const Vector<double> xi = pattern.column();
  sums_.noalias() += weight * xi * xi.transpose();
}

void HebbianWeights::store(const Spins& pattern) { add(pattern, 1); }
void HebbianWeights::forget(const Spins& pattern) { add(pattern, -1); }

CoupledSpins HebbianWeights::network(const ClassicalSpins::Options& options) const {
  State weights = sums_;
  if (options.diagonal == SelfCoupling::none) weights.diagonal().setZero();
  return CoupledSpins(std::move(weights), options.bias, 1 / static_cast<double>(sums_.rows()));
}

}  // namespace hamlet
