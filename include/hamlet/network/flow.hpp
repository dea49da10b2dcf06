// SPDX-License-Identifier: MIT
#pragma once

// CONTRACT (architect): names and signatures fixed; private part open.

#include <hamlet/network/network.hpp>

namespace hamlet {

/// τ_A ẋ_A = −∂E/∂g_A = I_A − x_A − Σ_s ∂E_s/∂g_A, of all samples at once; an odeint system. Owns its network, inputs and
/// workspace; a copy is independent. Not for two threads at once.
class Flow {
 public:
  explicit Flow(Network network);                       // ModelError/ValueError for a network without layers
  const Network& network() const;

  // flow.input(layer) = matrix: N_l × 1 (the same for all samples) or N_l × B; ShapeError at the assignment, ValueError
  // when not finite. Reading back: flow.input(layer) converts to const State& (N_l × 0 … decide; zero when unset).
  class InputReference;
  InputReference input(LayerHandle layer);
  const State& input(LayerHandle layer) const;

  void clamp(LayerHandle layer);                                   // whole layer: ẋ = 0
  void clamp(LayerHandle layer, const std::vector<Index>& neurons);  // ModelError under a collective Lagrangian
  void release(LayerHandle layer);

  /// dxdt is resized to x's shape. ShapeError when x has not network().size() rows, or a per-sample input's columns differ.
  void operator()(const State& x, State& dxdt, double t);

  /// E of the state of the last call of operator(), whose activations and currents are still at hand: costs the
  /// Lagrangians' values only. Undefined for any other x.
  void energy_at_last(const State& x, Energies& energies) const;

  /// ‖τẋ‖∞ over free layers (and neurons), the measure of settling; of all samples, or of each.
  double residual(const State& derivative) const;
  Energies residuals(const State& derivative) const;
  /// The smallest τ of the free layers.
  double smallest_time_constant() const;

  Energies energy(const State& x) const;                            // with the flow's inputs
  std::map<std::string, Energies> energy_terms(const State& x) const;  // layers by name: (x−I)·g−L; synapses by name
  Energies dissipation(const State& x) const;                        // Ė = −Σ τ ẋᵀ H ẋ (clamped: 0)
  /// The same with ẋ given: −Σ_A τ_A ẋ_Aᵀ H_A ẋ_A, no synapse evaluated.
  Energies dissipation(const State& x, const State& derivative) const;
  /// An upper bound on the rounding error of energy(x).
  Energies rounding(const State& x) const;
  /// g = ∂L/∂x of all layers, N × B.
  State activations(const State& x) const;
};

}  // namespace hamlet
