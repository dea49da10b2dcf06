// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include "experiment.hpp"
#include "theory.hpp"

namespace capacity {

/// The share of unstable bits of stored patterns against the load, held against the theory of Gaussian noise.
inline Result errors(const Scale& scale) {
  struct Kind {
    std::string name;
    unsigned n;
    bool rectified, kept;
  };
  const std::vector<Kind> kinds{{"classical", 2, false, false},
                                {"classical, diagonal kept", 2, false, true},
                                {"dense, x³", 3, false, false},
                                {"dense, max(x, 0)³", 3, true, false}};
  struct Setting {
    Kind kind;
    Index N, K;
    double load;  // (2n − 3)!! K/N^{n−1}
  };
  std::vector<Setting> settings;
  for (const Kind& kind : kinds) {
    const Index N = kind.n == 2 ? scale.neurons : scale.neurons / 10;
    for (const double load : {0.06, 0.08, 0.11, 0.15, 0.2, 0.3, 0.4}) {
      const double of_one = boost::math::double_factorial<double>(2 * kind.n - 3) / std::pow(N, kind.n - 1);
      const auto K = static_cast<Index>(std::lround(load / of_one));
      settings.push_back({kind, N, K, static_cast<double>(K) * of_one});
    }
  }
  const auto measured = measure("bit errors", settings.size(), scale.seeds, [&](std::size_t at, Spins::Random& random) {
    const auto& [kind, N, K, load] = settings[at];
    const SpinPatterns patterns = SpinPatterns::random(K, N, random);
    if (kind.n == 2) {
      const auto diagonal = kind.kept ? hamlet::SelfCoupling::kept : hamlet::SelfCoupling::none;
      return bit_error(hamlet::ClassicalSpins(patterns, {.diagonal = diagonal}), patterns, 100'000);
    }
    const auto n = static_cast<int>(kind.n);
    return bit_error(kind.rectified ? SpinNetwork(hamlet::DenseSpins(patterns, hamlet::interaction::RectifiedPower{n}))
                                    : SpinNetwork(hamlet::DenseSpins(patterns, hamlet::interaction::Power{n})),
                     patterns, 100'000);
  });

  // The diagonal adds K/N to the signal, which was 1: Q((1 + K/N)/√(K/N)).
  const auto theoretical = [](const Kind& kind, double load) {
    return kind.kept ? theory::exceeds((1 + load) / std::sqrt(load))
                     : theory::exceeds(1 / std::sqrt(kind.rectified ? load / 2 : load));
  };
  Result result{{}, Figure("Unstable bits of stored patterns; lines: theory")};
  result.figure.panel({.x = "load (2n − 3)!! K/Nⁿ⁻¹", .y = "share of bits", .log_y = true});
  for (const Kind& kind : kinds) {
    std::vector<double> loads, shares, bars, x, y;
    for (std::size_t at = 0; at < settings.size(); ++at) {
      const Setting& setting = settings[at];
      if (setting.kind.name != kind.name) continue;
      result.table.add({{"network", kind.name},
                        {"N", setting.N},
                        {"K", setting.K},
                        {"load", setting.load},
                        {"bit error", measured[at].mean},
                        {"±", measured[at].error},
                        {"theory", theoretical(kind, setting.load)}});
      if (measured[at].mean == 0) continue;  // has no logarithm
      loads.push_back(setting.load);
      shares.push_back(measured[at].mean);
      bars.push_back(measured[at].error);
    }
    for (double load = 0.055; load < 0.42; load += 0.005) {
      x.push_back(load);
      y.push_back(theoretical(kind, load));
    }
    result.figure.line(kind.name, x, y);
    result.figure.points(kind.name, loads, shares, bars);
  }
  return result;
}

}  // namespace capacity
