// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/norm.hpp>

namespace hamlet {

namespace {

/// r as the product of a power of two and a number of modest size.
struct Radius {
  double scale;
  double scaled;  // r / scale, 0 at the kink
};

Radius radius(const Vector<double>& x, double epsilon) {
  const double m = binary_scale(x, std::sqrt(epsilon));
  return {m, std::sqrt((x / m).squaredNorm() + std::sqrt(epsilon) / m * (std::sqrt(epsilon) / m))};
}

}  // namespace

void Norm::activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const {
  const auto [m, r] = radius(x, epsilon);
  if (r == 0)
    g.setZero();
  else
    g = gamma * (x.array() / m / r);
}

void Norm::hessian_product(const Vector<double>& x, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const {
  const auto [m, r] = radius(x, epsilon);
  if (r == 0) {
    product.setZero();
    return;
  }
  // H u = γ (u − y (y·u))/r, y = x/r
  product = x / m / r;
  const double along = product.dot(u);
  product = gamma * ((u.array() - along * product.array()) / r / m);
}

void Norm::validate() const {
  expect_positive("Norm", "gamma", gamma);
  expect_at_least(0, "Norm", "epsilon", epsilon);
}

std::string Norm::name() const { return fmt::format("Norm(gamma = {}, epsilon = {})", gamma, epsilon); }

template std::shared_ptr<const LagrangianForm> make_form(const Norm&);

}  // namespace hamlet
