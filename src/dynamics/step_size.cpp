// SPDX-License-Identifier: MIT
#include "dynamics/step_size.hpp"

#include <hamlet/core/error.hpp>

#include <fmt/format.h>

#include <cmath>

namespace hamlet {

void check_step_size(const char* stepper, double step) {
  if (!(step > 0 && std::isfinite(step)))
    throw ValueError(fmt::format("{}: its step is {}: it must be positive and finite", stepper, step));
}

}  // namespace hamlet
