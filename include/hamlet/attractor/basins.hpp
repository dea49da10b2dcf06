// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/attractor_kind.hpp>
#include <hamlet/network/flow.hpp>

#include <iosfwd>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace hamlet {

/// How to look for attractors.
struct BasinOptions {
  State memories = {};                              ///< One a row, K × N_l; without any every attractor is `other`.
  std::optional<LayerHandle> layer = std::nullopt;  ///< Whose memories; by default the network's first layer.
  double residual = 1e-8;                           ///< ‖τẋ‖∞ of rest, > 0.
  double end = 10'000;                              ///< When a start that has not come to rest is given up, > 0.
  double same = 1e-3;      ///< Two ends are one attractor when no activations differ by more, > 0.
  double recalled = 0.95;  ///< From this overlap on it is a memory, or, negative, a ghost; in (0, 1].
  double mixed = 0.3;      ///< Two overlaps of this magnitude, or more of them, make a mixture; in (0, 1].
};

/// Where starts have ended.
struct Attractor {
  AttractorKind kind;
  State state;                ///< N × 1
  double energy;              ///< E there.
  Vector<double> overlaps;    ///< ξ·g/(‖ξ‖‖g‖) with every memory, K × 1; 0 where g is 0.
  Index nearest;              ///< The memory of the largest |overlap|; −1 without memories.
  Index starts;               ///< How many ended here.
  double distance, farthest;  ///< The mean and the largest ‖g_start − g‖ of these, in the layer's activations.
};

/// Attractors found from many starts.
struct Basins {
  std::vector<Attractor> attractors;  ///< Most frequent first, then by energy.
  std::vector<Index> of_start;        ///< Which each start ended at; −1 for one that did not come to rest.
  Index unsettled = 0;                ///< How many did not.

  /// How many starts ended at attractors of this kind.
  Index starts(AttractorKind kind) const;
  /// A table of the attractors, one a line, and the sum of their kinds.
  std::string text() const;
};

std::ostream& operator<<(std::ostream&, const Basins&);

/// Lets every column of `starts` (N × B) go, along the flow until it is near rest, then by settle, and tells where they
/// end. Throws ValueError for inputs that are not the
/// same for all samples and for options that mean nothing, ShapeError when the memories or the starts do not fit.
Basins basins(const Flow& flow, const State& starts, const BasinOptions& options = {});

/// The same without inputs.
Basins basins(const Network& network, const State& starts, const BasinOptions& options = {});

}  // namespace hamlet
