// SPDX-License-Identifier: MIT
#include "dynamics/tolerances.hpp"

#include <hamlet/core/error.hpp>

#include <fmt/format.h>

#include <cmath>

namespace hamlet {

void check_tolerances(const char* stepper, double relative, double absolute) {
  if (!(relative >= 0 && std::isfinite(relative)))
    throw ValueError(fmt::format("{}: its relative tolerance is {}: it must be ≥ 0 and finite", stepper, relative));
  if (!(absolute > 0 && std::isfinite(absolute)))
    throw ValueError(
        fmt::format("{}: its absolute tolerance is {}: it must be positive and finite", stepper, absolute));
}

}  // namespace hamlet
