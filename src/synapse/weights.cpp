// SPDX-License-Identifier: MIT
#include "synapse/weights.hpp"

#include <hamlet/core/error.hpp>

#include <fmt/format.h>

#include <cmath>

namespace hamlet {

void require_finite_weights(const State& weights, const std::string& synapse) {
  if (weights.size() == 0) throw ValueError(fmt::format("{} has no weights", synapse));
  if (weights.allFinite()) return;
  for (Index row = 0; row < weights.rows(); ++row) {
    for (Index column = 0; column < weights.cols(); ++column) {
      if (std::isfinite(weights(row, column))) continue;
      throw ValueError(fmt::format("weight ({}, {}) of {} is {}: weights must be finite", row, column, synapse,
                                   weights(row, column)));
    }
  }
}

Energies row_norms(const State& weights) {
  // Scaled, because squares of finite weights may overflow.
  const double largest = weights.cwiseAbs().maxCoeff();
  if (largest == 0) return Energies::Zero(weights.rows());
  return largest * (weights / largest).rowwise().norm().transpose();
}

}  // namespace hamlet
