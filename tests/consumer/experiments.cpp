// SPDX-License-Identifier: MIT
#include <hamlet/hamlet.hpp>

#include <iostream>

void experiments(const hamlet::Network& net) {
  const auto pixels = net.find("pixels");
  const auto memories = net.find("memories");
  const hamlet::Network tanh = net.with(pixels, hamlet::LogCosh{.beta = 2});  // another Lagrangian
  const hamlet::Network slow = net.with_tau(memories, 1.0);                   // another time constant
  const hamlet::Network lesioned = net.without(net.synapses().front());       // a synapse less
  const hamlet::Network held = net.with_clamped(pixels);                      // v̇ = 0
  const hamlet::Network model_b = hamlet::eliminate(net, memories);           // τ_h → 0

  hamlet::Flow flow{net};
  flow.input(memories) = hamlet::State::Constant(20, 1, -0.5);  // a current I, here the same for all samples
  flow.clamp(pixels);                                           // of this flow alone
  std::cout << net << flow.dissipation(net.zeros(16)) << '\n';
}
