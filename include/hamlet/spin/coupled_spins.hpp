// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/spins.hpp>
#include <hamlet/spin/wide_real.hpp>

#include <memory>
#include <string>

namespace hamlet {

/// Spins with any weights W and bias b, those a rule has learned or a spin glass:
///     E = −½ σᵀWσ − b·σ;  σ_i ← sign(Σ_j W_ij σ_j + b_i), unchanged on 0.
/// A spin is asked in O(1) and flipped in O(N). Weights and bias are rounded to multiples of one power of two, 2⁻⁵⁰ of
/// the sum of their magnitudes or finer, so that every sum of them is exact: fields after any number of flips are
/// those computed anew, bit for bit, and the signs of energy differences are not in doubt. Whole numbers, up to a sum
/// of 2⁵¹, stay as they are. E descends, one flip at a time, when W is symmetric and no W_ii is negative; where W is
/// not symmetric nothing of the kind is promised. Source: Hopfield 1982; Bruck & Goodman, IEEE Trans. Inf. Theory 34
/// (1988), for the diagonal.
class CoupledSpins {
 public:
  class Run;

  /// W = scale × `weights`, N × N, W_ij from j to i: whole numbers and a scale are exact where their products are not.
  /// Throws ShapeError when not square, empty, or the bias is not N × 1 or empty; ValueError when something is not
  /// finite, their sum is beyond doubles, or the scale not positive.
  explicit CoupledSpins(State weights, Vector<double> bias = {}, double scale = 1);

  /// W, as rounded.
  State weights() const { return scale_ * parts_->weights; }
  /// b, N × 1, as rounded; 0 where none was given.
  Vector<double> bias() const { return scale_ * parts_->bias; }
  bool symmetric() const { return parts_->symmetric; }

  Index size() const { return parts_->weights.rows(); }
  std::string name() const;
  bool descends() const { return parts_->symmetric && (parts_->weights.diagonal().array() >= 0).all(); }
  Run run(const Spins& start) const;

 private:
  // All in units of the scale.
  struct Parts {
    State weights;
    Vector<double> bias;
    bool symmetric;
  };

  std::shared_ptr<const Parts> parts_;
  double scale_;
};

/// A state of a CoupledSpins.
class CoupledSpins::Run {
 public:
  Run(const CoupledSpins& model, const Spins& start);

  const Spins& spins() const { return spins_; }
  int pull(Index i) const { return field_[i] > 0 ? 1 : field_[i] < 0 ? -1 : 0; }
  WideReal difference(Index i) const;
  void flip(Index i);
  WideReal energy() const;

  /// (Wσ + b) / scale, exact.
  const Vector<double>& field() const { return field_; }

 private:
  std::shared_ptr<const Parts> parts_;
  double scale_;
  Spins spins_;
  Vector<double> field_;
  Vector<double> back_;  // Wᵀσ + b, where W is not symmetric
};

}  // namespace hamlet
