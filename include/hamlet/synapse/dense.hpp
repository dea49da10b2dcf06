// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/storage.hpp>
#include <hamlet/synapse/synapse.hpp>

#include <memory>

namespace hamlet {

/// All-to-all weights ξ between a layer a of N and a layer b of K neurons: E = −g_bᵀ ξ g_a, with the currents ξ g_a
/// into b and ξᵀ g_b into a. Rows of ξ belong to b, the second layer, so that one memory is one row. One pass over the
/// weights gives all of it, and, where b is integrated out under a LogSumExp or an elementwise Lagrangian, the current
/// and the energy of the effective model too. Source: Krotov & Hopfield 2021, eq. 1 and 3.
class Dense {
 public:
  /// ξ, K × N, kept in that precision. Throws ValueError when it is empty, a weight is not finite, or f32 cannot hold
  /// it.
  explicit Dense(const State& weights, Storage storage = Storage::f64);

  /// More memories, any × N, below those there are. Takes time in proportion to them, on average, where this value
  /// shares its weights with no copy of it, as every network it was connected in has one; else all are copied first.
  /// Throws ShapeError when they are not N wide, ValueError as the constructor.
  void append(const State& memories);

  /// ξ as it is stored, K × N.
  State weights() const;
  Storage storage() const;
  Index rows() const;
  Index columns() const;

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const;
  bool integrate_out(std::size_t slot, const Lagrangian& L, const Vector<double>& input, Activations activations,
                     Currents currents, Eigen::Ref<Energies> energies) const;
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const;
  std::string misfit(std::span<const Shape> shapes) const;
  bool linear_in(std::size_t) const { return true; }
  Index parameters() const { return rows() * columns(); }
  /// "Dense(1000 × 784)", or with the storage where it is not f64: "Dense(1000 × 784, f32)".
  std::string name() const;

 private:
  struct Matrix;
  std::shared_ptr<Matrix> matrix_;
};

}  // namespace hamlet
