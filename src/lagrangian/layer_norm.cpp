// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/layer_norm.hpp>

namespace hamlet {

namespace {

/// Writes y = (x − x̄)/s into `y`, 0 at the kink, and returns s.
double normalise(const LayerNorm& norm, const Vector<double>& x, Eigen::Ref<Vector<double>> y) {
  const double count = static_cast<double>(x.size());
  BorrowedColumn<double> borrowed(x.size());
  Vector<double>& deviation = *borrowed;
  LayerNorm::deviations(x, deviation);
  const double s = regularised_norm(deviation, count * norm.epsilon) / std::sqrt(count);
  if (s == 0)
    y.setZero();
  else
    y = deviation / s;
  return s;
}

}  // namespace

void LayerNorm::activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const {
  delta.expect(x.size());
  normalise(*this, x, g);
  for (Index i = 0; i < x.size(); ++i) g[i] = gamma * g[i] + delta[i];
}

void LayerNorm::hessian_product(const Vector<double>& x, const Vector<double>& u,
                                Eigen::Ref<Vector<double>> product) const {
  const double s = normalise(*this, x, product);
  if (s == 0) return;
  // H u = γ (u − ū − y (y·u)/N)/s
  const double along = product.dot(u) / static_cast<double>(x.size());
  product = gamma * (u.array() - u.mean() - along * product.array()) / s;
}

void LayerNorm::validate() const {
  expect_positive("LayerNorm", "gamma", gamma);
  expect_at_least(0, "LayerNorm", "epsilon", epsilon);
  if (!delta.finite()) throw ValueError("delta of LayerNorm is not finite");
}

std::string LayerNorm::name() const {
  if (delta.uniform()) return fmt::format("LayerNorm(gamma = {}, delta = {}, epsilon = {})", gamma, delta[0], epsilon);
  return fmt::format("LayerNorm(gamma = {}, delta of {}, epsilon = {})", gamma, delta.size(), epsilon);
}

std::string LayerNorm::misfit(const Shape& shape) const {
  if (delta.uniform() || delta.size() == shape.size()) return {};
  return fmt::format("its delta has {} entries for {} neurons", delta.size(), shape.size());
}

template std::shared_ptr<const LagrangianForm> make_form(const LayerNorm&);

}  // namespace hamlet
