// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <type_traits>
#include <utility>

namespace hamlet {

/// xⁿ by repeated squares: n − 1 roundings, each a half unit in the last place.
template <int n>
double power(double x) {
  if constexpr (n == 0) {
    return 1;
  } else if constexpr (n % 2 == 1) {
    return x * power<n - 1>(x);
  } else {
    const double root = power<n / 2>(x);
    return root * root;
  }
}

/// Calls use(std::integral_constant<int, n>{}) where n is one of `least`, …, 8, for which products are as good as pow
/// and many times faster; else it does nothing and returns false.
template <int least, class Use>
bool with_small_degree(double n, const Use& use) {
  return [&]<int... k>(std::integer_sequence<int, k...>) {
    return ((n == least + k && (use(std::integral_constant<int, least + k>{}), true)) || ...);
  }
  (std::make_integer_sequence<int, 9 - least>{});
}

/// y_i = f(x_i)
template <class Function>
void each(std::span<const double> x, std::span<double> y, const Function& f) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = f(x[i]);
}

}  // namespace hamlet
