// SPDX-License-Identifier: MIT
#pragma once

namespace hamlet {

/// How many threads a product with large weights may use from now on, in this whole process. Results do not depend on
/// it, to the last bit. With more than one, an elementwise Lagrangian that is integrated out is called from several at
/// once. Throws ValueError when it is not positive.
void set_threads(int count);

/// What `set_threads` has set, or else OMP_NUM_THREADS, or else one: a process does not take the cores of its
/// neighbours unasked, and a team that must wait for one of them is many times slower than one thread. A product that
/// is small, or that is called from within a parallel region or a sweep, uses one nevertheless.
int threads();

}  // namespace hamlet
