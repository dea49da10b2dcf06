// SPDX-License-Identifier: MIT
#include "kernel/elementary.hpp"
#include "lagrangian/of_scaled.hpp"
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/log_cosh.hpp>

namespace hamlet {

void LogCosh::value(std::span<const double> x, std::span<double> F) const {
  of_scaled(kernel::log_cosh, beta, x, F);
  for (double& each : F) each /= beta;
  // There F = |x| to all digits, and βx may overflow where F does not.
  for (std::size_t i = 0; i < x.size(); ++i)
    if (abs(beta * x[i]) > 0x1p60) F[i] = abs(x[i]);
}

void LogCosh::activation(std::span<const double> x, std::span<double> g) const { of_scaled(kernel::tanh, beta, x, g); }

void LogCosh::curvature(std::span<const double> x, std::span<double> slope) const {
  // β/cosh² βx = 4β σ′(2βx)
  of_scaled(kernel::sigmoid_slope, 2 * beta, x, slope);
  for (double& each : slope) each *= 4 * beta;
}

void LogCosh::validate() const { expect_positive("LogCosh", "beta", beta); }

std::string LogCosh::name() const { return fmt::format("LogCosh(beta = {})", beta); }

template std::shared_ptr<const LagrangianForm> make_form(const LogCosh&);

}  // namespace hamlet
