// SPDX-License-Identifier: MIT
#include "core/scratch.hpp"
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/sparsemax.hpp>

#include <algorithm>
#include <functional>

namespace hamlet {

double Sparsemax::threshold(const Vector<double>& x) const {
  // Only z > −1 can be above τ ≥ −1. What is no number stays, and makes τ none.
  const double c = x.maxCoeff();
  Scratch sorted(x.size(), 1);
  double* end = sorted.data();
  for (const double component : x) {
    const double z = beta * (component - c);
    if (std::isnan(z)) return z;
    if (z > -1) *end++ = z;
  }
  std::sort(sorted.data(), end, std::greater<>());
  // τ = (z₁ + … + z_k − 1)/k of the k largest, for the last k whose z_k is above it
  double sum = -1, tau = -1;
  for (const double* z = sorted.data(); z != end; ++z) {
    sum += *z;
    const double next = sum / static_cast<double>(z - sorted.data() + 1);
    if (*z <= next) break;
    tau = next;
  }
  return tau;
}

void Sparsemax::activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const {
  // g = [β(x − max x) − τ]₊
  const double c = x.maxCoeff(), tau = threshold(x);
  for (Index i = 0; i < x.size(); ++i) {
    const double p = beta * (x[i] - c) - tau;
    g[i] = p <= 0 ? 0 : p;
  }
}

void Sparsemax::hessian_product(const Vector<double>& x, const Vector<double>& u,
                                Eigen::Ref<Vector<double>> product) const {
  // H u = β (u − ū) on the support, ū its mean there. H 1 = 0, so that u may be counted from any of its entries.
  Index top = 0;
  const double c = x.maxCoeff(&top), tau = threshold(x);
  double sum = 0, support = 0;
  for (Index i = 0; i < x.size(); ++i) {
    product[i] = beta * (x[i] - c) <= tau ? 0 : 1;
    sum += product[i] * (u[i] - u[top]);
    support += product[i];
  }
  product.array() *= beta * (u.array() - u[top] - sum / support);
}

void Sparsemax::validate() const { expect_positive("Sparsemax", "beta", beta); }

std::string Sparsemax::name() const { return fmt::format("Sparsemax(beta = {})", beta); }

template std::shared_ptr<const LagrangianForm> make_form(const Sparsemax&);

}  // namespace hamlet
