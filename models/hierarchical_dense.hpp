// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/log_cosh.hpp>
#include <hamlet/network/network.hpp>
#include <hamlet/synapse/dense.hpp>

#include <string>
#include <utility>
#include <vector>

namespace hamlet::models {

/// A layer of a hierarchy.
struct HierarchicalLayer {
  Index neurons;
  Lagrangian lagrangian = LogCosh{};
  TimeConstant tau = 1.0;
};

/// A chain of n ≥ 1 layers "layer 1", "layer 2", …, each joined to the next by weights ξ^(A+1,A), N_{A+1} × N_A, of
/// which there are n − 1:
///     τ_A ẋ^A = ξ^(A,A−1) g^{A−1} + (ξ^(A+1,A))ᵀ g^{A+1} − x^A,    g⁰ = g^{n+1} = 0
///     E = Σ_A [x^A·g^A − L^A] − Σ_A (g^{A+1})ᵀ ξ^(A+1,A) g^A
/// Throws ShapeError when weights are missing, left over or do not fit, ValueError when one is not finite.
/// Source: Krotov, "Hierarchical Associative Memory", 2021.
inline Network hierarchical_dense(const std::vector<HierarchicalLayer>& layers, const std::vector<State>& weights) {
  if (layers.empty() || weights.size() != layers.size() - 1) {
    throw ShapeError("a hierarchy of " + std::to_string(layers.size()) + " layers is given " +
                     std::to_string(weights.size()) + " matrices of weights: it needs one less than layers");
  }
  Network net;
  std::vector<LayerHandle> chain;
  for (const HierarchicalLayer& layer : layers) {
    chain.push_back(net.add({.name = "layer " + std::to_string(chain.size() + 1),
                             .shape = {layer.neurons},
                             .lagrangian = layer.lagrangian,
                             .tau = layer.tau}));
  }
  for (std::size_t at = 0; at < weights.size(); ++at) net.connect({chain[at], chain[at + 1]}, Dense{weights[at]});
  return net;
}

}  // namespace hamlet::models
