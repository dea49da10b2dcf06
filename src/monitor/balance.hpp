// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <vector>

namespace hamlet {

// The dissipation balance of a run: E(t₁) − E(t₀) beside ∫ Ė dt, every sample for itself. The integral is that of the
// cubic through the four nearest steps, so that its error is of fourth order without a right-hand side of its own.
class Balance {
 public:
  // Forgets everything; `energy` and `dissipation` at `time` begin a run.
  void begin(double time, const Energies& energy, const Energies& dissipation);
  // One more step. `drops` is what E lost in jumps of an activation during it.
  void add(double time, const Energies& energy, const Energies& dissipation, const Energies& drops);

  // ∫ Ė dt − drops over the whole run so far, the last interval included.
  Energies predicted() const;
  // max over samples of |ΔE − predicted| / |ΔE|; 0 for samples that did not move.
  double error() const;

 private:
  struct Node {
    double time;
    Energies dissipation;
  };

  Energies integral(std::size_t interval) const;

  std::vector<Node> nodes_;  // the last four
  Energies first_energy_;
  Energies last_energy_;
  Energies settled_;  // the intervals that no later node will improve
  long count_ = 0;
};

}  // namespace hamlet
