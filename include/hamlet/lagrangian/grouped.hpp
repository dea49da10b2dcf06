// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// A Lagrangian applied to every group of `size` consecutive neurons, and summed: the channels of every position of a
/// layer of shape {channels, width, height}, or the features of every token. g and the Hessian are block by block.
/// Source: Hoover et al., "Energy Transformer", NeurIPS 2023, eq. 2 (per token).
struct Grouped {
  Lagrangian lagrangian;
  Index size;  ///< Neurons in a group, ≥ 1; it must divide the layer.

  /// Throws ValueError when size < 1 and ShapeError when `lagrangian` cannot have groups of that size.
  std::shared_ptr<const LagrangianForm> form() const;
};

}  // namespace hamlet
