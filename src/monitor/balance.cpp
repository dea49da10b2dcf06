// SPDX-License-Identifier: MIT
#include "monitor/balance.hpp"

#include <boost/math/quadrature/gauss.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace hamlet {

void Balance::begin(double time, const Energies& energy, const Energies& dissipation, int order) {
  nodes_.assign(static_cast<std::size_t>(std::clamp(order, 2, 8)), {time, dissipation});
  known_ = 1;
  first_energy_ = last_energy_ = energy;
  settled_ = predicted_ = Energies::Zero(energy.size());
  open_ = 0;
}

void Balance::add(double time, const Energies& energy, const Energies& dissipation, const Energies& drops,
                  const Energies* known) {
  last_energy_ = energy;
  if ((drops.array() != 0).any()) {
    if (known)
      settled_ += *known;
    else
      add_integral(nodes_[known_ - 1].time, time, settled_);
    settled_ -= drops;
    begin_polynomial(time, dissipation);
    return;
  }
  if (complete()) {
    // The oldest makes room for the newest.
    std::rotate(nodes_.begin(), nodes_.begin() + 1, nodes_.end());
    --open_;
  } else {
    ++known_;
  }
  nodes_[known_ - 1].time = time;
  nodes_[known_ - 1].dissipation = dissipation;
  if (known) {
    settled_ += *known;
    open_ = known_ - 1;
  }
  // The interval in the middle of the nodes, and at first those before it.
  if (complete())
    while (open_ <= nodes_.size() / 2 - 1) add_interval(open_++, settled_);
  predict();
}

void Balance::jump(const Energies& dissipation, const Energies& drops) {
  settled_ -= drops;
  begin_polynomial(nodes_[known_ - 1].time, dissipation);
}

void Balance::begin_polynomial(double time, const Energies& dissipation) {
  add_open(settled_);
  nodes_.front().time = time;
  nodes_.front().dissipation = dissipation;
  known_ = 1;
  open_ = 0;
  predict();
}

// ∫ Ė dt of the polynomial through all nodes, Σ_k Ė_k ∫ ∏_{l≠k} (t − t_l)/(t_k − t_l) dt; four Gauss points are exact
// for the eight nodes that there are at most.
void Balance::add_integral(double from, double to, Energies& sum) const {
  const std::span<const Node> nodes(nodes_.data(), known_);
  for (const Node& node : nodes) {
    const auto basis = [&](double t) {
      double product = 1;
      for (const Node& other : nodes) {
        if (&other != &node) product *= (t - other.time) / (node.time - other.time);
      }
      return product;
    };
    sum += boost::math::quadrature::gauss<double, 4>::integrate(basis, from, to) * node.dissipation;
  }
}

void Balance::add_open(Energies& sum) const {
  for (std::size_t interval = open_; interval + 1 < known_; ++interval) add_interval(interval, sum);
}

void Balance::predict() {
  predicted_ = settled_;
  add_open(predicted_);
}

double Balance::error() const {
  double worst = 0;
  for (Index sample = 0; sample < last_energy_.size(); ++sample) {
    const double change = last_energy_[sample] - first_energy_[sample];
    const double difference = std::abs(change - predicted_[sample]);
    const double rounding = 16 * std::numeric_limits<double>::epsilon() * std::abs(first_energy_[sample]);
    if (change != 0 && !(difference <= rounding)) {
      const double relative = difference / std::abs(change);
      if (!(relative <= worst) && !std::isnan(worst)) worst = relative;  // NaN is the worst
    }
  }
  return worst;
}

}  // namespace hamlet
