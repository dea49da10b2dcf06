// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/groups.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// A Lagrangian applied to every group of a partition of the layer, and summed: Σ_k L(x of group k). g and the Hessian
/// are those of each group alone. `Grouped{LayerNorm{}, 16}` normalises every token of 16 features;
/// `Grouped{LogSumExp{}, Groups::positions({16, 7, 7})}` is a softmax over the positions of every channel.
/// Source: Hoover et al., "Energy Transformer", NeurIPS 2023, eq. 2 (per token).
struct Grouped {
  Lagrangian lagrangian;
  Groups groups;

  /// Throws ShapeError when `lagrangian` cannot have groups of that size.
  std::shared_ptr<const LagrangianForm> form() const;
};

}  // namespace hamlet
