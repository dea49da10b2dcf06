// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/monitor/verdict.hpp>
#include <hamlet/network/network.hpp>

#include <optional>
#include <vector>

namespace hamlet {

/// What came back for a batch of cues.
struct Recall {
  State state;                 ///< what was recalled, N × B, in the units of the stored rows
  std::vector<Index> nearest;  ///< the stored row nearest to each recalled column
  Vector<double> distance;     ///< ‖recalled − that row‖₂, B
  Vector<double> overlap;      ///< cosine of the two about the mean of the memories, B; 0 when either is that mean
  Energies cue_energy;         ///< E of the cues, 1 × B
  Energies energy;             ///< E of what was recalled, 1 × B
  Energies residual;           ///< ‖τẋ‖∞ of each sample at the end: below Integration::settled it has settled
  Outcome outcome;             ///< of the run, all samples together
  Verdict verdict;             ///< whether the energy descended
};

/// An associative memory for who wants nothing else: rows in, cues in, memories out.
/// E(v) = ½‖v‖² − β⁻¹ log Σ_μ exp(β (ξ_μ·v − ½‖ξ_μ‖²)) = −β⁻¹ log Σ_μ exp(−½β ‖v − ξ_μ‖²): Model B whose memory neurons
/// have the input −½‖ξ_μ‖², so that the nearest memory attracts, whatever the scale, mean and norms of the rows.
/// Source: Krotov & Hopfield 2021, section 3 (Model B); Ramsauer et al. 2021, eq. 2.
class Memory {
 public:
  /// `beta` > 0 is the inverse width of the memories' basins, in units of 1/(distance of rows)². When left out it is
  /// chosen so that, at a memory whose nearest neighbour is closer than nine in ten, all others together weigh 10⁻³.
  struct Options {
    std::optional<double> beta = std::nullopt;
    Integration integration{.stepper = DormandPrince{}, .end = 1000, .settled = 1e-6};
  };

  /// `rows`: K × N, one memory a row. Throws ShapeError when empty, ValueError when not finite or beta ≤ 0.
  explicit Memory(Eigen::MatrixXd rows);
  Memory(Eigen::MatrixXd rows, Options options);

  /// Appends memories, any × N. A `beta` that was left out is chosen anew. Throws like the constructor.
  void store(const Eigen::MatrixXd& rows);

  /// `cues`: N × B, one a column; entries that are unknown are best set to those of mean(). Throws ShapeError when the
  /// rows are not N, ValueError when not finite.
  Recall recall(const State& cues) const;

  /// The stored rows, K × N.
  const Eigen::MatrixXd& rows() const { return rows_; }
  /// The mean of the stored rows, N.
  const Vector<double>& mean() const { return mean_; }
  double beta() const { return beta_; }
  /// The network that recalls: one layer "features", with the memories integrated out.
  const Network& network() const { return network_; }

 private:
  void rebuild();

  Options options_;
  Eigen::MatrixXd rows_;
  Vector<double> mean_;
  double beta_ = 0;
  Network network_;
};

}  // namespace hamlet
