// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/softplus.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace hamlet::models {

/// A one-way link of a graph.
struct Arc {
  Index from, to;
  double cost;
};

/// The choices of the routing network: the weights of 1993, for costs up to 1.
struct AliKamoun {
  double mu1 = 550;   ///< μ₁ ≥ 0, of the cost.
  double mu3 = 1950;  ///< μ₃ ≥ 0, of what enters a node and does not leave it.
  double mu4 = 250;   ///< μ₄ ≥ 0, of v (1 − v); at 0, E is convex and has one minimum.
  double mu5 = 1350;  ///< μ₅ ≥ 0, of the link that closes the way: a way that costs more than μ₅/μ₁ is not taken.
  double beta = 1;         ///< β > 0, the gain of the neurons.
  TimeConstant tau = 1.0;  ///< τ of the neurons.
};

/// The cheapest way from `source` to `target` as the state of a neuron a link ("links", in the order of `arcs`): v_a is
/// 1 where the way takes it. A last neuron is the link from the target back to the source, which closes the way.
///     E = μ₁/2 Σ_a c_a v_a + μ₃/2 Σ_x (Σ_{a from x} v_a − Σ_{a to x} v_a)² + μ₄/2 Σ v (1 − v) + μ₅/2 (1 − v_back)
/// up to its constant and the leak, with v = 1/(1 + e^{−βx}) and τẋ = −x − ∂E/∂v. (The paper has a neuron for every
/// pair of nodes, and a term μ₂ that keeps those without a link at 0; here there is none for them.) At μ₄ = 0 and large
/// μ₃ and β this is the linear program of the cheapest circulation through the link back, whose corners are ways. The
/// flow comes with its input. Throws ValueError when a node is not in [0, nodes), source and target are the same, there
/// is no arc, a cost is negative or not finite, or a weight means nothing.
/// Source: Ali & Kamoun, "Neural Networks for Shortest Path Computation and Routing in Computer Networks", IEEE
/// Transactions on Neural Networks 4, 1993, eq. 10.
inline Flow ali_kamoun(Index nodes, const std::vector<Arc>& arcs, Index source, Index target, AliKamoun choice = {}) {
  const auto require_node = [nodes](Index node) {
    if (node >= 0 && node < nodes) return;
    throw ValueError("there is no node " + std::to_string(node) + ": there are " + std::to_string(nodes));
  };
  require_node(source);
  require_node(target);
  if (source == target) throw ValueError("source and target are both node " + std::to_string(source));
  if (arcs.empty()) throw ValueError("there is no link");
  for (const double weight : {choice.mu1, choice.mu3, choice.mu4, choice.mu5}) {
    if (!(weight >= 0 && std::isfinite(weight))) {
      throw ValueError("a weight of " + std::to_string(weight) + " means nothing: weights must be ≥ 0 and finite");
    }
  }
  const Index links = static_cast<Index>(arcs.size());
  State leaves = State::Zero(nodes, links + 1);  // +1 where a link leaves a node, −1 where it enters one
  State input = State::Constant(links + 1, 1, -choice.mu4 / 2);
  for (Index a = 0; a < links; ++a) {
    const Arc& arc = arcs[static_cast<std::size_t>(a)];
    require_node(arc.from);
    require_node(arc.to);
    if (!(arc.cost >= 0 && std::isfinite(arc.cost))) {
      throw ValueError("the link from " + std::to_string(arc.from) + " to " + std::to_string(arc.to) + " costs " +
                       std::to_string(arc.cost) + ": costs must be ≥ 0 and finite");
    }
    leaves(arc.from, a) += 1;
    leaves(arc.to, a) -= 1;
    input(a) -= choice.mu1 / 2 * arc.cost;
  }
  leaves(target, links) = 1;
  leaves(source, links) = -1;
  input(links) += choice.mu5 / 2;

  // E = −½ vᵀW v − I·v
  State W = -choice.mu3 * leaves.transpose() * leaves;
  W.diagonal().array() += choice.mu4;
  Network net;
  const LayerHandle layer = net.add({.name = "links",
                                     .shape = {links + 1},
                                     .lagrangian = Softplus{.beta = choice.beta},
                                     .tau = std::move(choice.tau)});
  net.connect({layer}, Lateral{std::move(W)});
  Flow flow{std::move(net)};
  flow.input(layer) = input;
  return flow;
}

}  // namespace hamlet::models
