// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/tiles.hpp"

namespace hamlet::kernel {

/// The nearest half, ties to even; beyond 65504, an infinity.
Half to_half(double x);

double from_half(Half half);

}  // namespace hamlet::kernel
