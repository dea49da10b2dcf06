// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/synapse.hpp>

#include <memory>

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
  State weights() const;

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const;
  /// W dg.
  void differential(Activations g, Activations dg, Currents dcurrents) const;
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const;
  std::string misfit(std::span<const Shape> shapes) const;
  /// Whether W is positive semidefinite, up to its rounding N ε ‖W‖; decided once, by a Cholesky decomposition.
  bool concave_in(std::size_t, std::size_t) const;
  /// N(N + 1)/2, the weights that are free.
  Index parameters() const;
  /// "Lateral(100 × 100)".
  std::string name() const;

 private:
  /// current += W g.
  void add_current(const ConstView& g, View current) const;

  struct Matrix;
  std::shared_ptr<Matrix> matrix_;
};

}  // namespace hamlet
