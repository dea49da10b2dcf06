// SPDX-License-Identifier: MIT
#pragma once

// CONTRACT (architect): the names and signatures of the public members below are fixed; the erasure behind them is open.

#include <hamlet/core/shape.hpp>
#include <hamlet/core/state.hpp>
#include <hamlet/derivative/dual.hpp>
#include <hamlet/derivative/reverse.hpp>
#include <hamlet/derivative/rounding.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace hamlet {

/// A function F(x) of one neuron, written once for every scalar type; L(x) = Σ_i F(x_i).
/// Optional members: `double activation(double) const` (F′) and `double curvature(double) const` (F″) in closed form,
/// `std::vector<double> discontinuities() const` (where F′ jumps), `std::string name() const`.
template <class F>
concept ElementwiseLagrangian = requires(const F& f, double x, Dual<Dual<double>> d) {
  { f(x) } -> std::convertible_to<double>;
  { f(d) } -> std::convertible_to<Dual<Dual<double>>>;
};

/// A function L(x) of a whole layer: `template <class T> T value(const Vector<T>&) const`, or a closed form on doubles:
///   double value(const Vector<double>& x) const;
///   void activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const;
///   void hessian_product(const Vector<double>& x, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const;
/// (both may be given: then the derived routes test the closed ones).
/// template <class F> concept CollectiveLagrangian = …;

/// A convex function L of a layer's state from which the activation g = ∂L/∂x and the Hessian ∂²L/∂x² follow.
/// An immutable value; copies share. Columns of x are samples. N is whatever x has.
/// Source: Krotov & Hopfield, "Large Associative Memory Problem in Neurobiology and Machine Learning", ICLR 2021, eq. 2.
class Lagrangian {
 public:
  /// template <class F> Lagrangian(F functor);   implicit, from anything that meets one of the two concepts

  /// L(x) of every column: x is N × B, `values` 1 × B (assigned).
  void value(ConstView x, Eigen::Ref<Energies> values) const;
  /// g = ∂L/∂x: x and `g` are N × B (assigned; may not alias x).
  void activation(ConstView x, View g) const;
  /// (∂²L/∂x²) u, columnwise: all N × B.
  void hessian_product(ConstView x, ConstView u, View product) const;
  /// An upper bound, per column, on the absolute rounding error made in value(x), found by running error analysis.
  void rounding(ConstView x, Eigen::Ref<Energies> bound) const;

  /// Whether L is a sum over neurons, so that its Hessian is diagonal.
  bool elementwise() const;
  /// Where an elementwise activation jumps (0 for Absolute); empty for smooth Lagrangians.
  std::span<const double> discontinuities() const;
  /// "LogSumExp(beta = 4)".
  const std::string& name() const;
  /// The same L with activation and Hessian product derived by differentiation whatever closed form it has;
  /// nothing when the value is known on doubles alone.
  std::optional<Lagrangian> derived() const;
  /// Empty when a layer of this shape can have this Lagrangian, else why not ("groups of 3 do not divide 784").
  std::string misfit(const Shape& shape) const;
};

}  // namespace hamlet
