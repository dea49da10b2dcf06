// SPDX-License-Identifier: MIT
#pragma once

namespace hamlet {

/// Throws ValueError, in the name of a stepper, unless the relative tolerance is ≥ 0 and the absolute one positive (an
/// entry that stays 0 could never be accepted), both finite.
void check_tolerances(const char* stepper, double relative, double absolute);

}  // namespace hamlet
