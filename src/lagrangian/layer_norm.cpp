// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/layer_norm.hpp>

namespace hamlet {

namespace {

/// s as the product of a power of two and a number of modest size.
struct Spread {
  double scale;
  double scaled;  // s / scale, 0 at the kink
};

/// Writes the deviations (x − x̄)/s into `y`; at the kink they are 0.
Spread normalise(const LayerNorm& norm, const Vector<double>& x, Eigen::Ref<Vector<double>> y) {
  const double root = std::sqrt(norm.epsilon);
  const double m = binary_scale(x, root);
  y = x.array() / m - LayerNorm::centre(x, m);
  const double s = std::sqrt(y.squaredNorm() / static_cast<double>(x.size()) + root / m * (root / m));
  if (s > 0) y /= s;
  return {m, s};
}

}  // namespace

void LayerNorm::activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const {
  delta.expect(x.size());
  normalise(*this, x, g);
  for (Index i = 0; i < x.size(); ++i) g[i] = gamma * g[i] + delta[i];
}

void LayerNorm::hessian_product(const Vector<double>& x, const Vector<double>& u,
                                Eigen::Ref<Vector<double>> product) const {
  const auto [m, s] = normalise(*this, x, product);
  if (s == 0) {
    product.setZero();
    return;
  }
  // H u = γ (u − ū − y (y·u)/N)/s, y = (x − x̄)/s
  const double along = product.dot(u) / static_cast<double>(x.size());
  product = gamma * ((u.array() - u.mean() - along * product.array()) / s / m);
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
