// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/differentiable.hpp>

#include <type_traits>

namespace hamlet {

/// A plain number beside an S. Spelt so that no S but a differentiable one can be substituted: Clang 14 forms the
/// operator before it looks at the constraint, and an operator of two builtin types is an error.
template <class S>
using Plain = std::enable_if_t<is_differentiable<S>, double>;

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
  S operator OP(const S& s, Plain<S> b) {          \
    const auto y = s.value OP b;                   \
    return S::chain(y, s, SLOPE_A, 1);             \
  }                                                \
  template <Differentiable S>                      \
  S operator OP(Plain<S> a, const S& t) {          \
    [[maybe_unused]] const auto& b = t.value;      \
    const auto y = a OP b;                         \
    return S::chain(y, t, SLOPE_B, 1);             \
  }                                                \
  template <Differentiable S>                      \
  S& operator OP##=(S& s, const S& t) {            \
    return s = s OP t;                             \
  }                                                \
  template <Differentiable S>                      \
  S& operator OP##=(S& s, Plain<S> b) {            \
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
