// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include "experiment.hpp"

namespace capacity {

/// Unlearning by dreams: what is left of the stored patterns, from themselves and from cues with a tenth of their spins
/// flipped, and how many random states find a memory, against the number of dreams, at a load that the classical
/// network holds and one that it does not. Recall rises, and then collapses.
inline Result unlearning(const Scale& scale) {
  constexpr double strength = 0.01;
  constexpr std::size_t moments = 31;
  const std::vector<double> loads{0.1, 0.3};
  const std::vector<std::string> names{"from the pattern", "a tenth flipped", "random states that find a memory"};
  const Index N = scale.neurons;
  const long between = std::max<long>(1, static_cast<long>(2 * N));  // dreams from one moment to the next
  const auto column = [&](std::size_t kind, std::size_t moment) { return names[kind] + std::to_string(moment); };

  std::vector<std::string> settings;
  for (const double load : loads) settings.push_back(fmt::format("K/N = {}", load));
  std::vector<std::uint64_t> seeds(scale.seeds);
  std::iota(seeds.begin(), seeds.end(), std::uint64_t{1});
  const hamlet::Table means = hamlet::summary(
      hamlet::sweep(settings, seeds,
                    [&](std::size_t setting, std::uint64_t seed) {
                      Spins::Random random(seed);
                      const auto K = static_cast<Index>(std::lround(loads[setting] * static_cast<double>(N)));
                      const SpinPatterns patterns = SpinPatterns::random(K, N, random);
                      hamlet::CoupledSpins net = hamlet::HebbianWeights(patterns).network();
                      hamlet::Measures measures;
                      for (std::size_t moment = 0; moment < moments; ++moment) {
                        if (moment > 0)
                          net = hamlet::unlearn(net, {.dreams = between, .strength = strength, .seed = random()});
                        constexpr Index starts = 50;
                        Index found = 0;
                        for (Index start = 0; start < starts; ++start) {
                          Spins state = Spins::random(N, random);
                          hamlet::relax(net, state, {.seed = random()});
                          if (patterns.overlaps(state).cwiseAbs().maxCoeff() >= 0.95 * static_cast<double>(N)) ++found;
                        }
                        measures.emplace_back(column(0, moment), recalled_overlap(net, patterns, K, 0, random));
                        measures.emplace_back(column(1, moment), recalled_overlap(net, patterns, K, 0.1, random));
                        measures.emplace_back(column(2, moment), static_cast<double>(found) / starts);
                      }
                      return measures;
                    },
                    {.progress = hamlet::Progress{"unlearning"}}));

  Result result{{}, Figure(fmt::format("Unlearning by dreams of strength ε = {}, N = {}", strength, N))};
  for (std::size_t setting = 0; setting < settings.size(); ++setting) {
    std::vector<double> dreams;
    std::vector<std::vector<double>> values(names.size()), bars(names.size());
    for (std::size_t moment = 0; moment < moments; ++moment) {
      const double dreamt = static_cast<double>(moment) * static_cast<double>(between);
      dreams.push_back(dreamt * strength / static_cast<double>(N));
      hamlet::Table::Row row{{"K/N", loads[setting]}, {"dreams D", dreamt}, {"D ε/N", dreams.back()}};
      for (std::size_t kind = 0; kind < names.size(); ++kind) {
        values[kind].push_back(means.numbers(column(kind, moment))[setting]);
        bars[kind].push_back(scale.seeds == 1 ? 0
                                              : means.numbers(column(kind, moment) + " ±")[setting] /
                                                    std::sqrt(static_cast<double>(scale.seeds)));
        row.emplace_back(names[kind], values[kind].back());
        row.emplace_back(names[kind] + " ±", bars[kind].back());
      }
      result.table.add(row);
    }
    result.figure.panel({.title = settings[setting], .x = "dreams D ε/N", .y = "overlap; share of random states"});
    for (std::size_t kind = 0; kind < names.size(); ++kind) {
      result.figure.points(names[kind], dreams, values[kind], bars[kind]);
      result.figure.line(names[kind], dreams, values[kind]);
    }
  }
  return result;
}

}  // namespace capacity
