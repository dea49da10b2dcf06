// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {

/// The rounding error of Σ_i a_i b_i over n terms, relative to Σ_i |a_i b_i|, whatever the order of the sum, when a and
/// b are themselves rounded: (2 + min(n, 6√n)) u, u = ε/2. The bound n u always holds; λ√n u fails with a probability
/// below 2 exp(−λ²/2), here 3·10⁻⁸.
/// Source: Higham & Mary, "A New Approach to Probabilistic Rounding Error Analysis", SIAM J. Sci. Comput. 2019.
inline double dot_product_rounding(Index n, double epsilon = std::numeric_limits<double>::epsilon()) {
  const double terms = static_cast<double>(n);
  return (2 + std::min(terms, 6 * std::sqrt(terms))) * epsilon / 2;
}

}  // namespace hamlet
