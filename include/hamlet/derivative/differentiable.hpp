// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

namespace hamlet {

/// Whether S is one of the scalars that carry more than a number: Dual, Reverse, Rounding. Each has a member `value`,
/// and two functions `chain` that every elementary function is made of: the result of a function of one or two
/// operands, given its value, its slopes, and how many units in the last place its value may be wrong by.
template <class S>
inline constexpr bool is_differentiable = false;

template <class S>
concept Differentiable = is_differentiable<S>;

/// The number behind any scalar, without what it carries. What is computed from it counts as a constant.
constexpr double primal(double x) { return x; }
template <Differentiable S>
constexpr double primal(const S& x) {
  return primal(x.value);
}
/// The same of a column; of numbers it is the column itself.
inline const Vector<double>& primal(const Vector<double>& x) { return x; }
template <Differentiable S>
Vector<double> primal(const Vector<S>& x) {
  return Vector<double>::NullaryExpr(x.size(), [&](Index i) { return primal(x[i]); });
}

/// What Eigen is told about a scalar S that carries more than a number.
template <class S>
struct ScalarTraits : Eigen::NumTraits<double> {
  using Real = S;
  using NonInteger = S;
  using Nested = S;
  using Literal = double;
  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = 2,
    AddCost = 4,
    MulCost = 8
  };
};

}  // namespace hamlet

/// Products and sums of such a scalar with double, in Eigen's expressions.
template <hamlet::Differentiable S, class Operation>
struct Eigen::ScalarBinaryOpTraits<S, double, Operation> {
  using ReturnType = S;
};
template <hamlet::Differentiable S, class Operation>
struct Eigen::ScalarBinaryOpTraits<double, S, Operation> {
  using ReturnType = S;
};
