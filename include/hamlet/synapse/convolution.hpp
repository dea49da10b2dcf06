// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/synapse.hpp>
#include <hamlet/synapse/window.hpp>

#include <memory>

namespace hamlet {

/// K kernels that slide over a layer a of shape {C, width[, height]} and meet a layer b of shape {K, positions…}:
/// E = −⟨g_b, K ∗ g_a⟩, (K ∗ g_a)_kp = Σ_tc K_ktc g_a at channel c of what the window sees at place t from position p
/// (the cross-correlation that the field calls convolution). The current into a is the adjoint, the transposed
/// convolution. Source: Krotov, "Hierarchical Associative Memory", 2021.
class Convolution {
 public:
  /// Kernels, K × (C · places of the window): a kernel a row, its channels fastest, then its width, then its height, as
  /// in a layer. Throws ValueError when there is none or a weight is not finite, ShapeError when a row is not as long
  /// as a patch, and as Window::output().
  Convolution(State kernels, Window window);

  /// K × (C · places of the window).
  const State& kernels() const;
  const Window& window() const;
  /// The shape of the layer b: {K, positions along each axis}.
  const Shape& output() const;

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const;
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const;
  std::string misfit(std::span<const Shape> shapes) const;
  bool linear_in(std::size_t) const { return true; }
  Index parameters() const;
  /// "Convolution(16 kernels of 3 × 5 × 5, stride 2)".
  std::string name() const;

 private:
  struct Bank;
  std::shared_ptr<const Bank> bank_;
};

}  // namespace hamlet
