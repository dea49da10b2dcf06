// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// L(x) = Σ over windows of β⁻¹ log Σ e^{βx}, the windows of `window` positions tiling every channel of a layer of
/// shape {channels, width, height} or {channels, width}: LogSumExp over Groups::windows, so that g is a softmax in
/// every window. For β → ∞ it is max-pooling: L → Σ max x, g → one-hot of the winner, and at any β
///     0 ≤ L − Σ max x ≤ (number of windows) β⁻¹ log(window size).
/// Source: Krotov, "Hierarchical Associative Memory", 2021.
struct MaxPooling {
  Shape shape;       ///< Of the layer.
  Shape window;      ///< {width, height} or {width}; it must tile the layer.
  double beta = 50;  ///< β > 0, how sharp.

  /// Throws ValueError for β, and ShapeError as Groups::windows.
  std::shared_ptr<const LagrangianForm> form() const;
};

}  // namespace hamlet
