// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/rows.hpp>

#include <vector>

namespace hamlet {

/// Layers of a system that can relax together, all others at rest: no synapse joins two of them.
struct IndependentSet {
  std::vector<Rows> layers;
  /// Of each set of the system in turn, whether the currents into this one depend on it; its own entry says whether a
  /// layer of it meets itself.
  std::vector<bool> depends_on;
};

}  // namespace hamlet
