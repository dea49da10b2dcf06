// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include "experiment.hpp"

namespace capacity {

/// F = eˣ with K = exp(αN) patterns: what is wrong of a stored pattern, and of one cued with a tenth of its spins
/// flipped, where the network settles, against α.
inline Result exponential(const Scale& scale) {
  const std::vector<Index> sizes{scale.neurons * 6 / 10, scale.neurons * 8 / 10, scale.neurons};
  const std::vector<double> flips{0, 0.1};
  std::vector<double> rates;
  for (double rate = 0.1; rate < 0.64; rate += 0.05) rates.push_back(rate);
  const auto patterns_of = [&](std::size_t size, std::size_t rate) {
    return static_cast<Index>(std::lround(std::exp(rates[rate] * static_cast<double>(sizes[size]))));
  };
  const std::size_t per_flip = sizes.size() * rates.size();
  const auto measured =
      measure("exponential", flips.size() * per_flip, scale.seeds, [&](std::size_t at, Spins::Random& random) {
        const std::size_t size = at % per_flip / rates.size(), rate = at % rates.size();
        const SpinPatterns patterns = SpinPatterns::random(patterns_of(size, rate), sizes[size], random);
        const SpinNetwork net = hamlet::DenseSpins(patterns, hamlet::interaction::Exponential{});
        return (1 - recalled_overlap(net, patterns, 50, flips[at / per_flip], random)) / 2;
      });

  // I(x) = ½ ((1 + x) ln(1 + x) + (1 − x) ln(1 − x)): α < I(1 − 2ρ)/2 suffices for cues with a share ρ flipped.
  const auto sufficient = [](double flipped) {
    const auto term = [](double x) { return x > 0 ? x * std::log(x) : 0; };
    return (term(2 - 2 * flipped) + term(2 * flipped)) / 4;
  };
  Result result{{}, Figure("F = eˣ with exp(αN) patterns: share of bits wrong after recall")};
  for (std::size_t flip = 0; flip < flips.size(); ++flip) {
    result.figure.panel({.title = flip == 0 ? "from a stored pattern" : "from one with a tenth of its spins flipped",
                         .x = "α = ln K/N",
                         .y = "share of bits wrong"});
    for (std::size_t size = 0; size < sizes.size(); ++size) {
      std::vector<double> shares, bars;
      for (std::size_t rate = 0; rate < rates.size(); ++rate) {
        const Estimate& estimate = measured[flip * per_flip + size * rates.size() + rate];
        shares.push_back(estimate.mean);
        bars.push_back(estimate.error);
        result.table.add({{"N", sizes[size]},
                          {"flipped", std::lround(flips[flip] * static_cast<double>(sizes[size]))},
                          {"ln K/N", rates[rate]},
                          {"K", patterns_of(size, rate)},
                          {"bits wrong", estimate.mean},
                          {"±", estimate.error},
                          {"bound met", rates[rate] < sufficient(flips[flip]) ? "yes" : "no"}});
      }
      result.figure.points(fmt::format("N = {}", sizes[size]), rates, shares, bars);
    }
    const double bound = sufficient(flips[flip]);
    result.figure.line(fmt::format("suffices as N → ∞: {:.3f}", bound), {bound, bound}, {0, 0.3});
  }
  return result;
}

}  // namespace capacity
