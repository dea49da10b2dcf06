// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <span>

namespace hamlet {

/// y_i = f(βx_i), for a function of kernel/elementary.hpp
void of_scaled(void (*f)(const double*, Index, double*), double beta, std::span<const double> x, std::span<double> y);

}  // namespace hamlet
