// SPDX-License-Identifier: MIT
#include <hamlet/hamlet.hpp>

#include <iostream>

int main() {
  const hamlet::State patterns = hamlet::State::Random(20, 64).array().sign();  // 20 memories, one a row
  const hamlet::State cues = patterns.topRows(16).transpose() + 0.5 * hamlet::State::Random(64, 16);

  hamlet::Network net;
  const auto pixels = net.add({.name = "pixels", .shape = {64}, .lagrangian = hamlet::Quadratic{}, .tau = 1.0});
  const auto memories =
      net.add({.name = "memories", .shape = {20}, .lagrangian = hamlet::LogSumExp{.beta = 4}, .tau = 0.1});
  net.connect({pixels, memories}, hamlet::Dense{patterns});

  hamlet::State state = net.zeros(16);  // 16 samples
  net.block(state, pixels) = cues;      // a view: 64 × 16

  hamlet::Flow flow{net};  // τẋ = −∂E/∂g
  hamlet::EnergyMonitor descent{flow};
  hamlet::Trajectory path;
  const hamlet::Outcome outcome =
      hamlet::integrate(flow, state,
                        {.stepper = hamlet::DormandPrince{.relative_tolerance = 1e-6, .absolute_tolerance = 1e-9},
                         .end = 50.0,
                         .settled = 1e-8},
                        descent, path);

  std::cout << outcome << '\n' << descent.verdict() << '\n';
  const bool recalled = net.block(state, pixels).isApprox(patterns.topRows(16).transpose(), 1e-3);
  std::cout << (recalled ? "all recalled\n" : "not recalled\n");

  const hamlet::Network model_b = hamlet::eliminate(net, memories);
  std::cout << hamlet::audit(model_b) << '\n';
  return recalled && descent.verdict().descends ? 0 : 1;
}
