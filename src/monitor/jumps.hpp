// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/evaluation.hpp>
#include <hamlet/monitor/verdict.hpp>
#include <hamlet/network/flow.hpp>

#include <vector>

namespace hamlet {

// Where the activation of every neuron of a layer jumps.
struct Discontinuity {
  LayerHandle layer;
  double at;
};

std::vector<Discontinuity> discontinuities(const Network& network);

// The jumps that the last step met, in order of time, and what E of every sample lost in them; that includes neurons
// which began on their jump, as an unknown pixel does, and left it, which is no crossing.
struct JumpsOfStep {
  std::vector<Jump> jumps;
  Energies lost;
};

// Costs two energies for every crossing of the sample that has most, and one for departures.
JumpsOfStep jumps_of_step(const Flow& flow, const std::vector<Discontinuity>& discontinuities,
                          const Evaluation& evaluation, const Energies& previous_energy);

}  // namespace hamlet
