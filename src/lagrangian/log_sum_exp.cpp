// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/log_sum_exp.hpp>

namespace hamlet {

void LogSumExp::activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const {
  // g = e^{β(x − max x)} / Σ
  const double c = largest(x);
  double sum = 0;
  for (Index i = 0; i < x.size(); ++i) sum += g[i] = exp(beta * (x[i] - c));
  g /= sum;
}

void LogSumExp::hessian_product(const Vector<double>& x, const Vector<double>& u,
                                Eigen::Ref<Vector<double>> product) const {
  // H u = β g ∘ (u − g·u). H 1 = 0, so that u may be counted from its entry at the largest g, where most would cancel.
  activation(x, product);
  Index top = 0;
  product.maxCoeff(&top);
  const double mean = product.dot((u.array() - u[top]).matrix());
  product = beta * product.array() * (u.array() - u[top] - mean);
}

void LogSumExp::validate() const { expect_positive("LogSumExp", "beta", beta); }

std::string LogSumExp::name() const { return fmt::format("LogSumExp(beta = {})", beta); }

template std::shared_ptr<const LagrangianForm> make_form(const LogSumExp&);

}  // namespace hamlet
