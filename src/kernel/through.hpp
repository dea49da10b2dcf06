// SPDX-License-Identifier: MIT
#pragma once

#include "core/function_ref.hpp"
#include "kernel/panels.hpp"

namespace hamlet::kernel {

/// Computes f = φ(h) of some rows of some samples: those from `first_row` and `first_sample` on. Called from several
/// threads, for each row and sample once; how rows are cut into blocks must not matter.
using Activation = FunctionRef<void(Index first_row, Index first_sample, const ConstView& h, View f)>;

/// c += Wᵀ φ(h), h = W g + I, for B samples, reading W from memory once. `input` is I: K rows, and one column or one a
/// sample, or null for none. `h` receives h, and may be null. A sample among many is, bit for bit, what it is alone,
/// and nothing depends on the number of threads.
void through(const Panels& W, const ConstView& g, const ConstView& input, Activation phi, View h, View c);

/// The same for φ = softmax(β h) over all rows, with values (one a sample, or null) = log Σ exp(β h) / β.
void through_softmax(const Panels& W, const ConstView& g, const ConstView& input, double beta, View h, View c,
                     double* values);

}  // namespace hamlet::kernel
