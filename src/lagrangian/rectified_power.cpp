// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"
#include "lagrangian/small_degree.hpp"

#include <hamlet/lagrangian/rectified_power.hpp>

namespace hamlet {

namespace {

double rectified(double x) { return x > 0 ? x : 0; }

}  // namespace

// For whole n ≥ 3 as a power of max(x, 0), in a loop of its own: in one with the power it would be a branch.

void RectifiedPower::value(std::span<const double> x, std::span<double> F) const {
  each(x, F, rectified);
  if (!with_small_degree<3>(n, [&](auto d) { each(F, F, [=](double v) { return power<d>(v) / d; }); }))
    each(x, F, [f = *this](double v) { return f(v); });
}

void RectifiedPower::activation(std::span<const double> x, std::span<double> g) const {
  each(x, g, rectified);
  if (!with_small_degree<3>(n, [&](auto d) { each(g, g, power<d - 1>); }))
    each(x, g, [f = *this](double v) { return f.activation(v); });
}

void RectifiedPower::curvature(std::span<const double> x, std::span<double> slope) const {
  each(x, slope, rectified);
  const auto products = [&](auto d) { each(slope, slope, [=](double v) { return (d - 1) * power<d - 2>(v); }); };
  if (!with_small_degree<3>(n, products)) each(x, slope, [f = *this](double v) { return f.curvature(v); });
}

void RectifiedPower::validate() const { expect_at_least(1, "RectifiedPower", "n", n); }

std::string RectifiedPower::name() const { return fmt::format("RectifiedPower(n = {})", n); }

template std::shared_ptr<const LagrangianForm> make_form(const RectifiedPower&);

}  // namespace hamlet
