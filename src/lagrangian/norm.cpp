// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/norm.hpp>

namespace hamlet {

void Norm::activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const {
  const double r = regularised_norm(x, epsilon);
  if (r == 0)
    g.setZero();
  else
    g = gamma * (x / r);
}

void Norm::hessian_product(const Vector<double>& x, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const {
  const double r = regularised_norm(x, epsilon);
  if (r == 0) {
    product.setZero();
    return;
  }
  // H u = γ (u − y (y·u))/r, y = x/r
  product = x / r;
  const double along = product.dot(u);
  product = gamma * (u - along * product) / r;
}

void Norm::validate() const {
  expect_positive("Norm", "gamma", gamma);
  expect_at_least(0, "Norm", "epsilon", epsilon);
}

std::string Norm::name() const { return fmt::format("Norm(gamma = {}, epsilon = {})", gamma, epsilon); }

template std::shared_ptr<const LagrangianForm> make_form(const Norm&);

}  // namespace hamlet
