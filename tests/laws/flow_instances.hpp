// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/general.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <string>
#include <vector>

#include "laws/deep_networks.hpp"
#include "laws/energies.hpp"
#include "laws/random.hpp"

namespace hamlet::laws {

/// A flow that every law of flows must hold for, and a state of three samples.
struct FlowInstance {
  std::string name;
  Flow flow;
  State state;
};

/// tanh, ReLU, cubic, exponential, softmax, norm and LayerNorm.
inline std::vector<Lagrangian> mixed_lagrangians() {
  return {LogCosh{.beta = 1.3}, RectifiedPower{.n = 2}, Power{.n = 4},           Exponential{},
          LogSumExp{.beta = 2}, Norm{.gamma = 1.5},     LayerNorm{.gamma = 0.8}, Quadratic{}};
}

/// Two layers, 7 neurons "v" and 5 "h", with τ = 1 and 0.3.
inline Network two_layers(const Lagrangian& visible, const Lagrangian& hidden, Random& random) {
  Network net;
  const LayerHandle v = net.add({.name = "v", .shape = {7}, .lagrangian = visible, .tau = 1.0});
  const LayerHandle h = net.add({.name = "h", .shape = {5}, .lagrangian = hidden, .tau = 0.3});
  net.connect({v, h}, Dense{normal(5, 7, random, 0.5)});
  return net;
}

/// Every mixed pair: bare; with a lateral synapse, a general one, inputs of both kinds and, where it may be, one τ a
/// neuron; with a layer clamped, or some neurons; in a chain of three; and with the hidden layer integrated out. And
/// deep networks of 3 to 6 layers: bare, with inputs and a layer clamped, and with the convolved layer integrated out.
inline std::vector<FlowInstance> flow_instances(Random& random) {
  std::vector<FlowInstance> all;
  const auto keep = [&](const std::string& kind, const std::string& pair, Flow flow) {
    State state = normal(flow.network().size(), 3, random);
    // Away from 0, where the slope of ReLU jumps and no difference quotient converges.
    state.array() += 0.01 * state.array().sign();
    all.push_back({kind + " " + pair, std::move(flow), std::move(state)});
  };
  for (const Lagrangian& visible : mixed_lagrangians()) {
    for (const Lagrangian& hidden : mixed_lagrangians()) {
      const std::string pair = visible.name() + ", " + hidden.name();
      const Network bare = two_layers(visible, hidden, random);
      const LayerHandle v = bare.find("v"), h = bare.find("h");
      keep("bare", pair, Flow{bare});

      Network rich = bare;
      rich.connect({v}, Lateral{symmetric(7, random, 0.3)});
      rich.connect({h, v}, General{LogQuadratic{}});
      if (visible.elementwise()) rich = rich.with_tau(v, Vector<double>(normal(7, 1, random).array().exp()));
      Flow driven{rich};
      driven.input(v) = normal(7, 3, random);
      driven.input(h) = normal(5, 1, random);
      keep("driven", pair, driven);

      Flow clamped = driven;
      clamped.clamp(h);
      if (visible.elementwise()) clamped.clamp(v, {0, 3, 6});
      keep("clamped", pair, clamped);

      Network chain = bare;
      const LayerHandle top = chain.add({.name = "top", .shape = {2, 2}, .lagrangian = visible, .tau = 2.0});
      chain.connect({h, top}, General{Bilinear{normal(4, 5, random, 0.5)}});
      keep("chain", pair, Flow{chain});
      keep("effective chain", pair, Flow{eliminate(chain, h, normal(5, 1, random))});
    }
  }
  for (const std::size_t layers : {3u, 4u, 5u, 6u}) {
    for (const Kind allowed : {Kind::smooth, Kind::unbounded}) {
      const std::string kind = std::to_string(layers) + " layers";
      const Network net = deep_network(layers, allowed, random);
      keep("deep", kind, Flow{net});
      Flow driven{net};
      for (const LayerHandle layer : net.layers()) {
        driven.input(layer) = normal(net.layer(layer).shape.size(), random() % 2 == 0 ? 1 : 3, random);
      }
      driven.clamp(net.layers()[random() % layers]);
      keep("driven deep", kind, std::move(driven));
      keep("effective deep", kind, Flow{eliminate(net, net.find("1"), normal(72, 1, random))});
    }
  }
  return all;
}

}  // namespace hamlet::laws
