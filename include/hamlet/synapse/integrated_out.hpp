// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/lagrangian.hpp>
#include <hamlet/synapse/synapse.hpp>

#include <string>
#include <vector>

namespace hamlet {

/// What a layer h leaves behind when it is integrated out (τ_h → 0): E = −L_h(I_h + u(g)), where u is the sum of the
/// currents into h of synapses that are linear in its activation. The currents into the other layers are those of the
/// same synapses at g_h = ∂L_h/∂h.
/// Source: Krotov & Hopfield 2021, section 3.
class IntegratedOut {
 public:
  /// The slot of an inner synapse that the layer integrated out fills.
  static constexpr Index hidden = -1;

  /// A synapse of the layer integrated out: `slots` says, for each of its own slots, which slot of this one fills it,
  /// or that `hidden` does (exactly one).
  struct Inner {
    Synapse synapse;
    std::vector<Index> slots;
  };

  /// `layer` names the layer integrated out, `input` is its I_h, N_h × 1. Throws ShapeError when the input has another
  /// size, ValueError when it is not finite or a slot means nothing, ModelError when a synapse is not linear in h.
  IntegratedOut(std::string layer, Shape shape, Lagrangian lagrangian, Vector<double> input, std::vector<Inner> inner);

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const;
  /// By the chain rule: h moves by dh = du, f = ∂L_h/∂h by (∂²L_h/∂h²) dh, and with it the currents of the synapses.
  void differential(Activations g, Activations dg, Currents dcurrents) const;
  /// The rounding of L_h, and that of its argument, each ∂L_h/∂h times the rounding of I_h + u.
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const;
  std::string misfit(std::span<const Shape> shapes) const;
  /// Where u is linear in that activation: −L_h of it is concave then, L_h being convex.
  bool concave_in(std::size_t slot, std::size_t slots) const;
  Index parameters() const;
  /// "IntegratedOut memories: LogSumExp(beta = 4) over Dense(1000 × 784)".
  std::string name() const;

 private:
  /// What `apply` does, where the one inner synapse has a way to it; false where it has not.
  bool in_one_pass(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const;

  /// h = I_h + u(g).
  void settle(Activations activations, View h) const;

  std::string layer_;
  Shape shape_;
  Lagrangian lagrangian_;
  Vector<double> input_;
  std::vector<Inner> inner_;
  std::size_t outer_slots_ = 0;
};

}  // namespace hamlet
