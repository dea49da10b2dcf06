// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/network/flow.hpp>

#include <array>
#include <optional>
#include <random>
#include <span>
#include <vector>

namespace hamlet {

// A sample where the flow is not −∂E/∂g, and by how much: |measured − predicted| / |predicted|.
struct WrongSlope {
  Index sample;
  double size;
};

// Measures dE/ds of x + s d at s = 0 by central differences, beside what the flow says it is. Few samples of a batch at
// a time, displaced in several ways at once, since their weights are then read once. d is taken as 0 where ẋ is, so
// that what is clamped stays put. Works in memory of its own, which is allocated once.
class SlopeMeter {
 public:
  // `flow` must outlive the meter. All states are of so many samples.
  SlopeMeter(const Flow& flow, Index samples);

  // How many samples are displaced and evaluated at once: up to eight, fewer where neurons are very many.
  Index most_at_once() const { return x_.cols(); }

  // Which of these samples has the slope, along ẋ (there it is Ė) or along a random direction made from `seed`, that
  // differs most from what the flow says, beyond the error of the measurement; nothing when none does.
  std::optional<WrongSlope> wrong_gradient(std::span<const Index> samples, const State& x, const Energies& energy,
                                           const State& derivative, unsigned seed);

  // Which of these samples has the largest Ė of those whose E really rises along ẋ, beyond the error of the
  // measurement; nothing when none does.
  std::optional<Index> rising(std::span<const Index> samples, const State& x, const Energies& energy,
                              const State& derivative);

 private:
  static constexpr Index most_samples = 8, displacements = 8;
  static constexpr Index most_numbers = Index{1} << 22;  // of displaced states, unless even one sample has more
  static constexpr double longest = 1e-2;                // of the steps that are tried first, relative to x

  // One number for each of the few samples.
  using Few = Eigen::Array<double, 1, Eigen::Dynamic, Eigen::RowMajor, 1, most_samples>;

  struct Part {
    LayerHandle layer;
    std::span<const double> jumps;  // of its activation
  };

  struct Direction {
    State d;
    Few scale;  // δ is counted in: the largest |x_i| over the largest |d_i|
    Few measured;
    Few error;      // of the measurement, truncation and rounding together; infinite where there is none
    Few predicted;  // −Σ_A (τ_A ẋ_A)ᵀ (∂²L_A/∂x_A²) d_A, if the flow is −∂E/∂g and g = ∂L/∂x

    void keep_better(const Few& measurement, const Few& its_error);
    bool precise(Index i) const;
  };

  // The slopes of E along d to either side, (E(x ± δ_b d) − E(x)) / ±δ_b, every sample with its own δ.
  struct OneSided {
    Few central;     // their mean
    Few difference;  // the right one minus the left one
  };

  std::span<const Index> take(std::span<const Index> samples, const State& x, const Energies& energy,
                              const State& derivative);
  void start(Direction& direction);
  void point_anywhere(Direction& direction, std::mt19937_64& generator) const;
  bool measure(std::span<Direction> directions);
  void measure_widely(Direction& direction);
  void displace(Index place, const Direction& direction, double relative);
  OneSided one_sided(Index place, const Direction& direction, double relative) const;
  std::optional<WrongSlope> wrong(const Direction& direction) const;

  const Flow& flow_;
  std::vector<Part> parts_;
  Flow of_few_, of_displaced_;
  std::vector<Index> few_, repeated_;  // which samples their columns are
  State x_, derivative_, aside_;
  Energies energy_, rounding_, aside_rounding_;  // of x_, and of what is a long step aside
  State displaced_;                              // every displacement of the few samples in turn
  Energies displaced_energy_;
  std::array<Direction, 2> directions_;
};

}  // namespace hamlet
