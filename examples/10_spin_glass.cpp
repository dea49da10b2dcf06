// SPDX-License-Identifier: MIT
// Low states of the Sherrington–Kirkpatrick spin glass: relaxations from many random states, and a search that kicks
// the best state and relaxes again; held against all 2ᴺ states of small systems, and against Parisi's energy for large
// ones. Writes out/spin_glass.npz (tools/plot.py draws it).
#include "figure.hpp"
#include "spin_glass/ground_state.hpp"

#include <hamlet/hamlet.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <iostream>
#include <numeric>

namespace {

using namespace hamlet;

constexpr double parisi = -0.7631667;  // lim E/N
constexpr Index enumerable = 20;

struct Options {
  std::vector<Index> sizes{14, 50, 100, 200, 500, 1000};
  std::uint64_t glasses = 8;
  long starts = 200;
  long kicks = 5000;
  std::uint64_t seed = 1;
  std::string out = "out";
};

/// What the ground state has on average: Boettcher, "Extremal optimization for Sherrington–Kirkpatrick spin glasses",
/// European Physical Journal B 46, 2005.
double ground_energy(double N) { return parisi + 0.70 * std::pow(N, -2.0 / 3); }

double per_spin(const SpinOutcome& outcome, Index N) { return outcome.energy.value() / static_cast<double>(N); }

Measures search(Index N, const Options& options, std::uint64_t seed) {
  Spins::Random random(seed);
  const State J = spin_glass::couplings(N, random);
  const SpinNetwork net = CoupledSpins(J);
  double sum = 0, best = 0;
  Spins state;
  for (long start = 0; start < options.starts; ++start) {
    Spins spins = Spins::random(N, random);
    const double energy = per_spin(relax(net, spins, {.seed = random()}), N);
    sum += energy;
    if (energy < best) {
      best = energy;
      state = spins;
    }
  }
  // A kick turns a few spins; what relaxes to no higher energy is kept.
  double kicked = best;
  for (long kick = 0; kick < options.kicks; ++kick) {
    const Index turned = 1 + static_cast<Index>(random() % static_cast<std::uint64_t>(std::max<Index>(2, N / 10)));
    Spins spins = state.with_flips(turned, random);
    const double energy = per_spin(relax(net, spins, {.seed = random()}), N);
    if (energy > kicked) continue;
    kicked = energy;
    state = spins;
  }
  const double exact = N <= enumerable ? spin_glass::least_energy(J) / static_cast<double>(N) : std::nan("");
  const auto found = [&](double energy) {
    return std::isnan(exact) ? exact : std::abs(energy - exact) < 1e-12 ? 1 : 0;
  };
  return {{"mean of starts", sum / static_cast<double>(options.starts)},
          {"best of starts", best},
          {"kicked", kicked},
          {"ground state", exact},
          {"best is it", found(best)},
          {"kicked is it", found(kicked)}};
}

Options parse(int argc, char** argv) {
  Options options;
  CLI::App app{"Seeks ground states of Sherrington–Kirkpatrick spin glasses by relaxing."};
  app.option_defaults()->always_capture_default();
  app.add_option("--sizes", options.sizes, "numbers of spins; all states of 20 or fewer are looked at")
      ->check(CLI::Range(2, 10000));
  app.add_option("--glasses", options.glasses, "of every size, at random")->check(CLI::PositiveNumber);
  app.add_option("--starts", options.starts, "random states to relax from")->check(CLI::PositiveNumber);
  app.add_option("--kicks", options.kicks, "times the best state is kicked")->check(CLI::NonNegativeNumber);
  app.add_option("--seed", options.seed, "of the first glass; the others follow");
  app.add_option("--out", options.out, "folder for spin_glass.npz");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) try {
  const Options options = parse(argc, argv);
  std::filesystem::create_directories(options.out);
  std::vector<std::string> names;
  for (const Index N : options.sizes) names.push_back(std::to_string(N));
  std::vector<std::uint64_t> seeds(options.glasses);
  std::iota(seeds.begin(), seeds.end(), options.seed);
  const Table means = summary(sweep(
      names, seeds, [&](std::size_t size, std::uint64_t seed) { return search(options.sizes[size], options, seed); },
      {.progress = Progress{"spin glass"}}));

  Table table;
  std::vector<double> sizes, x, y;
  const std::vector<std::string> kinds{"mean of starts", "best of starts", "kicked"};
  std::vector<std::vector<double>> energies(kinds.size()), bars(kinds.size());
  for (std::size_t size = 0; size < options.sizes.size(); ++size) {
    sizes.push_back(static_cast<double>(options.sizes[size]));
    Table::Row row{{"N", options.sizes[size]}};
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      energies[kind].push_back(means.numbers(kinds[kind])[size]);
      bars[kind].push_back(options.glasses == 1 ? 0
                                                : means.numbers(kinds[kind] + " ±")[size] /
                                                      std::sqrt(static_cast<double>(options.glasses)));
      row.emplace_back(kinds[kind], energies[kind].back());
    }
    row.emplace_back("±", bars.back().back());
    row.emplace_back("−0.7632 + 0.70 N^(−2/3)", ground_energy(sizes.back()));
    for (const char* column : {"ground state", "best is it", "kicked is it"}) {
      row.emplace_back(column, means.numbers(column)[size]);
    }
    table.add(row);
  }
  fmt::print(
      "E/N of {} glasses of every size, {} starts and {} kicks each; the ground state by looking at all states.\n\n",
      options.glasses, options.starts, options.kicks);
  std::cout << table;

  Figure figure("Sherrington–Kirkpatrick: energies found by relaxing");
  figure.panel({.x = "spins N", .y = "E/N", .log_x = true});
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) figure.points(kinds[kind], sizes, energies[kind], bars[kind]);
  const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
  for (double N = *least; N < 1.05 * *most; N *= 1.05) {
    x.push_back(N);
    y.push_back(ground_energy(N));
  }
  figure.line("ground states, −0.7632 + 0.70 N^(−2/3)", x, y);
  figure.line("Parisi, N → ∞", {*least, *most}, {parisi, parisi});
  figure.save(options.out + "/spin_glass.npz");
  fmt::print("\nwrote {}/spin_glass.npz\n", options.out);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "spin_glass: " << error.what() << '\n';
  return 1;
}
