// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/dual.hpp>
#include <hamlet/derivative/pairwise_sum.hpp>
#include <hamlet/derivative/rounding.hpp>
#include <hamlet/lagrangian/form.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <span>
#include <type_traits>
#include <utility>

namespace hamlet {

/// A function F(x) of one neuron, written once for every scalar type; L(x) = Σ_i F(x_i).
/// Optional members: `double activation(double) const` (F′) and `double curvature(double) const` (F″) in closed form,
/// `std::vector<double> discontinuities() const` (where F′ jumps), `std::string name() const`, `void validate() const`
/// (throws ValueError when a parameter means nothing). And, for speed, each of F, F′ and F″ of many neurons at once, by
/// SIMD or what you have: `void value(std::span<const double> x, std::span<double> F) const`, and likewise `activation`
/// and `curvature`, beside the closed forms or without them. Spans are equally long and do not overlap; a neuron's
/// result may not depend on where it stands, and may differ from that of operator() or its derivative by 8 units in the
/// last place: rounding() allows for it.
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
    sum<double>(x, values, [](double L) { return L; });
  }

  void rounding(ConstView x, double* bound) const override {
    sum<Rounding>(x, bound, [](const Rounding& L) { return L.bound; });
  }

  void activation(ConstView x, View g) const override {
    const Local f = f_;
    for (Index j = 0; j < x.cols(); ++j) {
      const double* const from = x.data() + j * x.outerStride();
      double* const to = g.data() + j * g.outerStride();
      if constexpr (many_activations) {
        by_blocks(x.rows(), [&](Index first, Index count) {
          f.activation(numbers(from + first, count), numbers(to + first, count));
        });
      } else {
        for (Index i = 0; i < x.rows(); ++i) to[i] = slope(f, from[i]);
      }
    }
  }

  void hessian_product(ConstView x, ConstView u, View product) const override {
    const Local f = f_;
    for (Index j = 0; j < x.cols(); ++j) {
      const double* const from = x.data() + j * x.outerStride();
      const double* const along = u.data() + j * u.outerStride();
      double* const to = product.data() + j * product.outerStride();
      if constexpr (many_curvatures) {
        by_blocks(x.rows(), [&](Index first, Index count) {
          std::array<double, block> curvatures;
          f.curvature(numbers(from + first, count), numbers(curvatures.data(), count));
          for (Index i = 0; i < count; ++i) to[first + i] = curvatures[i] * along[first + i];
        });
      } else {
        for (Index i = 0; i < x.rows(); ++i) to[i] = curvature(f, from[i]) * along[i];
      }
    }
  }

  bool elementwise() const override { return true; }
  bool uniform() const override { return true; }

  std::shared_ptr<const LagrangianForm> derived() const override {
    if constexpr (closed_activation || closed_curvature || many_values || many_activations || many_curvatures) {
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

  // So many neurons are asked for at once: what they pass through stays in the fastest cache.
  static constexpr Index block = 256;

  using Many = std::span<const double>;
  static constexpr bool many_values = requires(const F& f, Many x, std::span<double> y) { f.value(x, y); };
  static constexpr bool many_activations = requires(const F& f, Many x, std::span<double> y) { f.activation(x, y); };
  static constexpr bool many_curvatures = requires(const F& f, Many x, std::span<double> y) { f.curvature(x, y); };

  template <class T>
  static std::span<T> numbers(T* first, Index count) {
    return {first, static_cast<std::size_t>(count)};
  }

  template <class Use>
  static void by_blocks(Index count, const Use& use) {
    for (Index first = 0; first < count; first += block) use(first, std::min(block, count - first));
  }

  // result_j = take(Σ_i F(x_ij)). Values and their bounds are summed in the same order.
  template <class T, class Take>
  void sum(ConstView x, double* result, const Take& take) const {
    const Local f = f_;
    for (Index j = 0; j < x.cols(); ++j) {
      const double* const from = x.data() + j * x.outerStride();
      if constexpr (many_values) {
        result[j] = take(pairwise_sum<T>(0, (x.rows() + block - 1) / block, [&](Index k) {
          const Index first = k * block;
          return sum_of_block<T>(f, numbers(from + first, std::min(block, x.rows() - first)));
        }));
      } else {
        result[j] = take(pairwise_sum<T>(0, x.rows(), [&](Index i) -> T { return f(T(from[i])); }));
      }
    }
  }

  template <class T>
  static T sum_of_block(const F& f, Many x) {
    std::array<double, block> values;
    f.value(x, std::span(values.data(), x.size()));
    return pairwise_sum<T>(0, static_cast<Index>(x.size()), [&](Index i) -> T {
      if constexpr (std::same_as<T, double>)
        return values[i];
      else
        return Rounding::chain(values[i], f(T(x[static_cast<std::size_t>(i)])), 1, 8);
    });
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
