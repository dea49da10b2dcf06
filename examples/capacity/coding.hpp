// SPDX-License-Identifier: MIT
#pragma once

#include "experiment.hpp"
#include "theory.hpp"

namespace capacity {

/// The largest load K/N at which sparse patterns are held by the covariance rule (overlap 0.95 where recall from
/// themselves ends), against their coding level a.
inline Result coding(const Scale& scale) {
  const Index N = scale.neurons;
  const std::vector<double> levels{0.01, 0.02, 0.035, 0.06, 0.1, 0.2, 0.35, 0.5};
  const auto active_of = [&](double level) {
    return std::max<Index>(1, static_cast<Index>(std::lround(level * static_cast<double>(N))));
  };
  const auto measured = measure("coding level", levels.size(), scale.seeds, [&](std::size_t at, Spins::Random& random) {
    const std::uint64_t seed = random();
    const auto holds = [&](Index K) {
      Spins::Random same(seed);  // so that a larger K only adds patterns
      hamlet::SparseCovariance net(N, active_of(levels[at]));
      SpinPatterns patterns(N);
      for (Index row = 0; row < K; ++row) patterns.append(net.random_pattern(same));
      net.store(patterns);
      const Index asked = std::min<Index>(K, 20);
      double sum = 0;
      for (Index row = 0; row < asked; ++row) {
        Spins state = patterns[row];
        net.recall(state);
        sum += net.overlap(patterns[row], state);
      }
      return sum >= 0.95 * static_cast<double>(asked);
    };
    Index fits = 1, too_many = 2;
    while (holds(too_many)) fits = std::exchange(too_many, 2 * too_many);
    while (too_many - fits > std::max<Index>(1, fits / 30)) {
      const Index middle = (fits + too_many) / 2;
      (holds(middle) ? fits : too_many) = middle;
    }
    return static_cast<double>(fits) / static_cast<double>(N);
  });

  Result result{{}, Figure("Sparse patterns that the covariance rule holds")};
  result.figure.panel({.x = "coding level a", .y = "load K/N", .log_x = true, .log_y = true});
  std::vector<double> loads, bars, x, y;
  for (std::size_t at = 0; at < levels.size(); ++at) {
    loads.push_back(measured[at].mean);
    bars.push_back(measured[at].error);
    result.table.add({{"a", levels[at]},
                      {"active of N", active_of(levels[at])},
                      {"N", N},
                      {"K/N", measured[at].mean},
                      {"±", measured[at].error},
                      {"1/(2a |ln a|)", theory::sparse_capacity(levels[at])}});
  }
  for (double level = levels.front(); level < 0.4; level *= 1.05) {
    x.push_back(level);
    y.push_back(theory::sparse_capacity(level));
  }
  result.figure.points("measured", levels, loads, bars);
  result.figure.line("1/(2a |ln a|), as a → 0 and N → ∞", x, y);
  return result;
}

}  // namespace capacity
