// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

namespace hamlet {

/// Around a state x, the box lower < x < upper within which a right-hand side does not jump; ±∞ where it never does. An
/// entry that lies on a jump has lower = x = upper. Both are N × B.
struct Piece {
  State lower, upper;
};

}  // namespace hamlet
