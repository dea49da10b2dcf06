// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/network/time_constant.hpp>

#include <fmt/format.h>

#include <cmath>
#include <ostream>

namespace hamlet {
namespace {

bool allowed(double tau) { return std::isfinite(tau) && tau > 0; }

}  // namespace

TimeConstant::TimeConstant(Vector<double> each) : each_(std::move(each)) {
  if (each_.size() == 0) throw ValueError("one time constant a neuron, but none is given");
}

std::string TimeConstant::fault() const {
  if (uniform()) return allowed(all_) ? "" : fmt::format("{}, which is not positive and finite", all_);
  for (Index neuron = 0; neuron < each_.size(); ++neuron) {
    if (allowed(each_[neuron])) continue;
    return fmt::format("{} for neuron {}, which is not positive and finite", each_[neuron], neuron);
  }
  return {};
}

double TimeConstant::operator[](Index neuron) const {
  if (uniform()) return all_;
  if (neuron < 0 || neuron >= each_.size()) {
    throw ShapeError(fmt::format("the time constant of neuron {}, where {} are given", neuron, each_.size()));
  }
  return each_[neuron];
}

std::ostream& operator<<(std::ostream& out, const TimeConstant& tau) {
  if (tau.uniform()) return out << fmt::format("{}", tau.smallest());
  return out << fmt::format("{} … {}", tau.smallest(), tau.largest());
}

}  // namespace hamlet
