// SPDX-License-Identifier: MIT
#pragma once

#include "experiment.hpp"
#include "theory.hpp"

namespace capacity {

/// How much of a stored pattern may be wrong and half of the cues still lead back to it (overlap 0.95), against the
/// load of the classical network.
inline Result basins(const Scale& scale) {
  const Index N = scale.neurons;
  std::vector<double> loads;
  for (int step = 1; step <= 15; ++step) loads.push_back(0.01 * step);
  const auto measured = measure("basins", loads.size(), scale.seeds, [&](std::size_t at, Spins::Random& random) {
    const auto K = static_cast<Index>(std::lround(loads[at] * static_cast<double>(N)));
    const SpinPatterns patterns = SpinPatterns::random(K, N, random);
    const SpinNetwork net = hamlet::ClassicalSpins(patterns);
    const Index asked = std::min<Index>(K, 20);
    const auto leads_back = [&](Index flips) {
      Index back = 0;
      for (Index row = 0; row < asked; ++row) {
        Spins state = patterns[row].with_flips(flips, random);
        hamlet::relax(net, state, {.seed = random()});
        if (static_cast<double>(hamlet::overlap(patterns[row], state)) >= 0.95 * static_cast<double>(N)) ++back;
      }
      return 2 * back >= asked;
    };
    if (!leads_back(0)) return 0.0;
    Index back = 0, lost = N / 2;
    while (lost - back > 1) {
      const Index middle = (back + lost) / 2;
      (leads_back(middle) ? back : lost) = middle;
    }
    return static_cast<double>(back) / static_cast<double>(N);
  });

  Result result{{}, Figure("How much of a stored pattern may be wrong")};
  result.figure.panel({.x = "load K/N", .y = "share of spins flipped, half of the cues lead back"});
  std::vector<double> shares, bars;
  for (std::size_t at = 0; at < loads.size(); ++at) {
    shares.push_back(measured[at].mean);
    bars.push_back(measured[at].error);
    result.table.add({{"N", N}, {"K/N", loads[at]}, {"flipped", shares.back()}, {"±", bars.back()}});
  }
  const std::string name = "N = " + std::to_string(N);
  const double capacity = theory::retrieval(theory::critical()).load;
  result.figure.points(name, loads, shares, bars);
  result.figure.line(name, loads, shares);
  result.figure.line("capacity as N → ∞", {capacity, capacity}, {0, 0.5});
  return result;
}

}  // namespace capacity
