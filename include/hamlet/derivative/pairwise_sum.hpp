// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

namespace hamlet {

/// Σ term(i) over `count` indices from `first`, of any scalar T, by halves, so that the rounding error grows as log
/// count. Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., SIAM 2002, section 4.2.
/// Never inlined: -O3 would unroll the recursion into itself, at half a second of a user's compile time.
template <class T, class Term>
[[gnu::noinline]] T pairwise_sum(Index first, Index count, const Term& term) {
  if (count <= 32) {
    T sum(0.0);
    for (Index i = first; i < first + count; ++i) sum += term(i);
    return sum;
  }
  const Index half = count / 2;
  return pairwise_sum<T>(first, half, term) + pairwise_sum<T>(first + half, count - half, term);
}

}  // namespace hamlet
