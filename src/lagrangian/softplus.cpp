// SPDX-License-Identifier: MIT
#include "kernel/elementary.hpp"
#include "lagrangian/of_scaled.hpp"
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/softplus.hpp>

namespace hamlet {

void Softplus::value(std::span<const double> x, std::span<double> F) const {
  of_scaled(kernel::softplus, beta, x, F);
  for (double& each : F) each /= beta;
  // There F = x to all digits, and βx may overflow where F does not.
  for (std::size_t i = 0; i < x.size(); ++i)
    if (beta * x[i] > 0x1p60) F[i] = x[i];
}

void Softplus::activation(std::span<const double> x, std::span<double> g) const {
  of_scaled(kernel::sigmoid, beta, x, g);
}

void Softplus::curvature(std::span<const double> x, std::span<double> slope) const {
  of_scaled(kernel::sigmoid_slope, beta, x, slope);
  for (double& each : slope) each *= beta;
}

void Softplus::validate() const { expect_positive("Softplus", "beta", beta); }

std::string Softplus::name() const { return fmt::format("Softplus(beta = {})", beta); }

template std::shared_ptr<const LagrangianForm> make_form(const Softplus&);

}  // namespace hamlet
