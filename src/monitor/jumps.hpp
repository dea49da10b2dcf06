// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/evaluation.hpp>
#include <hamlet/monitor/verdict.hpp>
#include <hamlet/network/flow.hpp>

#include <vector>

namespace hamlet {

// The jumps that the last step met, in order of time, and what E of every sample lost in them. Neurons which began on
// their jump, as an unknown pixel does, and left it, lose E too, which is no crossing.
struct JumpsOfStep {
  std::vector<Jump> jumps;
  Energies lost;            // at the jumps
  bool departed;            // whether there are such neurons
  State departure;          // the step's start with them just beyond their jump
  Energies lost_departing;  // by them
  bool at_end;              // whether no jump lies before the step's end
};

// Finds where activations jumped. Keeps its memory from one step to the next.
class JumpFinder {
 public:
  // `flow` must outlive the finder.
  explicit JumpFinder(const Flow& flow);

  // Whether an activation of the network jumps anywhere.
  bool needed() const { return !discontinuities_.empty(); }

  // Costs two energies for every crossing of the sample that has most, and one for departures.
  const JumpsOfStep& jumps_of(const Evaluation& evaluation, const Energies& previous_energy);

 private:
  // Where the activation of every neuron of a layer jumps.
  struct Discontinuity {
    LayerHandle layer;
    double at;
  };

  struct Crossing {
    double passed;  // since the step began
    LayerHandle layer;
    Index neuron;
    double from, to;  // just before its jump, and just after, or on it where the step ends so
  };

  void meet(const Evaluation& evaluation);
  void put(const Crossing& crossing, std::size_t sample, double x);

  const Flow& flow_;
  std::vector<Discontinuity> discontinuities_;
  // Of every sample: crossings in order of time, and the neurons that began on a jump.
  std::vector<std::vector<Crossing>> crossings_, departures_;
  State trial_;
  Energies before_, after_;
  JumpsOfStep step_;
};

}  // namespace hamlet
