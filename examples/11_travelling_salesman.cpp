// SPDX-License-Identifier: MIT
// The travelling salesman by Hopfield & Tank's network: tours are what it settles to. Reads a file of TSPLIB, counts
// how many starts end at a tour and how long these are, and holds them against the shortest tour, found apart by
// dynamic programming. Writes out/travelling_salesman.npz (tools/plot.py draws it).
#include "figure.hpp"
#include "travelling_salesman/tour.hpp"
#include "travelling_salesman/tsplib.hpp"

#include <hamlet/hamlet.hpp>

#include <models/hopfield_tank.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <limits>
#include <random>

namespace {

using namespace hamlet;
using tours::Tour;

constexpr Index most_cities = 18;  // for dynamic programming, which holds 2ᴺ N lengths

struct Options {
  std::string file;
  Index starts = 100;
  double beta = 20;
  double softest = 1;
  int stages = 10;
  double C = 1;
  unsigned seed = 1;
  std::string out = "out";
};

/// What a way of running the network came to.
struct Result {
  std::vector<Tour> valid;
  Tour best;
  double seconds = 0;
  bool descends = true;
  bool settled = true;
  State activities;  // of all starts, at the end
};

/// All neurons near 1/N, as far apart as chance has it.
State start(const Options& options, Index cities) {
  std::mt19937_64 random(options.seed);
  std::uniform_real_distribution<double> uniform(-0.5, 0.5);
  const double level = -std::log(static_cast<double>(cities) - 1);
  return State::NullaryExpr(cities * cities, options.starts, [&] { return (level + uniform(random)) / options.beta; });
}

/// Settles at every gain in turn, from where the one before has led.
Result solve(const State& distances, const Options& options, const std::vector<double>& gains,
             const std::string& name) {
  const auto begin = std::chrono::steady_clock::now();
  Result result;
  State x = start(options, distances.rows());
  for (const double beta : gains) {
    Flow flow = models::hopfield_tank(distances, {.C = options.C, .beta = beta});
    EnergyMonitor monitor{flow};
    Progress progress{fmt::format("{}, β = {:.3g}", name, beta)};
    const Outcome outcome =
        integrate(flow, x, {.stepper = Guarded{DormandPrince{}}, .end = 1000, .settled = 1e-4}, monitor, progress);
    result.descends = result.descends && monitor.verdict().descends;
    result.settled = outcome.status == Status::settled;
    result.activities = flow.activations(x);
  }
  for (Index sample = 0; sample < options.starts; ++sample) {
    if (const auto tour = tours::read(result.activities.col(sample), distances.rows())) result.valid.push_back(*tour);
  }
  const auto shorter = [&](const Tour& a, const Tour& b) {
    return tours::length(a, distances) < tours::length(b, distances);
  };
  if (!result.valid.empty()) result.best = *std::min_element(result.valid.begin(), result.valid.end(), shorter);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

std::vector<double> rising(const Options& options) {
  std::vector<double> gains;
  for (int stage = 0; stage < options.stages; ++stage) {
    gains.push_back(options.softest * std::pow(options.beta / options.softest, stage / (options.stages - 1.0)));
  }
  return gains;
}

void add_row(Table& table, const std::string& method, const std::vector<Tour>& valid, Index starts,
             const State& distances, double optimum, double seconds, const std::string& how) {
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  double least = nothing, most = nothing, sum = 0;
  for (const Tour& tour : valid) {
    const double length = tours::length(tour, distances);
    least = std::fmin(least, length);
    most = std::fmax(most, length);
    sum += length;
  }
  const double mean = sum / static_cast<double>(valid.size());
  table.add({{"method", method},
             {"starts", starts},
             {"tours", valid.size()},
             {"shortest", least},
             {"mean", mean},
             {"longest", most},
             {"best above optimum %", 100 * (least / optimum - 1)},
             {"mean above optimum %", 100 * (mean / optimum - 1)},
             {"seconds", seconds},
             {"how it ended", how}});
}

void draw_tour(Figure& figure, const std::string& title, const tsplib::Instance& instance, const Tour& tour) {
  figure.panel({.title = title, .equal = true});
  std::vector<double> x, y;
  for (std::size_t i = 0; i <= tour.size(); ++i) {
    x.push_back(instance.places(tour[i % tour.size()], 0));
    y.push_back(instance.places(tour[i % tour.size()], 1));
  }
  figure.line("way", x, y);
  figure.points("city", x, y);
  for (Index city = 0; city < instance.places.rows(); ++city) {
    figure.mark(std::to_string(city + 1), instance.places(city, 0), instance.places(city, 1));
  }
}

void draw_lengths(Figure& figure, const std::string& name, const std::vector<Tour>& valid, const State& distances,
                  Index starts) {
  std::vector<double> rank, lengths;
  for (const Tour& tour : valid) lengths.push_back(tours::length(tour, distances));
  std::sort(lengths.begin(), lengths.end());
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    rank.push_back(100 * static_cast<double>(i + 1) / static_cast<double>(starts));
  }
  if (!lengths.empty()) figure.points(name, lengths, rank);
}

Options parse(int argc, char** argv) {
  Options options;
  CLI::App app{"Finds short tours through the cities of a TSPLIB file with Hopfield & Tank's network."};
  app.option_defaults()->always_capture_default();
  app.add_option("file", options.file, "the cities: a TSPLIB file of type EUC_2D or GEO, 18 cities at most")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--starts", options.starts, "random states to start from")->check(CLI::PositiveNumber);
  app.add_option("--beta", options.beta, "gain of the neurons, at the end where it rises")->check(CLI::PositiveNumber);
  app.add_option("--softest", options.softest, "the gain to rise from")->check(CLI::PositiveNumber);
  app.add_option("--stages", options.stages, "gains on the way")->check(CLI::Range(2, 1000));
  app.add_option("--C", options.C, "weight of the number of visits")->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "of the starts");
  app.add_option("--out", options.out, "folder for travelling_salesman.npz");
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
  const tsplib::Instance instance = tsplib::load(options.file);
  const Index cities = instance.distances.rows();
  if (cities > most_cities) {
    throw ValueError(
        fmt::format("{} has {} cities: dynamic programming, which the tours are held against, takes {} at "
                    "most",
                    options.file, cities, most_cities));
  }
  std::filesystem::create_directories(options.out);
  const auto begin = std::chrono::steady_clock::now();
  const Tour shortest = tours::held_karp(instance.distances);
  const double optimum = tours::length(shortest, instance.distances);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  const Result plain = solve(instance.distances, options, {options.beta}, "one gain");
  const Result raised = solve(instance.distances, options, rising(options), "gain raised");

  const auto how = [](const Result& result) {
    return fmt::format("{}; {}", result.settled ? "settled" : "not settled", result.descends ? "Descends" : "Rises");
  };
  Table table;
  add_row(table, "network, one gain", plain.valid, options.starts, instance.distances, optimum, plain.seconds,
          how(plain));
  add_row(table, "network, gain raised", raised.valid, options.starts, instance.distances, optimum, raised.seconds,
          how(raised));
  add_row(table, "nearest neighbour", {tours::nearest_neighbour(instance.distances)}, cities, instance.distances,
          optimum, 0, "best of all starts");
  add_row(table, "dynamic programming", {shortest}, 1, instance.distances, optimum, seconds, "optimum");
  fmt::print("{}: {} cities, {} neurons. Tours: how many starts ended at one.\n\n", instance.name, cities,
             cities * cities);
  std::cout << table;

  Figure figure(fmt::format("{} by Hopfield & Tank's network", instance.name));
  if (const Tour& best = raised.best.empty() ? plain.best : raised.best; !best.empty()) {
    draw_tour(figure, fmt::format("best tour of the network: {}", tours::length(best, instance.distances)), instance,
              best);
  }
  draw_tour(figure, fmt::format("shortest tour (dynamic programming): {}", optimum), instance, shortest);
  figure.panel({.title = "tours of all starts", .x = "length", .y = "shorter or as long, % of all starts"});
  draw_lengths(figure, "one gain", plain.valid, instance.distances, options.starts);
  draw_lengths(figure, "gain raised", raised.valid, instance.distances, options.starts);
  figure.line("optimum", {optimum, optimum}, {0, 100});
  figure.save(options.out + "/travelling_salesman.npz");
  fmt::print("\nwrote {}/travelling_salesman.npz\n", options.out);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "travelling_salesman: " << error.what() << '\n';
  return 1;
}
