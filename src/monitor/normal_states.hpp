// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/error.hpp>
#include <hamlet/core/state.hpp>
#include <hamlet/monitor/audit.hpp>

#include <fmt/format.h>

#include <cmath>
#include <random>

namespace hamlet {

// Matrices of independent standard normal numbers, the same for the same seed.
class NormalStates {
 public:
  /// Throws ValueError for a sampling that would see nothing.
  explicit NormalStates(const Sampling& sampling) : generator_(sampling.seed) {
    if (sampling.states < 1) throw ValueError(fmt::format("an audit of {} states sees nothing", sampling.states));
    if (!(sampling.scale > 0 && std::isfinite(sampling.scale)))
      throw ValueError(fmt::format("the scale of an audit is {}: it must be positive and finite", sampling.scale));
  }

  State operator()(Index rows, Index columns) {
    State state(rows, columns);
    for (Index i = 0; i < state.size(); ++i) state.data()[i] = normal_(generator_);
    return state;
  }

 private:
  std::mt19937_64 generator_;
  std::normal_distribution<double> normal_;
};

}  // namespace hamlet
