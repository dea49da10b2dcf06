// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/borrowed_column.hpp>
#include <hamlet/derivative/reverse.hpp>
#include <hamlet/derivative/rounding.hpp>
#include <hamlet/lagrangian/form.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <utility>

namespace hamlet {

/// L(x) of a whole layer on doubles.
template <class F>
concept ValueOnDoubles = requires(const F& f, const Vector<double>& x) {
  { f.value(x) } -> std::convertible_to<double>;
};

/// L(x) of a whole layer, written once for every scalar type: `template <class T> T value(const Vector<T>&) const`.
/// The result must be a T: Eigen offers to convert every Vector to a Vector<double>, and would find out too late.
template <class F>
concept ValueOnEveryScalar = ValueOnDoubles<F> &&
    requires(const F& f, const Vector<Reverse<double>>& first, const Vector<Reverse<Dual<double>>>& second,
             const Vector<Rounding>& rounded) {
  { f.value(first) } -> std::same_as<Reverse<double>>;
  { f.value(second) } -> std::same_as<Reverse<Dual<double>>>;
  { f.value(rounded) } -> std::same_as<Rounding>;
};

/// g = ∂L/∂x in closed form: `void activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const`.
template <class F>
concept ClosedActivation = requires(const F& f, const Vector<double>& x, Eigen::Ref<Vector<double>> g) {
  f.activation(x, g);
};

/// (∂²L/∂x²) u in closed form:
/// `void hessian_product(const Vector<double>& x, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const`.
template <class F>
concept ClosedHessianProduct = requires(const F& f, const Vector<double>& x, const Vector<double>& u,
                                        Eigen::Ref<Vector<double>> product) {
  f.hessian_product(x, u, product);
};

/// A function L(x) of a whole layer: its value for every scalar type, or value, activation and hessian_product on
/// doubles. Both may be given: then the derived routes test the closed ones. Optional members: `std::string name()
/// const`, `void validate() const` (throws ValueError when a parameter means nothing), `std::string misfit(const
/// Shape&) const` (why a layer of that shape cannot have it; empty when it can), `double inverse_temperature() const`
/// (the β of L = β⁻¹ log Σ e^{βx}, for which Dense weights have a faster way).
template <class F>
concept CollectiveLagrangian = std::copy_constructible<F> &&
    (ValueOnEveryScalar<F> || (ValueOnDoubles<F> && ClosedActivation<F> && ClosedHessianProduct<F>));

/// The value alone, without the closed forms it has.
template <class F>
struct DerivedCollective {
  F functor;

  template <class T>
  T value(const Vector<T>& x) const {
    return functor.value(x);
  }
};

/// Copies column j, whose rows are as many as `column` has. (Assigning x.col(j) would let Eigen resize: GCC 12 then
/// warns.)
inline void read_column(ConstView x, Index j, Vector<double>& column) {
  std::copy_n(x.data() + j * x.outerStride(), x.rows(), column.data());
}

/// L(x) of all neurons together behind the erased type.
template <CollectiveLagrangian F>
class CollectiveForm final : public LagrangianForm {
 public:
  explicit CollectiveForm(F functor) : f_(std::move(functor)) { name = name_of(f_); }

  void value(ConstView x, double* values) const override {
    BorrowedColumn<double> borrowed(x.rows());
    Vector<double>& column = *borrowed;
    for (Index j = 0; j < x.cols(); ++j) {
      read_column(x, j, column);
      values[j] = f_.value(column);
    }
  }

  void activation(ConstView x, View g) const override {
    if constexpr (ClosedActivation<F>) {
      BorrowedColumn<double> borrowed(x.rows());
      Vector<double>& column = *borrowed;
      for (Index j = 0; j < x.cols(); ++j) {
        read_column(x, j, column);
        f_.activation(column, g.col(j));
      }
    } else {
      BorrowedColumn<Reverse<double>> borrowed(x.rows());
      Vector<Reverse<double>>& variables = *borrowed;
      for (Index j = 0; j < x.cols(); ++j) {
        Recording<double> recording;
        for (Index i = 0; i < x.rows(); ++i) variables[i] = recording.variable(x(i, j));
        recording.sweep(f_.value(variables));
        for (Index i = 0; i < x.rows(); ++i) g(i, j) = recording.adjoint(variables[i]);
      }
    }
  }

  void hessian_product(ConstView x, ConstView u, View product) const override {
    if constexpr (ClosedHessianProduct<F>) {
      BorrowedColumn<double> of_x(x.rows()), of_u(x.rows());
      Vector<double>&column = *of_x, &along = *of_u;
      for (Index j = 0; j < x.cols(); ++j) {
        read_column(x, j, column);
        read_column(u, j, along);
        f_.hessian_product(column, along, product.col(j));
      }
    } else {
      BorrowedColumn<Reverse<Dual<double>>> borrowed(x.rows());
      Vector<Reverse<Dual<double>>>& variables = *borrowed;
      for (Index j = 0; j < x.cols(); ++j) {
        Recording<Dual<double>> recording;
        for (Index i = 0; i < x.rows(); ++i) variables[i] = recording.variable({x(i, j), u(i, j)});
        recording.sweep(f_.value(variables));
        for (Index i = 0; i < x.rows(); ++i) product(i, j) = recording.adjoint(variables[i]).tangent;
      }
    }
  }

  void rounding(ConstView x, double* bound) const override {
    if constexpr (ValueOnEveryScalar<F>) {
      BorrowedColumn<Rounding> borrowed(x.rows());
      Vector<Rounding>& column = *borrowed;
      for (Index j = 0; j < x.cols(); ++j) {
        for (Index i = 0; i < x.rows(); ++i) column[i] = x(i, j);
        bound[j] = f_.value(column).bound;
      }
    } else {
      // What the value is summed from is hidden: 16 ε (|L| + Σ|x_i g_i|) stands for its terms.
      BorrowedColumn<double> of_x(x.rows()), of_g(x.rows());
      Vector<double>&column = *of_x, &g = *of_g;
      for (Index j = 0; j < x.cols(); ++j) {
        read_column(x, j, column);
        f_.activation(column, Eigen::Ref<Vector<double>>(g));
        double magnitude = std::abs(f_.value(column));
        for (Index i = 0; i < x.rows(); ++i) magnitude += std::abs(column[i] * g[i]);
        bound[j] = 16 * std::numeric_limits<double>::epsilon() * magnitude;
      }
    }
  }

  bool elementwise() const override { return false; }

  std::optional<double> inverse_temperature() const override {
    if constexpr (requires { double(f_.inverse_temperature()); })
      return f_.inverse_temperature();
    else
      return {};
  }

  std::shared_ptr<const LagrangianForm> derived() const override {
    if constexpr (!ValueOnEveryScalar<F>) {
      return nullptr;
    } else if constexpr (ClosedActivation<F> || ClosedHessianProduct<F>) {
      auto form = std::make_shared<CollectiveForm<DerivedCollective<F>>>(DerivedCollective<F>{f_});
      form->name = name;
      return form;
    } else {
      return std::make_shared<CollectiveForm>(*this);
    }
  }

  std::string misfit(const Shape& shape) const override {
    if constexpr (requires { std::string(f_.misfit(shape)); })
      return f_.misfit(shape);
    else
      return {};
  }

 private:
  F f_;
};

}  // namespace hamlet
