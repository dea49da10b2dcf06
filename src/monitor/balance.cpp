// SPDX-License-Identifier: MIT
#include "monitor/balance.hpp"

#include <cmath>

namespace hamlet {

void Balance::begin(double time, const Energies& energy, const Energies& dissipation) {
  nodes_.assign(1, {time, dissipation});
  first_energy_ = last_energy_ = energy;
  settled_ = Energies::Zero(energy.size());
  count_ = 1;
}

void Balance::add(double time, const Energies& energy, const Energies& dissipation, const Energies& drops) {
  if (nodes_.size() == 4) nodes_.erase(nodes_.begin());
  nodes_.push_back({time, dissipation});
  last_energy_ = energy;
  settled_ -= drops;
  ++count_;
  if (count_ == 4) settled_ += integral(0);
  if (count_ >= 4) settled_ += integral(1);
}

// ∫ Ė dt over [t_k, t_{k+1}] of the polynomial through all nodes, by two Gauss points (exact for cubics)
Energies Balance::integral(std::size_t interval) const {
  const double middle = 0.5 * (nodes_[interval].time + nodes_[interval + 1].time);
  const double half = 0.5 * (nodes_[interval + 1].time - nodes_[interval].time);
  Energies sum = Energies::Zero(first_energy_.size());
  for (const double gauss : {-1 / std::sqrt(3.0), 1 / std::sqrt(3.0)}) {
    for (const Node& node : nodes_) {
      double basis = half;
      for (const Node& other : nodes_) {
        if (&other != &node) basis *= (middle + half * gauss - other.time) / (node.time - other.time);
      }
      sum += basis * node.dissipation;
    }
  }
  return sum;
}

Energies Balance::predicted() const {
  Energies sum = settled_;
  const std::size_t open = count_ >= 4 ? 2 : 0;  // the first interval that still waits for a later node
  for (std::size_t interval = open; interval + 1 < nodes_.size(); ++interval) sum += integral(interval);
  return sum;
}

double Balance::error() const {
  const Energies change = last_energy_ - first_energy_;
  const Energies expected = predicted();
  double worst = 0;
  for (Index sample = 0; sample < change.size(); ++sample) {
    if (change[sample] != 0) {
      const double relative = std::abs(change[sample] - expected[sample]) / std::abs(change[sample]);
      if (!(relative <= worst) && !std::isnan(worst)) worst = relative;  // NaN is the worst
    }
  }
  return worst;
}

}  // namespace hamlet
