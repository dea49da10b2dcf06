// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/evaluation.hpp>
#include <hamlet/monitor/verdict.hpp>
#include <hamlet/network/flow.hpp>

#include <optional>
#include <vector>

namespace hamlet {

// Where the activation of every neuron of a layer jumps.
struct Discontinuity {
  LayerHandle layer;
  double at;
};

std::vector<Discontinuity> discontinuities(const Network& network);

// The jumps that the last step met, in order of time, and what E of every sample lost in them. Neurons which began on
// their jump, as an unknown pixel does, and left it, lose E too, which is no crossing.
struct JumpsOfStep {
  std::vector<Jump> jumps;
  Energies lost;                  // at the jumps
  std::optional<State> departed;  // the step's start with those neurons just beyond their jump, if there are any
  Energies lost_departing;        // by them
  bool at_end;                    // whether no jump lies before the step's end
};

// Costs two energies for every crossing of the sample that has most, and one for departures.
JumpsOfStep jumps_of_step(const Flow& flow, const std::vector<Discontinuity>& discontinuities,
                          const Evaluation& evaluation, const Energies& previous_energy);

}  // namespace hamlet
