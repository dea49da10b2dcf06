// SPDX-License-Identifier: MIT
// The cheapest way through a graph by a network of neurons, one a link: Ali & Kamoun's, with their weights and with
// those that make its energy convex. Many random graphs, each answer held against Dijkstra's (Boost.Graph). Writes
// out/routing.npz (tools/plot.py draws it).
#include "figure.hpp"
#include "routing/graph.hpp"

#include <hamlet/hamlet.hpp>

#include <models/ali_kamoun.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace hamlet;
using models::AliKamoun;
using routing::Graph;

struct Options {
  Index nodes = 30;
  Index neighbours = 3;
  std::uint64_t graphs = 50;
  std::uint64_t seed = 1;
  std::string out = "out";
};

struct Method {
  std::string name;
  AliKamoun choice;
  Stepper stepper;
};

/// The weights of 1993, and those at which E is convex: the penalty of a node that loses or gains is large beside the
/// costs, so that little is lost or gained, and the gain is large beside the differences of costs. That makes it stiff.
std::vector<Method> methods() {
  std::vector<Method> all;
  const AliKamoun published;
  all.push_back({"1993: μ₄ = 250, β = 1", published, Guarded{DormandPrince{}}});
  if (Cvode::available()) {
    const AliKamoun convex{.mu1 = 20, .mu3 = 500, .mu4 = 0, .mu5 = 200, .beta = 200};
    all.push_back({"convex: μ₄ = 0, β = 200", convex, Cvode{1e-6, 1e-9}});
  }
  return all;
}

struct Run {
  Vector<double> activities;
  Outcome outcome;
  bool descends;
};

Run solve(const Graph& graph, const Method& method) {
  Flow flow = models::ali_kamoun(graph.nodes(), graph.arcs, graph.source(), graph.target(), method.choice);
  State x = State::Zero(flow.network().size(), 1);
  EnergyMonitor monitor{flow};
  const Outcome outcome = integrate(flow, x, {.stepper = method.stepper, .end = 1000, .settled = 1e-3}, monitor);
  return {flow.activations(x), outcome, monitor.verdict().descends};
}

Measures measure(const Graph& graph, const Method& method) {
  const Run run = solve(graph, method);
  const auto way = routing::read(graph, run.activities);
  const double least = routing::cost(graph, routing::dijkstra(graph));
  const double found = way ? routing::cost(graph, *way) : std::nan("");
  return {{"a way", way.has_value()},
          {"the cheapest", way && found <= least * (1 + 1e-12)},
          {"above the cheapest %", 100 * (found / least - 1)},
          {"settled", run.outcome.status == Status::settled},
          {"descends", run.descends},
          {"right-hand sides", static_cast<double>(run.outcome.statistics.right_hand_sides)},
          {"seconds", run.outcome.statistics.seconds}};
}

/// Of all graphs, how many; and the mean of those that have a number.
Table summarize(const Table& runs, const std::vector<Method>& all) {
  Table table;
  for (const Method& method : all) {
    Table::Row row{{"method", method.name}};
    for (const std::string& column : runs.columns()) {
      if (column == "variant" || column == "seed") continue;
      double sum = 0, count = 0;
      for (std::size_t run = 0; run < runs.texts("variant").size(); ++run) {
        const double value = runs.numbers(column)[run];
        if (runs.texts("variant")[run] != method.name || std::isnan(value)) continue;
        sum += value;
        ++count;
      }
      const bool counted = column == "a way" || column == "the cheapest" || column == "settled" || column == "descends";
      row.emplace_back(column, counted ? sum : sum / count);
    }
    table.add(row);
  }
  return table;
}

void draw_graph(Figure& figure, const std::string& title, const Graph& graph, const Vector<double>& activities,
                const std::string& name) {
  figure.panel({.title = title, .equal = true});
  const auto lines = [&](const std::string& legend, const auto& weight) {
    std::vector<double> x0, y0, x1, y1, thickness;
    for (std::size_t a = 0; a < graph.arcs.size(); ++a) {
      const models::Arc& arc = graph.arcs[a];
      x0.push_back(graph.places(arc.from, 0));
      y0.push_back(graph.places(arc.from, 1));
      x1.push_back(graph.places(arc.to, 0));
      y1.push_back(graph.places(arc.to, 1));
      thickness.push_back(weight(static_cast<Index>(a)));
    }
    figure.segments(legend, x0, y0, x1, y1, thickness);
  };
  lines("links", [](Index) { return 0.1; });
  lines(name, [&](Index a) { return activities[a]; });
  figure.mark("from", graph.places(graph.source(), 0), graph.places(graph.source(), 1));
  figure.mark("to", graph.places(graph.target(), 0), graph.places(graph.target(), 1));
}

void draw(const Options& options, const std::vector<Method>& all) {
  const Graph graph = routing::random_graph(options.nodes, options.neighbours, options.seed);
  Figure figure(fmt::format("The cheapest way through {} nodes and {} links", graph.nodes(), graph.arcs.size()));
  for (const Method& method : all) {
    const Run run = solve(graph, method);
    const auto way = routing::read(graph, run.activities);
    draw_graph(
        figure,
        method.name + "; " + (way ? fmt::format("cost {:.4f}", routing::cost(graph, *way)) : std::string("no way")),
        graph, run.activities, "v of each link");
  }
  const std::vector<std::size_t> way = routing::dijkstra(graph);
  Vector<double> taken = Vector<double>::Zero(static_cast<Index>(graph.arcs.size()));
  for (const std::size_t arc : way) taken[static_cast<Index>(arc)] = 1;
  draw_graph(figure, fmt::format("Dijkstra; cost {:.4f}", routing::cost(graph, way)), graph, taken, "way");
  figure.save(options.out + "/routing.npz");
}

Options parse(int argc, char** argv) {
  Options options;
  CLI::App app{"Finds cheapest ways through random graphs with Ali & Kamoun's network, and with Dijkstra's algorithm."};
  app.option_defaults()->always_capture_default();
  app.add_option("--nodes", options.nodes, "points in a square, the first and the last of which are to be joined")
      ->check(CLI::Range(4, 1000));
  app.add_option("--neighbours", options.neighbours, "nearest nodes that each is linked with, both ways")
      ->check(CLI::Range(2, 10));
  app.add_option("--graphs", options.graphs, "random graphs")->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "of the first graph, which is drawn; the others follow");
  app.add_option("--out", options.out, "folder for routing.npz");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  if (options.neighbours >= options.nodes) {
    throw ValueError(fmt::format("{} nodes have no {} neighbours each", options.nodes, options.neighbours));
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) try {
  const Options options = parse(argc, argv);
  std::filesystem::create_directories(options.out);
  const std::vector<Method> all = methods();
  std::vector<std::string> names;
  for (const Method& method : all) names.push_back(method.name);
  std::vector<std::uint64_t> seeds(options.graphs);
  std::iota(seeds.begin(), seeds.end(), options.seed);
  const Table runs =
      sweep(names, seeds,
            [&](std::size_t method, std::uint64_t seed) {
              return measure(routing::random_graph(options.nodes, options.neighbours, seed), all[method]);
            },
            {.progress = Progress{"routing"}});
  fmt::print(
      "{} random graphs of {} nodes: for how many there was a way, the cheapest (by Dijkstra), and what a run cost "
      "in the mean\n\n",
      options.graphs, options.nodes);
  std::cout << summarize(runs, all);
  draw(options, all);
  fmt::print("\nwrote {}/routing.npz\n", options.out);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "routing: " << error.what() << '\n';
  return 1;
}
