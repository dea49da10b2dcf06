// SPDX-License-Identifier: MIT
// An experiment: a memory of faces and their names, and what becomes of recall when a part of it is changed. Every
// variant is one line on a copy of the network; all are run with several seeds, on all cores, into one table:
// out/experiment.csv and out/experiment.npz (tools/plot.py draws it).
#include <hamlet/hamlet.hpp>

#include <filesystem>
#include <iostream>
#include <random>

namespace {

using namespace hamlet;

constexpr Index faces = 100, names = 12, people = 30, samples = 8;

State normal(Index rows, Index columns, std::mt19937_64& random) {
  std::normal_distribution<double> distribution;
  return State::NullaryExpr(rows, columns, [&] { return distribution(random); });
}

// Face and name of every person, ±1, one a row.
struct Memories {
  std::mt19937_64 random{1};
  State face = normal(people, faces, random).array().sign();
  State name = normal(people, names, random).array().sign();
};

// face – people – name. The layer in the middle compares: its softmax is sharp enough for one person to win.
Network association(const Memories& memories) {
  Network net;
  const auto face = net.add({.name = "face", .shape = {faces}, .lagrangian = LogCosh{.beta = 2}, .tau = 1.0});
  const auto person = net.add({.name = "people", .shape = {people}, .lagrangian = LogSumExp{.beta = 0.3}, .tau = 0.1});
  const auto name = net.add({.name = "name", .shape = {names}, .lagrangian = LogCosh{.beta = 2}, .tau = 1.0});
  net.connect({face, person}, Dense{memories.face}, "seen");
  net.connect({name, person}, Dense{memories.name}, "heard");
  return net;
}

SynapseHandle synapse(const Network& net, const std::string& name) {
  for (const SynapseHandle handle : net.synapses()) {
    if (net.name(handle) == name) return handle;
  }
  throw Error("there is no synapse " + name);
}

// The mean of g times what it should be, ±1.
double overlap(const ConstView& g, const State& right) { return g.cwiseProduct(right).mean(); }

// Shows some faces, blurred by noise and together with the name, and lets go.
Measures recall(const Memories& memories, const Network& net, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto face = net.find("face"), name = net.find("name");
  State right_face(faces, samples), right_name(names, samples);
  for (Index sample = 0; sample < samples; ++sample) {
    const Index who = std::uniform_int_distribution<Index>(0, people - 1)(random);
    right_face.col(sample) = memories.face.row(who);
    right_name.col(sample) = memories.name.row(who);
  }
  State state = net.zeros(samples);
  net.block(state, face) = 0.2 * right_face + normal(faces, samples, random);
  net.block(state, name) = right_name;

  Flow flow{net};
  const Energies before = flow.energy(state);
  const Outcome outcome = integrate(flow, state, {.end = 200, .settled = 1e-5});
  const State g = flow.activations(state);
  return {{"overlap of faces", overlap(net.block(g, face), right_face)},
          {"overlap of names", overlap(net.block(g, name), right_name)},
          {"energy drop", (before - flow.energy(state)).mean()},
          {"time to settle", outcome.time},
          {"right-hand sides", outcome.statistics.right_hand_sides}};
}

}  // namespace

int main() {
  const Memories memories;
  const Network net = association(memories);
  const auto person = net.find("people"), name = net.find("name");

  const std::vector<Variant> variants{
      {"as is", net},
      {"names never heard", net.without(synapse(net, "heard"))},
      {"name held", net.with_clamped(name)},
      {"blunt softmax", net.with(person, LogSumExp{.beta = 0.03})},
      {"sparsemax", net.with(person, Sparsemax{.beta = 0.3})},
      {"slow to decide", net.with_tau(person, 2.0)},
  };
  const Table table = sweep(variants, {1, 2, 3, 4, 5, 6}, [&](const Network& variant, std::uint64_t seed) {
    return recall(memories, variant, seed);
  });

  std::filesystem::create_directories("out");
  save_csv("out/experiment.csv", table);
  save_npz("out/experiment.npz", to_npz(table));
  std::cout << net << '\n' << summary(table);
}
