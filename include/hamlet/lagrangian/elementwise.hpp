// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/dual.hpp>
#include <hamlet/derivative/pairwise_sum.hpp>
#include <hamlet/derivative/rounding.hpp>
#include <hamlet/lagrangian/form.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace hamlet {

/// A function F(x) of one neuron, written once for every scalar type; L(x) = Σ_i F(x_i).
/// Optional members: `double activation(double) const` (F′) and `double curvature(double) const` (F″) in closed form,
/// `std::vector<double> discontinuities() const` (where F′ jumps), `std::string name() const`, `void validate() const`
/// (throws ValueError when a parameter means nothing).
template <class F>
concept ElementwiseLagrangian = std::copy_constructible<F> &&
    requires(const F& f, double x, Dual<double> first, Dual<Dual<double>> second, Rounding rounded) {
  { f(x) } -> std::convertible_to<double>;
  { f(first) } -> std::convertible_to<Dual<double>>;
  { f(second) } -> std::convertible_to<Dual<Dual<double>>>;
  { f(rounded) } -> std::convertible_to<Rounding>;
};

/// F alone, without the closed forms it has.
template <class F>
struct DerivedElementwise {
  F functor;

  template <class T>
  T operator()(const T& x) const {
    return functor(x);
  }
};

/// Σ_i F(x_i) behind the erased type. One loop a functor, so that the compiler sees through it.
template <ElementwiseLagrangian F>
class ElementwiseForm final : public LagrangianForm {
 public:
  explicit ElementwiseForm(F functor) : f_(std::move(functor)) {
    name = name_of(f_);
    if constexpr (requires { f_.discontinuities(); }) discontinuities = f_.discontinuities();
  }

  void value(ConstView x, double* values) const override {
    sum<double>(x, [&](Index j, double L) { values[j] = L; });
  }

  void rounding(ConstView x, double* bound) const override {
    sum<Rounding>(x, [&](Index j, const Rounding& L) { bound[j] = L.bound; });
  }

  void activation(ConstView x, View g) const override {
    const Local f = f_;
    for (Index j = 0; j < x.cols(); ++j) {
      const double* const from = x.data() + j * x.outerStride();
      double* const to = g.data() + j * g.outerStride();
      for (Index i = 0; i < x.rows(); ++i) to[i] = slope(f, from[i]);
    }
  }

  void hessian_product(ConstView x, ConstView u, View product) const override {
    const Local f = f_;
    for (Index j = 0; j < x.cols(); ++j) {
      const double* const from = x.data() + j * x.outerStride();
      const double* const along = u.data() + j * u.outerStride();
      double* const to = product.data() + j * product.outerStride();
      for (Index i = 0; i < x.rows(); ++i) to[i] = curvature(f, from[i]) * along[i];
    }
  }

  bool elementwise() const override { return true; }
  bool uniform() const override { return true; }

  std::shared_ptr<const LagrangianForm> derived() const override {
    if constexpr (closed_activation || closed_curvature) {
      auto form = std::make_shared<ElementwiseForm<DerivedElementwise<F>>>(DerivedElementwise<F>{f_});
      form->name = name;
      form->discontinuities = discontinuities;
      return form;
    } else {
      return std::make_shared<ElementwiseForm>(*this);
    }
  }

 private:
  // A copy that no store through a pointer can change, so that its parameters stay in registers and loops vectorise.
  using Local = std::conditional_t<std::is_trivially_copyable_v<F>, F, const F&>;

  static constexpr bool closed_activation = requires(const F& f, double x) { double(f.activation(x)); };
  static constexpr bool closed_curvature = requires(const F& f, double x) { double(f.curvature(x)); };

  template <class T, class Take>
  void sum(ConstView x, const Take& take) const {
    const Local f = f_;
    for (Index j = 0; j < x.cols(); ++j) {
      const double* const from = x.data() + j * x.outerStride();
      take(j, pairwise_sum<T>(0, x.rows(), [&](Index i) -> T { return f(T(from[i])); }));
    }
  }

  static double slope(const F& f, double x) {
    if constexpr (closed_activation)
      return f.activation(x);
    else
      return Dual<double>(f(Dual<double>{x, 1.0})).tangent;
  }

  static double curvature(const F& f, double x) {
    using Second = Dual<Dual<double>>;
    if constexpr (closed_curvature)
      return f.curvature(x);
    else
      return Second(f(Second{{x, 1.0}, {1.0, 0.0}})).tangent.tangent;
  }

  F f_;
};

}  // namespace hamlet
