// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

#include <fmt/format.h>

namespace hamlet {

namespace {

void expect(bool fits, const std::string& name, const char* what, Index rows, Index columns, ConstView x) {
  if (fits) return;
  throw ShapeError(
      fmt::format("{} of {} is {} × {}, but the state x is {} × {}", what, name, rows, columns, x.rows(), x.cols()));
}

void expect_like(ConstView x, Index rows, Index columns, const std::string& name, const char* what) {
  expect(rows == x.rows() && columns == x.cols(), name, what, rows, columns, x);
}

void expect_one_a_column(ConstView x, Index count, const std::string& name, const char* what) {
  expect(count == x.cols(), name, what, 1, count, x);
}

}  // namespace

void Lagrangian::value(ConstView x, Eigen::Ref<Energies> values) const {
  expect_one_a_column(x, values.size(), name(), "the row of values");
  form_->value(x, values.data());
}

void Lagrangian::activation(ConstView x, View g) const {
  expect_like(x, g.rows(), g.cols(), name(), "the activation g");
  form_->activation(x, g);
}

void Lagrangian::hessian_product(ConstView x, ConstView u, View product) const {
  expect_like(x, u.rows(), u.cols(), name(), "the direction u");
  expect_like(x, product.rows(), product.cols(), name(), "the Hessian product");
  form_->hessian_product(x, u, product);
}

void Lagrangian::rounding(ConstView x, Eigen::Ref<Energies> bound) const {
  expect_one_a_column(x, bound.size(), name(), "the row of rounding bounds");
  form_->rounding(x, bound.data());
}

Energies Lagrangian::value(const State& x) const {
  Energies values(x.cols());
  value(view(x), values);
  return values;
}

State Lagrangian::activation(const State& x) const {
  State g(x.rows(), x.cols());
  activation(view(x), view(g));
  return g;
}

State Lagrangian::hessian_product(const State& x, const State& u) const {
  State product(x.rows(), x.cols());
  hessian_product(view(x), view(u), view(product));
  return product;
}

Energies Lagrangian::rounding(const State& x) const {
  Energies bound(x.cols());
  rounding(view(x), bound);
  return bound;
}

bool Lagrangian::elementwise() const { return form_->elementwise(); }

bool Lagrangian::uniform() const { return form_->uniform(); }

std::optional<double> Lagrangian::inverse_temperature() const { return form_->inverse_temperature(); }

std::span<const double> Lagrangian::discontinuities() const { return form_->discontinuities; }

const std::string& Lagrangian::name() const { return form_->name; }

std::optional<Lagrangian> Lagrangian::derived() const {
  auto form = form_->derived();
  return form ? std::optional(Lagrangian(std::move(form))) : std::nullopt;
}

std::string Lagrangian::misfit(const Shape& shape) const { return form_->misfit(shape); }

}  // namespace hamlet
