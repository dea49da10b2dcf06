// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/panels.hpp"

namespace hamlet::kernel {

/// h += W g and c += Wᵀ f for B samples, as columns of f64, with energies (one a sample) = fᵀ W g, reading W once.
/// Views and pointers that are null are not wanted; g or f may be null where nothing wanted depends on it. A sample
/// among many is, bit for bit, what it is alone, and nothing depends on the number of threads.
void currents(const Panels& W, const ConstView& g, const ConstView& f, View h, View c, double* energies);

}  // namespace hamlet::kernel
