// SPDX-License-Identifier: MIT
#pragma once

namespace hamlet {

/// Throws ValueError, in the name of a stepper, unless its step is positive and finite.
void check_step_size(const char* stepper, double step);

}  // namespace hamlet
