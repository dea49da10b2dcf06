// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <cmath>

namespace hamlet {

/// The larger of two numbers, and NaN when either is: std::max would lose it.
inline double larger(double a, double b) { return a > b || std::isnan(a) ? a : b; }

/// max |x|, NaN when an entry is, 0 when there is none.
template <class Derived>
double largest(const Eigen::MatrixBase<Derived>& x) {
  return x.size() == 0 ? 0 : x.cwiseAbs().template maxCoeff<Eigen::PropagateNaN>();
}

}  // namespace hamlet
