// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/differentiable.hpp>

namespace hamlet {

// One row an operation: y = a OP b, ∂y/∂a, ∂y/∂b. Both operands carry, or one of them is a plain number.
#define HAMLET_ARITHMETIC(OP, SLOPE_A, SLOPE_B)    \
  template <Differentiable S>                      \
  S operator OP(const S& s, const S& t) {          \
    [[maybe_unused]] const auto& a = s.value;      \
    [[maybe_unused]] const auto& b = t.value;      \
    const auto y = a OP b;                         \
    return S::chain(y, s, SLOPE_A, t, SLOPE_B, 1); \
  }                                                \
  template <Differentiable S>                      \
  S operator OP(const S& s, double b) {            \
    const auto y = s.value OP b;                   \
    return S::chain(y, s, SLOPE_A, 1);             \
  }                                                \
  template <Differentiable S>                      \
  S operator OP(double a, const S& t) {            \
    [[maybe_unused]] const auto& b = t.value;      \
    const auto y = a OP b;                         \
    return S::chain(y, t, SLOPE_B, 1);             \
  }                                                \
  template <Differentiable S>                      \
  S& operator OP##=(S& s, const S& t) {            \
    return s = s OP t;                             \
  }                                                \
  template <Differentiable S>                      \
  S& operator OP##=(S& s, double b) {              \
    return s = s OP b;                             \
  }

HAMLET_ARITHMETIC(+, 1.0, 1.0)
HAMLET_ARITHMETIC(-, 1.0, -1.0)
HAMLET_ARITHMETIC(*, b, a)
HAMLET_ARITHMETIC(/, 1.0 / b, -y / b)
#undef HAMLET_ARITHMETIC

template <Differentiable S>
S operator-(const S& s) {
  return S::chain(-s.value, s, -1.0, 0);
}
template <Differentiable S>
S operator+(const S& s) {
  return s;
}

}  // namespace hamlet
