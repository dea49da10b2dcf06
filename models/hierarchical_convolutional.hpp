// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/log_cosh.hpp>
#include <hamlet/lagrangian/log_sum_exp.hpp>
#include <hamlet/lagrangian/quadratic.hpp>
#include <hamlet/network/network.hpp>
#include <hamlet/synapse/average_pooling.hpp>
#include <hamlet/synapse/convolution.hpp>
#include <hamlet/synapse/dense.hpp>

#include <string>
#include <utility>
#include <vector>

namespace hamlet::models {

/// A layer of features that slide over the layer below, and, where `pool` is more than 1, one that pools them.
struct ConvolutionalStage {
  State kernels;                    ///< K × (channels below · places of the window), as Convolution takes them.
  Shape size;                       ///< Of the window: {width} or {width, height}.
  Index stride = 1;                 ///< Of the window.
  Index padding = 0;                ///< Of the window.
  Lagrangian features = LogCosh{};  ///< L of the features.
  TimeConstant tau = 1.0;           ///< τ of the features, and of the layer that pools them.
  Index pool = 1;                   ///< Side and stride of the window that features are averaged over.
  Lagrangian pooled = Quadratic{};  ///< L of the layer that pools them.
};

/// The choices of a convolutional hierarchy.
struct HierarchicalConvolutional {
  Shape image;                             ///< {channels, width} or {channels, width, height}.
  std::vector<ConvolutionalStage> stages;  ///< From the image up.
  State memories;                          ///< K × N, N neurons of the highest stage: a memory a row.
  Lagrangian pixels = Quadratic{};         ///< L of the image.
  TimeConstant tau_pixels = 1.0;           ///< τ of the image.
  Lagrangian memory = LogSumExp{};         ///< L of the memory neurons.
  TimeConstant tau_memory = 1.0;           ///< τ of the memory neurons.
};

/// Layers "pixels", "features 1", "pooled 1" (where that stage pools), "features 2", …, "memories": neighbours in this
/// order are joined by a convolution, by average pooling, and, at the top, by all-to-all weights, each of which carries
/// its signal up and, by the adjoint, down:
///     E = Σ_A [x^A·g^A − L^A] − Σ ⟨g_features, K ∗ g_below⟩ − Σ ⟨g_pooled, P g_features⟩ − g_memoriesᵀ ξ g_top
/// Throws ShapeError and ValueError as Convolution, AveragePooling and Dense do, and where they do not fit.
/// Source: Krotov, "Hierarchical Associative Memory", 2021.
inline Network hierarchical_convolutional(HierarchicalConvolutional choice) {
  Network net;
  LayerHandle below = net.add({.name = "pixels",
                               .shape = choice.image,
                               .lagrangian = std::move(choice.pixels),
                               .tau = std::move(choice.tau_pixels)});
  for (std::size_t at = 0; at < choice.stages.size(); ++at) {
    ConvolutionalStage& stage = choice.stages[at];
    const std::string number = std::to_string(at + 1);
    if (stage.pool < 1)
      throw ValueError("stage " + number + " pools over " + std::to_string(stage.pool) + " positions");
    const Convolution convolution{std::move(stage.kernels),
                                  {.over = net.layer(below).shape,
                                   .size = std::move(stage.size),
                                   .stride = stage.stride,
                                   .padding = stage.padding}};
    const LayerHandle features = net.add({.name = "features " + number,
                                          .shape = convolution.output(),
                                          .lagrangian = std::move(stage.features),
                                          .tau = stage.tau});
    net.connect({below, features}, convolution);
    below = features;
    if (stage.pool == 1) continue;
    const Shape& over = convolution.output();
    const Shape side(std::vector<Index>(static_cast<std::size_t>(over.rank() - 1), stage.pool));
    const AveragePooling pooling{{.over = over, .size = side, .stride = stage.pool}};
    below = net.add({.name = "pooled " + number,
                     .shape = pooling.output(),
                     .lagrangian = std::move(stage.pooled),
                     .tau = std::move(stage.tau)});
    net.connect({features, below}, pooling);
  }
  const Dense dense{std::move(choice.memories)};
  const LayerHandle memories = net.add({.name = "memories",
                                        .shape = {dense.weights().rows()},
                                        .lagrangian = std::move(choice.memory),
                                        .tau = std::move(choice.tau_memory)});
  net.connect({below, memories}, dense);
  return net;
}

}  // namespace hamlet::models
