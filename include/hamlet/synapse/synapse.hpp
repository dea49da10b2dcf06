// SPDX-License-Identifier: MIT
#pragma once

// CONTRACT (architect): the names and signatures of the public members below are fixed; the erasure behind them is open.

#include <hamlet/core/shape.hpp>
#include <hamlet/core/state.hpp>

#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hamlet {

/// The activations g of the layers a synapse joins, in the order of `connect`; each N_k × B.
using Activations = std::span<const ConstView>;

/// Where the synaptic currents −∂E/∂g of those layers are to be added; each N_k × B, or a view of null data where
/// nobody asked for the current, which then costs nothing.
using Currents = std::span<View>;

/// What a type must have to be a synapse.
///   apply   energies of all samples (assigned, 1 × B), and all wanted currents (added), in one pass
///   misfit  empty when it can join layers of these shapes, else the reason ("its rows do not fit")
/// Optional members:
///   std::string name() const                       "Dense(1000 × 784)"
///   Index parameters() const                       the number of weights (0)
///   bool linear_in(std::size_t slot) const         whether E is linear in the activation of that slot (false)
///   void rounding(Activations, Eigen::Ref<Energies>) const   a bound on the rounding error of the energies
///                                                  (by default from the magnitudes |E| and Σ|g·current|)
template <class S>
concept SynapseModel = requires(const S& synapse, Activations activations, Currents currents,
                                Eigen::Ref<Energies> energies, std::span<const Shape> shapes) {
  synapse.apply(activations, currents, energies);
  { synapse.misfit(shapes) } -> std::convertible_to<std::string>;
};

/// An energy E_s of the activations of the layers it joins. An immutable value; copies share the weights.
/// Source: Krotov & Hopfield 2021, eq. 1 and 3; Krotov, "Hierarchical Associative Memory", 2021, eq. 1.
class Synapse {
 public:
  /// template <SynapseModel S> Synapse(S model);   implicit

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const;
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const;
  std::string misfit(std::span<const Shape> shapes) const;
  bool linear_in(std::size_t slot) const;
  Index parameters() const;
  const std::string& name() const;
};

}  // namespace hamlet
