// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <random>

namespace hamlet {

// Matrices of independent standard normal numbers, the same for the same seed.
class NormalStates {
 public:
  explicit NormalStates(unsigned seed) : generator_(seed) {}

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
