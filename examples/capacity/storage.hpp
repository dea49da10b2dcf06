// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include "experiment.hpp"
#include "theory.hpp"

namespace capacity {

/// The largest K at which at most one bit in 200 of stored patterns is unstable, against N, for F = xⁿ and max(x, 0)ⁿ.
inline Result storage(const Scale& scale) {
  constexpr double allowed = 0.005;
  struct Kind {
    std::string name;
    unsigned n;
    bool rectified;
  };
  const std::vector<Kind> kinds{{"x²", 2, false},        {"max(x, 0)²", 2, true}, {"x³", 3, false},
                                {"max(x, 0)³", 3, true}, {"x⁴", 4, false},        {"max(x, 0)⁴", 4, true}};
  struct Setting {
    Kind kind;
    Index N;
  };
  std::vector<Setting> settings;
  for (const Kind& kind : kinds) {
    // As large as many patterns allow.
    const Index largest = scale.neurons / (kind.n == 2 ? 1 : kind.n == 3 ? 4 : 12);
    for (const double part : {0.25, 0.35, 0.5, 0.71, 1.0}) {
      settings.push_back({kind, static_cast<Index>(std::lround(part * static_cast<double>(largest)))});
    }
  }
  const auto measured = measure("storage", settings.size(), scale.seeds, [&](std::size_t at, Spins::Random& random) {
    const Kind& kind = settings[at].kind;
    const Index N = settings[at].N;
    const auto n = static_cast<int>(kind.n);
    const std::uint64_t seed = random();
    const auto errors = [&](Index K) {
      Spins::Random same(seed);  // so that a larger K only adds patterns
      const SpinPatterns patterns = SpinPatterns::random(K, N, same);
      return bit_error(kind.rectified
                           ? SpinNetwork(hamlet::DenseSpins(patterns, hamlet::interaction::RectifiedPower{n}))
                           : SpinNetwork(hamlet::DenseSpins(patterns, hamlet::interaction::Power{n})),
                       patterns, 20'000);
    };
    Index fits = 1, too_many = 2;
    while (errors(too_many) <= allowed) fits = std::exchange(too_many, 2 * too_many);
    while (too_many - fits > std::max<Index>(1, fits / 50)) {
      const Index middle = (fits + too_many) / 2;
      (errors(middle) <= allowed ? fits : too_many) = middle;
    }
    return static_cast<double>(fits);
  });

  Result result{{}, Figure("Patterns stored with half a percent of bits wrong")};
  for (const bool rectified : {false, true}) {
    result.figure.panel({.title = rectified ? "F = max(x, 0)ⁿ" : "F = xⁿ",
                         .x = "neurons N",
                         .y = "patterns K",
                         .log_x = true,
                         .log_y = true});
    for (const Kind& kind : kinds) {
      if (kind.rectified != rectified) continue;
      std::vector<double> x, y, bars, lines;
      for (std::size_t at = 0; at < settings.size(); ++at) {
        if (settings[at].kind.name != kind.name) continue;
        x.push_back(static_cast<double>(settings[at].N));
        y.push_back(measured[at].mean);
        bars.push_back(measured[at].error);
        lines.push_back(theory::storage(x.back(), kind.n, allowed, rectified));
        result.table.add({{"F", kind.name},
                          {"N", settings[at].N},
                          {"K", y.back()},
                          {"±", bars.back()},
                          {"theory", lines.back()},
                          {"K/Nⁿ⁻¹", y.back() / std::pow(x.back(), kind.n - 1)}});
      }
      result.figure.points(fmt::format("n = {}", kind.n), x, y, bars);
      result.figure.line(fmt::format("n = {}", kind.n), x, lines);
    }
  }
  return result;
}

}  // namespace capacity
