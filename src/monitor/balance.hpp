// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <vector>

namespace hamlet {

// The dissipation balance of a run: E(t₁) − E(t₀) beside ∫ Ė dt, every sample for itself. The integral is that of
// the polynomial through the nearest steps, as many as the order that its error is to have, without a right-hand side
// of its own. Where an activation jumps, so does Ė: one polynomial ends and another begins.
class Balance {
 public:
  // Forgets everything; `energy` and `dissipation` at `time` begin a run whose error is of this order. Orders beyond 8
  // are taken as 8.
  void begin(double time, const Energies& energy, const Energies& dissipation, int order);
  // One more step. `drops` is what E lost in jumps of an activation during it; `known` is ∫ Ė dt over it, where the
  // caller has that from elsewhere, else null.
  void add(double time, const Energies& energy, const Energies& dissipation, const Energies& drops,
           const Energies* known = nullptr);
  // A jump where the last step ended, in which E lost `drops` and Ė became `dissipation`.
  void jump(const Energies& dissipation, const Energies& drops);

  // Whether there are as many steps since the beginning, or since the last jump, as the order asks for.
  bool complete() const { return known_ == nodes_.size(); }
  // ∫ Ė dt − drops over the whole run so far, the last interval included.
  const Energies& predicted() const { return predicted_; }
  // max over samples of |ΔE − predicted| / |ΔE|; 0 for samples that did not move or where
  // the difference is rounding of E.
  double error() const;

 private:
  struct Node {
    double time;
    Energies dissipation;
  };

  void begin_polynomial(double time, const Energies& dissipation);
  void add_integral(double from, double to, Energies& sum) const;
  void add_interval(std::size_t interval, Energies& sum) const {
    add_integral(nodes_[interval].time, nodes_[interval + 1].time, sum);
  }
  void add_open(Energies& sum) const;
  void predict();

  std::vector<Node> nodes_;  // the last ones, as many as make a polynomial
  std::size_t known_ = 0;    // how many of them there are so far
  Energies first_energy_;
  Energies last_energy_;
  Energies settled_;  // the intervals that no later node will improve
  Energies predicted_;
  std::size_t open_ = 0;  // the first of nodes_ whose interval waits for a later one
};

}  // namespace hamlet
