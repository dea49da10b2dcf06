// SPDX-License-Identifier: MIT
// How much a spin network holds, an experiment a subcommand: every one measures over many seeds, on all cores, prints a
// table and leaves out/NAME.npz (tools/plot.py draws it, with what theory says).
#include "capacity/basins.hpp"
#include "capacity/coding.hpp"
#include "capacity/errors.hpp"
#include "capacity/exponential.hpp"
#include "capacity/retrieval.hpp"
#include "capacity/storage.hpp"
#include "capacity/unlearning.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <iostream>

namespace {

struct Experiment {
  std::string name, what;
  capacity::Scale scale;
  capacity::Index least, most;  // neurons: fewer hold no pattern at the least load, more take too much memory
  capacity::Result (*run)(const capacity::Scale&);
};

std::vector<Experiment> experiments() {
  return {
      {"errors", "unstable bits of stored patterns against the load", {1000, 8}, 100, 10000, capacity::errors},
      {"retrieval",
       "what is left of a pattern against the load, through 0.138",
       {2000, 8},
       200,
       10000,
       capacity::retrieval},
      {"storage", "patterns that F = xⁿ holds against the number of neurons", {600, 4}, 80, 10000, capacity::storage},
      {"exponential", "what F = eˣ recalls of exp(αN) patterns", {20, 8}, 10, 26, capacity::exponential},
      {"unlearning",
       "recall against the number of dreams: its rise and its collapse",
       {200, 8},
       10,
       10000,
       capacity::unlearning},
      {"coding", "sparse patterns that are held against their coding level", {1000, 4}, 100, 46000, capacity::coding},
      {"basins", "how much of a pattern may be wrong against the load", {1000, 8}, 100, 10000, capacity::basins},
  };
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"Measures how much spin networks hold."};
  app.require_subcommand(1);
  std::string out = "out";
  std::vector<Experiment> all = experiments();
  for (Experiment& experiment : all) {
    CLI::App* command = app.add_subcommand(experiment.name, experiment.what);
    command->option_defaults()->always_capture_default();
    command->add_option("--neurons", experiment.scale.neurons, "of the largest network")
        ->check(CLI::Range(experiment.least, experiment.most));
    command->add_option("--seeds", experiment.scale.seeds, "runs of every setting")->check(CLI::PositiveNumber);
    command->add_option("--out", out, "folder for " + experiment.name + ".npz");
  }
  CLI11_PARSE(app, argc, argv);

  std::filesystem::create_directories(out);
  for (const Experiment& experiment : all) {
    if (!app.got_subcommand(experiment.name)) continue;
    const capacity::Result result = experiment.run(experiment.scale);
    std::cout << result.table;
    result.figure.save(out + "/" + experiment.name + ".npz");
    fmt::print("\nwrote {}/{}.npz\n", out, experiment.name);
  }
  return 0;
} catch (const std::exception& error) {
  std::cerr << "capacity: " << error.what() << '\n';
  return 1;
}
