// SPDX-License-Identifier: MIT
#pragma once

namespace hamlet {

/// How many threads a product with large weights may use from now on, in this whole process. Results do not depend on
/// it, to the last bit. Throws ValueError when it is not positive.
void set_threads(int count);

/// What `set_threads` has set, or else as many as OpenMP would use: one a core, unless OMP_NUM_THREADS says otherwise.
/// A product that is small, or that is called from within a parallel region or a sweep, uses one nevertheless.
int threads();

}  // namespace hamlet
