// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>
#include <hamlet/derivative/elementary.hpp>

#include <cmath>

namespace hamlet {

/// The power of two just below the larger of max|x| and `floor` ≥ 0 (1 when both are 0): dividing by it is exact, and
/// squares of the quotients neither overflow nor vanish.
template <class T>
double binary_scale(const Vector<T>& x, double floor) {
  double largest = floor;
  for (const T& component : x) largest = max(largest, std::abs(primal(component)));
  return largest > 0 && std::isfinite(largest) ? std::ldexp(1.0, std::ilogb(largest)) : 1.0;
}

}  // namespace hamlet
