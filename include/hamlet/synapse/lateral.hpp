// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/synapse.hpp>

#include <memory>
#include <mutex>

namespace hamlet {

/// Symmetric weights W of a layer with itself: E = −½ gᵀ W g, current W g.
/// Source: Hopfield, "Neurons with graded response have collective computational properties like those of two-state
/// neurons", PNAS 1984, eq. 7.
class Lateral {
 public:
  /// W, N × N. Throws ShapeError unless square, ValueError when it is empty, a weight is not finite, or W is not
  /// symmetric: W_ij and W_ji may differ by 10⁻¹² max|W|, what rounding leaves of ξᵀξ, and are then replaced by their
  /// mean.
  explicit Lateral(State weights);

  /// W, N × N, exactly symmetric.
  const State& weights() const { return matrix_->weights; }

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const;
  /// W dg.
  void differential(Activations g, Activations dg, Currents dcurrents) const;
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const;
  std::string misfit(std::span<const Shape> shapes) const;
  /// Whether W is positive semidefinite, up to its rounding N ε ‖W‖; decided once, by a Cholesky decomposition.
  bool concave_in(std::size_t, std::size_t) const;
  /// N(N + 1)/2, the weights that are free.
  Index parameters() const { return weights().rows() * (weights().rows() + 1) / 2; }
  /// "Lateral(100 × 100)".
  std::string name() const;

 private:
  struct Matrix {
    Matrix(State w, Energies norms) : weights(std::move(w)), row_norms(std::move(norms)) {}

    State weights;
    Energies row_norms;  // ‖W_i‖, 1 × N
    mutable std::once_flag judged = {};
    mutable bool positive = false;  // semidefinite
  };
  std::shared_ptr<const Matrix> matrix_;
};

}  // namespace hamlet
