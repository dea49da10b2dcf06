// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/collective.hpp>
#include <hamlet/lagrangian/elementwise.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

// Ends the declaration of a constructor that must not be called, with the reason the compiler then gives at the call.
#if __has_attribute(unavailable)
#define HAMLET_REFUSED(reason) __attribute__((unavailable(reason)))
#else
#define HAMLET_REFUSED(reason) = delete
#endif

namespace hamlet {

/// A type that brings a form of its own, as Grouped does: `std::shared_ptr<const LagrangianForm> form() const`.
template <class F>
concept BringsForm = requires(const F& f) {
  { f.form() } -> std::same_as<std::shared_ptr<const LagrangianForm>>;
};

/// The form of a functor. Throws ValueError when the functor's validate() does.
template <class F>
std::shared_ptr<const LagrangianForm> make_form(const F& functor) {
  if constexpr (requires { functor.validate(); }) functor.validate();
  if constexpr (BringsForm<F>)
    return functor.form();
  else if constexpr (ElementwiseLagrangian<F>)
    return std::make_shared<ElementwiseForm<F>>(functor);
  else
    return std::make_shared<CollectiveForm<F>>(functor);
}

class Lagrangian;

/// What becomes a Lagrangian.
template <class F>
concept LagrangianFunctor =
    !std::same_as<F, Lagrangian> && (ElementwiseLagrangian<F> || CollectiveLagrangian<F> || BringsForm<F>);

/// What was meant to.
template <class F>
concept NoLagrangianFunctor = std::is_class_v<F> && !std::same_as<F, Lagrangian> && !LagrangianFunctor<F>;

/// A function L of a layer's state from which the activation g = ∂L/∂x and the Hessian ∂²L/∂x² follow; the energy
/// descends where L is convex. An immutable value; copies share. Columns of x are samples. N is whatever x has.
/// Source: Krotov & Hopfield, "Large Associative Memory Problem in Neurobiology and Machine Learning", ICLR 2021,
/// eq. 2.
class Lagrangian {
 public:
  /// From anything that meets one of the two concepts. Throws ValueError when a parameter means nothing.
  template <LagrangianFunctor F>
  Lagrangian(F functor) : Lagrangian(make_form(functor)) {}
  explicit Lagrangian(std::shared_ptr<const LagrangianForm> form) : form_(std::move(form)) {}

  // Everything else is refused where it is written, each with what it lacks.
  template <NoLagrangianFunctor F>
  requires(!ValueOnDoubles<F> && !std::invocable<const F&, double>) Lagrangian(F)
  HAMLET_REFUSED(
      "a Lagrangian needs `template <class T> T operator()(T x) const` for one neuron, or "
      "`template <class T> T value(const hamlet::Vector<T>& x) const` for a layer; both are missing (or not const)");
  template <NoLagrangianFunctor F>
  requires(!ValueOnDoubles<F> && std::invocable<const F&, double>) Lagrangian(F)
  HAMLET_REFUSED(
      "operator() of this Lagrangian takes double alone: make it `template <class T> T operator()(T x) const`, "
      "so that the library can derive F' and F''");
  template <NoLagrangianFunctor F>
  requires(ValueOnDoubles<F> && !ClosedActivation<F>) Lagrangian(F)
  HAMLET_REFUSED(
      "value() of this Lagrangian takes double alone: make it a template over the scalar, or give "
      "`void activation(const hamlet::Vector<double>& x, Eigen::Ref<hamlet::Vector<double>> g) const` "
      "and hessian_product; activation is missing");
  template <NoLagrangianFunctor F>
  requires(ValueOnDoubles<F>&& ClosedActivation<F>) Lagrangian(F)
  HAMLET_REFUSED(
      "value() of this Lagrangian takes double alone: make it a template over the scalar, or give "
      "`void hessian_product(const hamlet::Vector<double>& x, const hamlet::Vector<double>& u, "
      "Eigen::Ref<hamlet::Vector<double>> product) const`; hessian_product is missing");

  /// L(x) of every column: x is N × B, `values` 1 × B (assigned). All of these throw ShapeError when sizes differ.
  void value(ConstView x, Eigen::Ref<Energies> values) const;
  /// g = ∂L/∂x: x and `g` are N × B (assigned; may not alias x).
  void activation(ConstView x, View g) const;
  /// (∂²L/∂x²) u, columnwise: all N × B.
  void hessian_product(ConstView x, ConstView u, View product) const;
  /// An upper bound, per column, on the absolute rounding error made in value(x), found by running error analysis; for
  /// a value known on doubles alone an estimate, 16 ε (|L| + Σ|x_i g_i|).
  void rounding(ConstView x, Eigen::Ref<Energies> bound) const;

  /// The same of a whole state, returned: `Lagrangian(LogCosh{}).activation(x)`.
  Energies value(const State& x) const;
  State activation(const State& x) const;
  State hessian_product(const State& x, const State& u) const;
  Energies rounding(const State& x) const;

  /// Whether L is a sum over neurons, so that its Hessian is diagonal.
  bool elementwise() const;
  /// Whether it is a sum of the same F for every neuron, so that any part of a layer may be computed apart.
  bool uniform() const;
  /// The β of L = β⁻¹ log Σ e^{βx}; nothing when it is another.
  std::optional<double> inverse_temperature() const;
  /// Where an elementwise activation jumps (0 for Absolute); empty for smooth Lagrangians.
  std::span<const double> discontinuities() const;
  /// "LogSumExp(beta = 4)".
  const std::string& name() const;
  /// The same L with activation and Hessian product derived by differentiation whatever closed form it has;
  /// nothing when the value is known on doubles alone.
  std::optional<Lagrangian> derived() const;
  /// Empty when a layer of this shape can have this Lagrangian, else why not ("groups of 3 do not divide 784").
  std::string misfit(const Shape& shape) const;

 private:
  std::shared_ptr<const LagrangianForm> form_;
};

}  // namespace hamlet

#undef HAMLET_REFUSED
