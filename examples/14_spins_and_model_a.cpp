// SPDX-License-Identifier: MIT
// Two rules that are easily taken for one: the update of 2016, which compares the energies of both signs of a spin, and
// the sign dynamics of Model A, whose current F′ keeps the spin's own part. On the same memories, where do they decide
// alike, and where do they end? Prints the table of docs/spin.md.
#include <hamlet/hamlet.hpp>

#include <models/model_a.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace hamlet;

/// An F as spins know it and as a Lagrangian.
struct Rule {
  std::string name;
  std::function<SpinNetwork(const SpinPatterns&)> spins;
  Lagrangian lagrangian;
};

template <class F>
Rule rule(std::string name, const F& f, Lagrangian lagrangian) {
  return {std::move(name), [f](const SpinPatterns& memories) { return DenseSpins(memories, f); },
          std::move(lagrangian)};
}

/// u of τ v̇ = u − v at v = σ: what Model A draws every spin to.
Vector<double> currents(Flow& model_a, const Spins& spins) {
  const State v = spins.column();
  State derivative;
  model_a(v, derivative, 0);
  return derivative + v;
}

/// Where the signs of v end, from v = σ|u|.
Spins end_of_model_a(Flow& model_a, const Spins& start) {
  State v = start.column().cwiseProduct(currents(model_a, start).cwiseAbs());
  integrate(model_a, v, {.stepper = Euler{.step = 0.05}, .end = 40, .settled = 1e-9 * v.cwiseAbs().maxCoeff()});
  return Spins::sign(v.col(0));
}

/// Shares of all there were.
struct Tally {
  double decisions = 0, alike = 0, only_spins_flip = 0, only_model_a_flips = 0;
  double runs = 0, same_end = 0, spins_recall = 0, model_a_recalls = 0;

  void decide(const SpinNetwork& network, Flow& model_a, const Spins& state) {
    const Vector<double> u = currents(model_a, state);
    const auto run = network.run(state);
    for (Index i = 0; i < state.size(); ++i) {
      const bool spins_flip = run->pull(i) == -state[i], model_a_flips = u[i] * state[i] < 0;
      decisions += 1;
      alike += spins_flip == model_a_flips ? 1 : 0;
      only_spins_flip += spins_flip && !model_a_flips ? 1 : 0;
      only_model_a_flips += model_a_flips && !spins_flip ? 1 : 0;
    }
  }

  void end(const SpinNetwork& network, Flow& model_a, const Spins& start, const Spins& memory) {
    Spins spins = start;
    relax(network, spins);
    const Spins by_model_a = end_of_model_a(model_a, start);
    runs += 1;
    same_end += spins == by_model_a ? 1 : 0;
    spins_recall += spins == memory ? 1 : 0;
    model_a_recalls += by_model_a == memory ? 1 : 0;
  }

  std::string row(const std::string& name, Index K) const {
    return fmt::format("| {} | {} | {:.2f} | {:.2f} | {:.2f} | {:.0f} | {:.0f} | {:.0f} |\n", name, K,
                       100 * alike / decisions, 100 * only_spins_flip / decisions, 100 * only_model_a_flips / decisions,
                       100 * same_end / runs, 100 * spins_recall / runs, 100 * model_a_recalls / runs);
  }
};

}  // namespace

int main(int argc, char** argv) try {
  Index N = 100;
  int instances = 20;
  CLI::App app{
      "Compares the asynchronous update of 2016 with the sign dynamics of Model A on the same memories: in how many "
      "decisions they agree, at states a fifth of a memory away, and where relaxations from there end. Prints a "
      "table."};
  app.add_option("--spins", N, "N")->check(CLI::Range(20, 300))->capture_default_str();
  app.add_option("--instances", instances, "Sets of memories for each row")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const std::vector<Rule> rules{
      rule("x²", interaction::Power{2}, Power{.n = 2}),
      rule("x³", interaction::Power{3}, Power{.n = 3}),
      rule("max(x, 0)²", interaction::RectifiedPower{2}, RectifiedPower{.n = 2}),
      rule("max(x, 0)³", interaction::RectifiedPower{3}, RectifiedPower{.n = 3}),
      rule("eˣ", interaction::Exponential{}, Exponential{}),
  };
  std::cout << fmt::format(
      "{} spins, {} sets of memories a row, ten cues each with a fifth of their spins flipped; all in %.\n\n", N,
      instances);
  std::cout
      << "| F | K | decide alike | only 2016 flips | only Model A flips | same end | 2016 recalls | Model A recalls "
         "|\n|---|---|---|---|---|---|---|---|\n";
  for (const Rule& rule : rules) {
    for (const Index K : {N / 20, N / 4, 2 * N}) {
      Tally tally;
      Spins::Random random(static_cast<std::uint64_t>(K));
      for (int instance = 0; instance < instances; ++instance) {
        const SpinPatterns memories = SpinPatterns::random(K, N, random);
        const SpinNetwork network = rule.spins(memories);
        Flow model_a{models::model_a(memories.matrix(), {.F = rule.lagrangian})};
        for (int cue = 0; cue < 10; ++cue) {
          const Spins memory = memories[cue % K], start = memory.with_flips(N / 5, random);
          tally.decide(network, model_a, start);
          tally.end(network, model_a, start, memory);
        }
      }
      std::cout << tally.row(rule.name, K) << std::flush;
    }
  }
} catch (const std::exception& error) {
  std::cerr << "spins_and_model_a: " << error.what() << '\n';
  return 1;
}
