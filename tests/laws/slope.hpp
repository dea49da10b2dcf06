// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/network/flow.hpp>

namespace hamlet::laws {

/// dE/dε of E(x + εv), one number a sample, by central differences of order four.
inline Energies slope(const Flow& flow, const State& x, const State& v) {
  const double h = 1e-3 / v.cwiseAbs().maxCoeff();
  const auto E = [&](double along) { return flow.energy(x + along * h * v); };
  return (8 * (E(1) - E(-1)) - (E(2) - E(-2))) / (12 * h);
}

}  // namespace hamlet::laws
