// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/log_sum_exp.hpp>

#include <cmath>
#include <cstdint>

namespace hamlet {

namespace {

/// Σ of numbers in [0, 1] that is the same, to the last bit, whatever their order: each is cut off at 2⁻⁶², and what is
/// left of all is added exactly, as whole numbers of 2⁻³⁰ and of 2⁻⁶². NaN when one of them is.
double sum_in_any_order(Eigen::Ref<const Vector<double>> terms) {
  constexpr double coarse = 0x1p30, fine = 0x1p32;
  std::int64_t of_coarse = 0, of_fine = 0;
  for (const double term : terms) {
    if (std::isnan(term)) return term;
    const double whole = std::floor(term * coarse);
    of_coarse += static_cast<std::int64_t>(whole);
    of_fine += static_cast<std::int64_t>((term * coarse - whole) * fine);
  }
  return static_cast<double>(of_coarse) / coarse + static_cast<double>(of_fine) / (coarse * fine);
}

}  // namespace

void LogSumExp::activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const {
  // g = e^{β(x − max x)} / Σ
  const double c = largest(x);
  for (Index i = 0; i < x.size(); ++i) g[i] = exp(beta * (x[i] - c));
  g /= sum_in_any_order(g);
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
