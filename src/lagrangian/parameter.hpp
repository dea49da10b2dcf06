// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/error.hpp>

#include <fmt/format.h>

#include <cmath>

namespace hamlet {

/// Throws ValueError unless the parameter of the Lagrangian is finite and positive.
inline void expect_positive(const char* lagrangian, const char* parameter, double value) {
  if (!(value > 0) || !std::isfinite(value))
    throw ValueError(fmt::format("{} of {} is {}: it must be positive and finite", parameter, lagrangian, value));
}

/// Throws ValueError unless the parameter of the Lagrangian is finite and at least `least`.
inline void expect_at_least(double least, const char* lagrangian, const char* parameter, double value) {
  if (!(value >= least) || !std::isfinite(value))
    throw ValueError(
        fmt::format("{} of {} is {}: it must be finite and at least {}", parameter, lagrangian, value, least));
}

}  // namespace hamlet
