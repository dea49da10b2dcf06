// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>
#include <hamlet/derivative/elementary.hpp>
#include <hamlet/derivative/pairwise_sum.hpp>

#include <cmath>

namespace hamlet {

/// √(‖x‖² + ε), for x of any size; 0 where that is 0, with derivatives 0 at that kink too. ε ≥ 0.
template <class T>
T regularised_norm(const Vector<T>& x, double epsilon) {
  const double root = std::sqrt(epsilon);
  double largest = root;
  for (const T& component : x) largest = max(largest, std::abs(primal(component)));
  if (largest == 0) return T(0.0);
  // r = m √(Σ (x/m)² + ε/m²) for every constant m. A power of two near the largest term: dividing by it is exact, and
  // the squares neither overflow nor vanish.
  const double m = std::isfinite(largest) ? std::ldexp(1.0, std::ilogb(largest)) : 1.0;
  const T squares = pairwise_sum<T>(0, x.size(), [&](Index i) { return (x[i] / m) * (x[i] / m); });
  return m * sqrt(squares + (root / m) * (root / m));
}

}  // namespace hamlet
