// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace hamlet::kernel {

/// Between the numbers of states and those of sums.
template <class A>
struct Conversions {
  void (*pack)(const double* from, std::ptrdiff_t count, A* into);
  void (*add)(const A* from, std::ptrdiff_t count, double* into);
  /// into = a into + b from
  void (*combine)(double a, double b, const A* from, std::ptrdiff_t count, double* into);
};

/// Those for the widest instructions that this machine has.
template <class A>
const Conversions<A>& conversions();

}  // namespace hamlet::kernel
