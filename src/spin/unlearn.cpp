// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/relax.hpp>
#include <hamlet/spin/unlearn.hpp>

#include <fmt/format.h>

#include <cmath>

namespace hamlet {

CoupledSpins unlearn(const CoupledSpins& network, const Dreaming& how) {
  if (how.dreams < 0) throw ValueError(fmt::format("unlearn: {} dreams", how.dreams));
  if (!std::isfinite(how.strength)) throw ValueError(fmt::format("unlearn: the strength is {}", how.strength));
  if (!network.descends())
    throw ModelError(fmt::format("unlearn: {} does not promise descent, so that dreams need not end", network.name()));
  Spins::Random random(how.seed);
  State weights = network.weights();
  const Vector<double> bias = network.bias(), diagonal = weights.diagonal();
  const double step = how.strength / static_cast<double>(network.size());
  CoupledSpins dreaming = network;
  for (long dream = 0; dream < how.dreams; ++dream) {
    Spins state = Spins::random(network.size(), random);
    const SpinOutcome outcome = relax(dreaming, state, {.seed = random(), .most_sweeps = how.most_sweeps});
    if (outcome.status != SpinStatus::settled)
      throw ModelError(fmt::format("unlearn: dream {} is {}", dream, outcome.text()));
    const Vector<double> sigma = state.column();
    weights.noalias() -= step * sigma * sigma.transpose();
    weights.diagonal() = diagonal;
    dreaming = CoupledSpins(weights, bias);
  }
  return dreaming;
}

}  // namespace hamlet
