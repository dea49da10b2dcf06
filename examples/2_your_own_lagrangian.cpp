// SPDX-License-Identifier: MIT
// Two Lagrangians that Hamlet does not have, a network made of them, and the proof that its energy descends.
#include <hamlet/hamlet.hpp>

#include <cmath>
#include <iostream>

// F(x) = √(1 + x²) for each neuron: g = x / √(1 + x²), a sigmoid. The library derives F′ and F″.
struct Hyperbola {
  template <class T>
  T operator()(const T& x) const {
    using std::sqrt;
    return sqrt(1.0 + x * x);
  }
};

// L(x) = ½ log(1 + ‖x‖² + Σ x⁴/6) of a whole layer: a divisive normalization. Any expression or loop will do. (Is it
// convex? The audit tells.)
struct Normalization {
  template <class T>
  T value(const hamlet::Vector<T>& x) const {
    using std::log;
    T sum = 1.0;
    for (const T& each : x) sum += each * each + each * each * each * each / 6.0;
    return log(sum) / 2.0;
  }
};

int main() {
  hamlet::Network net;
  const auto features = net.add({.name = "features", .shape = {32}, .lagrangian = Hyperbola{}, .tau = 1.0});
  const auto memories =
      net.add({.name = "memories", .shape = {10}, .lagrangian = hamlet::LogSumExp{.beta = 2}, .tau = 0.2});
  net.connect({features, memories}, hamlet::Dense{hamlet::State::Random(10, 32)});

  hamlet::Flow flow{net};
  hamlet::EnergyMonitor descent{flow};
  hamlet::State state = 3 * hamlet::State::Random(net.size(), 8);
  const hamlet::Outcome outcome = hamlet::integrate(flow, state, {.end = 100.0, .settled = 1e-8}, descent);
  std::cout << outcome << '\n' << descent.verdict() << "\n\n";

  std::cout << hamlet::audit(net) << '\n';
  const hamlet::Report normalization = hamlet::audit(hamlet::Lagrangian(Normalization{}), 4, {.scale = 3});
  std::cout << normalization << "\nIs Normalization a Lagrangian that an energy may be built on? "
            << (normalization ? "yes" : "no") << '\n';
  return descent.verdict().descends && hamlet::audit(net).holds() && !normalization.holds() ? 0 : 1;
}
