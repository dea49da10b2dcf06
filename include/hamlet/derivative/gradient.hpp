// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/dual.hpp>
#include <hamlet/derivative/reverse.hpp>

namespace hamlet {

/// ∇f at x, by one reverse sweep. `f` maps a Vector<T> to a T, for any scalar T.
template <class F>
Vector<double> gradient(const F& f, const Vector<double>& x) {
  Recording<double> recording;
  Vector<Reverse<double>> variables(x.size());
  for (Index i = 0; i < x.size(); ++i) variables[i] = recording.variable(x[i]);
  recording.sweep(f(variables));
  return Vector<double>::NullaryExpr(x.size(), [&](Index i) { return recording.adjoint(variables[i]); });
}

/// ∇²f(x) u, by forward over reverse: costs a few evaluations of f, whatever the size of x. `f` as in gradient; u as x.
template <class F>
Vector<double> hessian_product(const F& f, const Vector<double>& x, const Vector<double>& u) {
  Recording<Dual<double>> recording;
  Vector<Reverse<Dual<double>>> variables(x.size());
  for (Index i = 0; i < x.size(); ++i) variables[i] = recording.variable({x[i], u[i]});
  recording.sweep(f(variables));
  return Vector<double>::NullaryExpr(x.size(), [&](Index i) { return recording.adjoint(variables[i]).tangent; });
}

/// (∂f/∂x) u, by one forward pass. `f` maps a Vector<T> to a Vector<T>, for any scalar T; u as x.
template <class F>
Vector<double> jacobian_product(const F& f, const Vector<double>& x, const Vector<double>& u) {
  Vector<Dual<double>> moved(x.size());
  for (Index i = 0; i < x.size(); ++i) moved[i] = {x[i], u[i]};
  const Vector<Dual<double>> result = f(moved);
  return Vector<double>::NullaryExpr(result.size(), [&](Index i) { return result[i].tangent; });
}

}  // namespace hamlet
