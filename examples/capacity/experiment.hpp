// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/hamlet.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "../figure.hpp"

namespace capacity {

using hamlet::Index;
using hamlet::SpinNetwork;
using hamlet::SpinPatterns;
using hamlet::Spins;

/// How large an experiment is.
struct Scale {
  Index neurons;
  std::uint64_t seeds;
};

/// What it leaves.
struct Result {
  hamlet::Table table;
  Figure figure;
};

/// A number of every setting: the mean over the seeds, and its standard error.
struct Estimate {
  double mean, error;
};

/// Measures one number of every setting with every seed, on all cores.
inline std::vector<Estimate> measure(const std::string& name, std::size_t settings, std::uint64_t seeds,
                                     const std::function<double(std::size_t setting, Spins::Random& random)>& number) {
  std::vector<std::string> names;
  for (std::size_t setting = 0; setting < settings; ++setting) names.push_back(std::to_string(setting));
  std::vector<std::uint64_t> all(seeds);
  std::iota(all.begin(), all.end(), std::uint64_t{1});
  const hamlet::Table means =
      hamlet::summary(hamlet::sweep(names, all,
                                    [&](std::size_t setting, std::uint64_t seed) -> hamlet::Measures {
                                      Spins::Random random(seed);
                                      return {{"number", number(setting, random)}};
                                    },
                                    {.progress = hamlet::Progress{name}}));
  std::vector<Estimate> estimates;
  for (std::size_t setting = 0; setting < settings; ++setting) {
    estimates.push_back({means.numbers("number")[setting],
                         seeds == 1 ? 0 : means.numbers("number ±")[setting] / std::sqrt(static_cast<double>(seeds))});
  }
  return estimates;
}

/// Of the first patterns, as many as give `bits` bits, the share of bits that the network would change.
inline double bit_error(const SpinNetwork& net, const SpinPatterns& patterns, Index bits) {
  const Index asked = std::min(patterns.rows(), 1 + bits / patterns.spins());
  Index wrong = 0;
  for (Index row = 0; row < asked; ++row) wrong += net.unstable(patterns[row]);
  return static_cast<double>(wrong) / static_cast<double>(asked * patterns.spins());
}

/// The mean overlap with a stored pattern, of the first `asked`, of what relaxing from it with this share of its spins
/// flipped leads to.
inline double recalled_overlap(const SpinNetwork& net, const SpinPatterns& patterns, Index asked, double flipped,
                               Spins::Random& random) {
  asked = std::min(patterns.rows(), asked);
  const auto flips = static_cast<Index>(std::lround(flipped * static_cast<double>(patterns.spins())));
  double sum = 0;
  for (Index row = 0; row < asked; ++row) {
    Spins state = patterns[row].with_flips(flips, random);
    hamlet::relax(net, state, {.seed = random()});
    sum += static_cast<double>(hamlet::overlap(patterns[row], state));
  }
  return sum / static_cast<double>(asked * patterns.spins());
}

}  // namespace capacity
