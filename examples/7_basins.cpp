// SPDX-License-Identifier: MIT
// What a memory remembers besides what it was taught: three patterns in Hopfield's network of graded response. Many
// random starts show its attractors (memories, their negatives, mixtures), `classify` tells how stable each is, and the
// energy on the plane of two memories, with trajectories on it, is left in out/basins.npz (tools/plot.py draws it).
#include <hamlet/hamlet.hpp>

#include <models/hopfield_1984.hpp>

#include <CLI/CLI.hpp>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <numbers>
#include <random>

namespace {

using namespace hamlet;

constexpr Index neurons = 100, stored = 3, starts = 500;

State normal(Index rows, Index columns, std::mt19937_64& random) {
  std::normal_distribution<double> distribution;
  return State::NullaryExpr(rows, columns, [&] { return distribution(random); });
}

// W = ξᵀξ/N with a diagonal of 0.
Network memory(const State& patterns) {
  State weights = patterns.transpose() * patterns / static_cast<double>(neurons);
  weights.diagonal().setZero();
  return models::hopfield_1984(weights, {.beta = 5});
}

// The energy on the plane through 0 of two memories' attractors, and the ways of some starts on it.
Landscape plane(const Flow& flow, const State& first, const State& second) {
  const double far = 1.5 * first.norm();
  Landscape landscape{flow, State::Zero(neurons, 1), first, second, {-far, far, 161}, {-far, far, 161}};
  State state(neurons, 24);
  for (Index start = 0; start < state.cols(); ++start) {
    // Two circles, one inside the other.
    const double angle = 0.13 + 2 * std::numbers::pi * static_cast<double>(start) / static_cast<double>(state.cols());
    state.col(start) = (start % 2 == 0 ? 0.25 : 1.3) * (std::cos(angle) * first + std::sin(angle) * second);
  }
  Flow moving = flow;
  Trajectory path{{.every = 0.05}};
  integrate(moving, state, {.end = 30}, path);
  landscape.add(path);
  landscape.mark("ξ¹", first);
  landscape.mark("ξ²", second);
  landscape.mark("−ξ¹", -first);
  landscape.mark("−ξ²", -second);
  landscape.mark("0", State::Zero(neurons, 1));
  return landscape;
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{
      "Finds what a memory of three patterns remembers besides them: its attractors, how stable they are, and the "
      "energy on the plane of two memories, left in out/basins.npz. Takes no options."};
  CLI11_PARSE(app, argc, argv);

  std::mt19937_64 random(1);
  const State patterns = normal(stored, neurons, random).array().sign();
  const Network net = memory(patterns);
  const Flow flow{net};

  const Basins found = basins(flow, normal(neurons, starts, random), {.memories = patterns});
  std::cout << "Where " << starts << " random states go, " << stored << " patterns stored in " << neurons
            << " neurons:\n"
            << found << '\n';

  std::cout << "How stable the most frequent one is:\n" << classify(flow, found.attractors.front().state) << "\n\n";
  for (const Attractor& attractor : found.attractors) {
    if (attractor.kind != AttractorKind::mixture) continue;
    std::cout << "A mixture of overlaps " << attractor.overlaps.transpose() << ", stable as well:\n"
              << classify(flow, attractor.state) << "\n\n";
    break;
  }
  std::cout << "The state 0, from which " << stored << " directions lead away:\n"
            << classify(flow, State::Zero(neurons, 1)) << '\n';

  State memories(neurons, 2);
  memories << patterns.row(0).transpose(), patterns.row(1).transpose();
  Flow moving = flow;
  integrate(moving, memories, {.end = 1000, .settled = 1e-8});
  std::filesystem::create_directories("out");
  save_npz("out/basins.npz", to_npz(plane(flow, memories.col(0), memories.col(1))));
} catch (const hamlet::Error& error) {
  std::cerr << "basins: " << error.what() << '\n';
  return 1;
}
