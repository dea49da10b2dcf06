// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/attention.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/lateral.hpp>
#include <hamlet/synapse/multilinear.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "lagrangian/catalogue_instances.hpp"
#include "laws/random.hpp"

namespace hamlet::laws {

/// A random flow of convex Lagrangians, samples to start it from, and its smallest τ.
struct Trial {
  Flow flow;
  State state;
  double tau;
};

/// What a trial may hold besides layers that meet only other layers.
enum class SelfMeeting {
  concave,  // lateral weights that are positive semidefinite, layers integrated out
  any,      // and lateral weights of any sign, and attention within a layer; no activation that jumps
};

inline double uniform(double low, double high, Random& random) {
  return std::uniform_real_distribution(low, high)(random);
}

/// A chain of 2 to 6 layers with τ from 10⁻³ to 10, some with a synapse that skips a layer, one of three layers, one
/// within a layer, one from queries to keys; with inputs, a layer clamped and a layer integrated out.
inline Trial random_trial(SelfMeeting allowed, Index samples, Random& random) {
  const auto chance = [&](double p) { return uniform(0, 1, random) < p; };
  const auto count = static_cast<std::size_t>(2 + random() % 5);
  Network net;
  std::vector<LayerHandle> layers;
  std::vector<double> scales;
  std::vector<std::size_t> bounded;
  for (std::size_t at = 0; at < count; ++at) {
    const auto neurons = static_cast<Index>(3 * (1 + random() % 3));
    std::vector<CatalogueInstance> all = catalogue_instances(neurons, random);
    std::erase_if(all, [&](const CatalogueInstance& instance) {
      const bool fits = instance.lagrangian.misfit({neurons / 3, 3}).empty();
      // Two layers without a bound on their activations overflow in a step or two: their E has no lower bound either.
      if (bounded.size() < at && !instance.bounded) return true;
      return !instance.convex || !fits || (allowed == SelfMeeting::any && !instance.smooth);
    });
    const CatalogueInstance& chosen = all[random() % all.size()];
    layers.push_back(net.add({.name = std::to_string(at),
                              .shape = {neurons / 3, 3},
                              .lagrangian = chosen.lagrangian,
                              .tau = std::pow(10, uniform(-3, 1, random))}));
    scales.push_back(chosen.scale);
    if (chosen.bounded) bounded.push_back(at);
  }
  const auto neurons = [&](std::size_t at) { return net.layer(layers[at]).shape.size(); };
  const auto weights = [&](std::size_t from, std::size_t to) {
    return normal(neurons(to), neurons(from), random, std::exp(uniform(-2, 0.5, random)));
  };
  for (std::size_t at = 0; at + 1 < count; ++at) net.connect({layers[at], layers[at + 1]}, Dense{weights(at, at + 1)});
  if (count > 2 && chance(0.3)) net.connect({layers[0], layers[2]}, Dense{weights(0, 2)});
  if (count > 3 && chance(0.3)) net.connect({layers[0], layers[3]}, Dense{weights(0, 3)});
  if (count > 2 && chance(0.3)) {
    const Index total = neurons(0) * neurons(1) * neurons(2);
    net.connect({layers[0], layers[1], layers[2]},
                Multilinear{{neurons(0), neurons(1), neurons(2)}, normal(total, 1, random, 0.3)});
  }
  if (chance(0.3)) {
    net.connect({layers[0], layers[1]},
                Attention{{.queries = normal(2, neurons(0) / 3, random), .keys = normal(2, neurons(1) / 3, random)}});
  }
  const std::size_t self = bounded[random() % bounded.size()];
  if (chance(0.5)) {
    const State half = normal(neurons(self), neurons(self), random);
    net.connect({layers[self]}, Lateral{allowed == SelfMeeting::concave
                                            ? State(half * half.transpose() / static_cast<double>(neurons(self)))
                                            : State(half + half.transpose())});
  }
  if (allowed == SelfMeeting::any && chance(0.5)) {
    net.connect({layers[self]}, Attention{{.queries = normal(2, neurons(self) / 3, random),
                                           .keys = normal(2, neurons(self) / 3, random)}});
  }
  // A layer that meets itself cannot be integrated out, nor one that meets another through attention.
  if (chance(0.4)) {
    try {
      net = eliminate(net, layers[random() % count]);
    } catch (const ModelError&) {
    }
  }
  State state = net.zeros(samples);
  for (std::size_t at = 0; at < count; ++at) {
    const std::vector<LayerHandle> left = net.layers();
    if (std::find(left.begin(), left.end(), layers[at]) == left.end()) continue;
    net.block(state, layers[at]) = random_state(net.layer(layers[at]).shape.size(), samples, 2 * scales[at], random);
  }
  Flow flow{net};
  for (const LayerHandle layer : net.layers()) {
    if (chance(0.5)) flow.input(layer) = normal(net.layer(layer).shape.size(), samples, random, 0.5);
  }
  if (net.layers().size() > 1 && chance(0.2)) flow.clamp(net.layers()[random() % net.layers().size()]);
  const double tau = flow.smallest_time_constant();
  return {std::move(flow), std::move(state), tau};
}

}  // namespace hamlet::laws
