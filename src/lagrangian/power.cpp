// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"
#include "lagrangian/small_degree.hpp"

#include <hamlet/lagrangian/power.hpp>

namespace hamlet {

void Power::value(std::span<const double> x, std::span<double> F) const {
  if (!with_small_degree<1>(n, [&](auto d) { each(x, F, [=](double v) { return power<d>(v) / d; }); }))
    each(x, F, [f = *this](double v) { return f(v); });
}

void Power::activation(std::span<const double> x, std::span<double> g) const {
  if (!with_small_degree<1>(n, [&](auto d) { each(x, g, power<d - 1>); }))
    each(x, g, [f = *this](double v) { return f.activation(v); });
}

void Power::curvature(std::span<const double> x, std::span<double> slope) const {
  if (!with_small_degree<2>(n, [&](auto d) { each(x, slope, [=](double v) { return (d - 1) * power<d - 2>(v); }); }))
    each(x, slope, [f = *this](double v) { return f.curvature(v); });
}

void Power::validate() const { expect_at_least(1, "Power", "n", n); }

std::string Power::name() const { return fmt::format("Power(n = {})", n); }

template std::shared_ptr<const LagrangianForm> make_form(const Power&);

}  // namespace hamlet
