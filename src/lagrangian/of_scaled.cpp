// SPDX-License-Identifier: MIT
#include "lagrangian/of_scaled.hpp"

namespace hamlet {

void of_scaled(void (*f)(const double*, Index, double*), double beta, std::span<const double> x, std::span<double> y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = beta * x[i];
  f(y.data(), std::ssize(y), y.data());
}

}  // namespace hamlet
