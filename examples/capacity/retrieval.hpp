// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include "experiment.hpp"
#include "theory.hpp"

namespace capacity {

/// The overlap that is left of a stored pattern where the classical network settles, against the load, through the
/// capacity 0.138.
inline Result retrieval(const Scale& scale) {
  const std::vector<Index> sizes{scale.neurons / 4, scale.neurons / 2, scale.neurons};
  std::vector<double> loads;
  for (int step = 1; step <= 20; ++step) loads.push_back(0.01 * step);
  const auto measured =
      measure("retrieval", sizes.size() * loads.size(), scale.seeds, [&](std::size_t at, Spins::Random& random) {
        const Index N = sizes[at / loads.size()];
        const auto K = static_cast<Index>(std::lround(loads[at % loads.size()] * static_cast<double>(N)));
        const SpinPatterns patterns = SpinPatterns::random(K, N, random);
        return recalled_overlap(hamlet::ClassicalSpins(patterns), patterns, 20, 0, random);
      });

  const double critical = theory::critical();
  std::vector<double> x, y;
  for (double at = critical; at < 6; at += 0.01) {
    const auto [load, overlap] = theory::retrieval(at);
    x.push_back(load);
    y.push_back(overlap);
  }
  Result result{{}, Figure("What is left of a stored pattern in the classical network")};
  result.figure.panel({.x = "load K/N", .y = "overlap m"});
  for (std::size_t size = 0; size < sizes.size(); ++size) {
    std::vector<double> overlaps, bars;
    for (std::size_t load = 0; load < loads.size(); ++load) {
      const Estimate& estimate = measured[size * loads.size() + load];
      overlaps.push_back(estimate.mean);
      bars.push_back(estimate.error);
      // Where the mean field knows a retrieval state: by bisection along its curve, whose load falls with y.
      double low = critical, high = 50;
      for (int step = 0; step < 60; ++step) {
        (theory::retrieval((low + high) / 2).load > loads[load] ? low : high) = (low + high) / 2;
      }
      const bool exists = loads[load] < theory::retrieval(critical).load;
      result.table.add({{"N", sizes[size]},
                        {"K/N", loads[load]},
                        {"overlap", estimate.mean},
                        {"±", estimate.error},
                        {"mean field", exists ? std::erf(low) : std::nan("")}});
    }
    result.figure.points(fmt::format("N = {}", sizes[size]), loads, overlaps, bars);
  }
  result.figure.line(fmt::format("mean field, up to {:.3f}", theory::retrieval(critical).load), x, y);
  return result;
}

}  // namespace capacity
