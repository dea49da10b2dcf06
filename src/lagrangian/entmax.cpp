// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/entmax.hpp>

#include <limits>

namespace hamlet {

namespace {

/// p = e_α(w) to the given power: 1 for p, 2 − α for s; 0 off the support.
double power(double alpha, double w, double exponent) {
  const double base = 1 + (alpha - 1) * w;
  return base <= 0 ? 0 : std::exp(exponent * (std::log1p((alpha - 1) * w) / (alpha - 1)));
}

}  // namespace

double Entmax::threshold(const Vector<double>& x) const {
  // With κ = α − 1, F(t) = (Σ p)^κ is the norm of order 1/κ ≥ 1 of [1 + κ(z − t)]₊: convex and falling. So Newton's
  // method from t = 0, where F ≥ 1, rises to the root of F = 1 and never beyond; where all z are equal, or κ → 0, one
  // step takes it there: (1 − (Σp)^{−κ})/κ · Σp/Σs.
  const double kappa = alpha - 1, c = x.maxCoeff();
  for (double t = 0;;) {
    double mass = 0, slope = 0;
    for (const double component : x) {
      const double w = beta * (component - c) - t;
      if (1 + kappa * w <= 0) continue;
      const double p = power(alpha, w, 1);
      mass += p;
      slope += p / (1 + kappa * w);
    }
    const double step = -std::expm1(-kappa * std::log(mass)) / kappa * (mass / slope);
    t += step;
    if (!(step > std::numeric_limits<double>::epsilon() * (1 + t))) return t;
  }
}

void Entmax::activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const {
  // g = e_α(β(x − max x) − t)
  const double c = x.maxCoeff(), t = threshold(x);
  for (Index i = 0; i < x.size(); ++i) g[i] = power(alpha, beta * (x[i] - c) - t, 1);
}

void Entmax::hessian_product(const Vector<double>& x, const Vector<double>& u,
                             Eigen::Ref<Vector<double>> product) const {
  // H u = β s ∘ (u − s·u/Σs). H 1 = 0, so that u may be counted from its entry at the largest s, where most would
  // cancel.
  Index top = 0;
  const double c = x.maxCoeff(&top), t = threshold(x);
  double sum = 0, slope = 0;
  for (Index i = 0; i < x.size(); ++i) {
    product[i] = power(alpha, beta * (x[i] - c) - t, 2 - alpha);
    sum += product[i] * (u[i] - u[top]);
    slope += product[i];
  }
  product.array() *= beta * (u.array() - u[top] - sum / slope);
}

void Entmax::validate() const {
  if (!(alpha > 1 && alpha <= 2)) {
    throw ValueError(
        fmt::format("alpha of Entmax is {}: it must be above 1 and at most 2 (LogSumExp is its limit at 1)", alpha));
  }
  expect_positive("Entmax", "beta", beta);
}

std::string Entmax::name() const { return fmt::format("Entmax(alpha = {}, beta = {})", alpha, beta); }

template std::shared_ptr<const LagrangianForm> make_form(const Entmax&);

}  // namespace hamlet
