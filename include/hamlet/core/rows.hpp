// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

namespace hamlet {

/// The rows [first, first + count) of a State: what a layer is to those who know nothing of layers.
struct Rows {
  Index first = 0;
  Index count = 0;

  friend bool operator==(const Rows&, const Rows&) = default;
};

}  // namespace hamlet
