// SPDX-License-Identifier: MIT
#include "monitor/balance.hpp"

#include <boost/math/quadrature/gauss.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {

void Balance::begin(double time, const Energies& energy, const Energies& dissipation, int order) {
  nodes_.assign(1, {time, dissipation});
  most_ = static_cast<std::size_t>(std::clamp(order, 2, 8));
  first_energy_ = last_energy_ = energy;
  settled_ = Energies::Zero(energy.size());
  open_ = 0;
}

void Balance::add(double time, const Energies& energy, const Energies& dissipation, const Energies& drops,
                  const std::optional<Energies>& known) {
  last_energy_ = energy;
  if ((drops.array() != 0).any()) {
    settled_ += (known ? *known : integral(nodes_.back().time, time)) - drops;
    begin_polynomial({time, dissipation});
    return;
  }
  if (nodes_.size() == most_) {
    nodes_.erase(nodes_.begin());
    --open_;
  }
  nodes_.push_back({time, dissipation});
  if (known) {
    settled_ += *known;
    open_ = nodes_.size() - 1;
  }
  // The interval in the middle of the nodes, and at first those before it.
  if (nodes_.size() == most_)
    while (open_ <= most_ / 2 - 1) settled_ += integral(open_++);
}

void Balance::jump(const Energies& dissipation, const Energies& drops) {
  settled_ -= drops;
  begin_polynomial({nodes_.back().time, dissipation});
}

void Balance::begin_polynomial(const Node& first) {
  settled_ += open();
  nodes_.assign(1, first);
  open_ = 0;
}

// ∫ Ė dt of the polynomial through all nodes, Σ_k Ė_k ∫ ∏_{l≠k} (t − t_l)/(t_k − t_l) dt; four Gauss points are exact
// for the eight nodes that there are at most.
Energies Balance::integral(double from, double to) const {
  Energies sum = Energies::Zero(first_energy_.size());
  for (const Node& node : nodes_) {
    const auto basis = [&](double t) {
      double product = 1;
      for (const Node& other : nodes_) {
        if (&other != &node) product *= (t - other.time) / (node.time - other.time);
      }
      return product;
    };
    sum += boost::math::quadrature::gauss<double, 4>::integrate(basis, from, to) * node.dissipation;
  }
  return sum;
}

Energies Balance::open() const {
  Energies sum = Energies::Zero(first_energy_.size());
  for (std::size_t interval = open_; interval + 1 < nodes_.size(); ++interval) sum += integral(interval);
  return sum;
}

Energies Balance::predicted() const { return settled_ + open(); }

double Balance::error() const {
  const Energies change = last_energy_ - first_energy_;
  const Energies expected = predicted();
  double worst = 0;
  for (Index sample = 0; sample < change.size(); ++sample) {
    const double difference = std::abs(change[sample] - expected[sample]);
    const double rounding = 16 * std::numeric_limits<double>::epsilon() * std::abs(first_energy_[sample]);
    if (change[sample] != 0 && !(difference <= rounding)) {
      const double relative = difference / std::abs(change[sample]);
      if (!(relative <= worst) && !std::isnan(worst)) worst = relative;  // NaN is the worst
    }
  }
  return worst;
}

}  // namespace hamlet
