// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/synapse.hpp>

#include <memory>

namespace hamlet {

/// All-to-all weights ξ between a layer a of N and a layer b of K neurons: E = −g_bᵀ ξ g_a, with the currents ξ g_a
/// into b and ξᵀ g_b into a. Rows of ξ belong to b, the second layer, so that one memory is one row. Source: Krotov &
/// Hopfield 2021, eq. 1 and 3.
class Dense {
 public:
  /// ξ, K × N. Throws ValueError when it is empty or a weight is not finite.
  explicit Dense(State weights);

  /// ξ, K × N.
  const State& weights() const { return matrix_->weights; }

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const;
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const;
  std::string misfit(std::span<const Shape> shapes) const;
  bool linear_in(std::size_t) const { return true; }
  Index parameters() const { return weights().size(); }
  /// "Dense(1000 × 784)".
  std::string name() const;

 private:
  struct Matrix {
    State weights;
    Energies row_norms;  // ‖ξ_μ‖, 1 × K
  };
  std::shared_ptr<const Matrix> matrix_;
};

}  // namespace hamlet
