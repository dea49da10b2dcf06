// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/synapse.hpp>
#include <hamlet/synapse/window.hpp>

#include <memory>

namespace hamlet {

/// A layer b of shape {C, positions…} that meets, channel by channel, the mean of what a window sees of a layer a of
/// shape {C, width[, height]}: E = −⟨g_b, P g_a⟩, (P g_a)_cp = mean over the window's places of g_a. The current into a
/// spreads g_b over the window. What the window sees outside the layer counts as 0 in the mean.
/// Source: Krotov, "Hierarchical Associative Memory", 2021.
class AveragePooling {
 public:
  /// Throws as Window::output().
  explicit AveragePooling(Window window);

  const Window& window() const;
  /// The shape of the layer b: {C, positions along each axis}.
  const Shape& output() const;

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const;
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const;
  std::string misfit(std::span<const Shape> shapes) const;
  bool linear_in(std::size_t) const { return true; }
  /// "AveragePooling(2 × 2, stride 2)".
  std::string name() const;

 private:
  struct Pool;
  std::shared_ptr<const Pool> pool_;
};

}  // namespace hamlet
