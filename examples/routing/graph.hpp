// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/hamlet.hpp>

#include <models/ali_kamoun.hpp>

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>

#include <algorithm>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace routing {

using hamlet::Index;
using hamlet::models::Arc;

/// Points in a square, and the links between them. The way sought is from the first to the last.
struct Graph {
  hamlet::State places;  // nodes × 2
  std::vector<Arc> arcs;

  Index nodes() const { return places.rows(); }
  Index source() const { return 0; }
  Index target() const { return nodes() - 1; }
};

/// Every node is linked, both ways, with its nearest; the nodes are in order from the left, and neighbours in that
/// order are linked too, so that there is a way. A link costs its length times a number from ½ to 1½, and the dearest
/// costs 1.
inline Graph random_graph(Index nodes, Index neighbours, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  Graph graph{hamlet::State::NullaryExpr(nodes, 2, [&] { return uniform(random); }), {}};
  hamlet::Vector<double> left = graph.places.col(0);
  std::sort(left.begin(), left.end());
  graph.places.col(0) = left;

  std::set<std::pair<Index, Index>> linked;
  for (Index node = 0; node < nodes; ++node) {
    const auto distance = [&](Index other) { return (graph.places.row(node) - graph.places.row(other)).norm(); };
    std::vector<Index> others(static_cast<std::size_t>(nodes));
    std::iota(others.begin(), others.end(), Index{0});
    std::sort(others.begin(), others.end(), [&](Index a, Index b) { return distance(a) < distance(b); });
    for (Index rank = 1; rank <= neighbours; ++rank) {  // others[0] is the node itself
      linked.insert(std::minmax(node, Index{others[static_cast<std::size_t>(rank)]}));
    }
    if (node + 1 < nodes) linked.insert({node, node + 1});
  }
  for (const auto& [a, b] : linked) {
    const double length = (graph.places.row(a) - graph.places.row(b)).norm();
    graph.arcs.push_back({a, b, length * (0.5 + uniform(random))});
    graph.arcs.push_back({b, a, length * (0.5 + uniform(random))});
  }
  const auto cheaper = [](const Arc& a, const Arc& b) { return a.cost < b.cost; };
  const double dearest = std::max_element(graph.arcs.begin(), graph.arcs.end(), cheaper)->cost;
  for (Arc& arc : graph.arcs) arc.cost /= dearest;
  return graph;
}

/// Links in the order they are taken.
using Way = std::vector<std::size_t>;

inline double cost(const Graph& graph, const Way& way) {
  return std::accumulate(way.begin(), way.end(), 0.0,
                         [&](double sum, std::size_t arc) { return sum + graph.arcs[arc].cost; });
}

/// The way of the links with v ≥ ½, nothing unless they are one way from source to target and no more.
inline std::optional<Way> read(const Graph& graph, const hamlet::Vector<double>& activities) {
  std::vector<std::size_t> taken;
  for (std::size_t arc = 0; arc < graph.arcs.size(); ++arc) {
    if (activities[static_cast<Index>(arc)] >= 0.5) taken.push_back(arc);
  }
  Way way;
  for (Index node = graph.source(); node != graph.target();) {
    const auto leaves = [&](std::size_t arc) { return graph.arcs[arc].from == node; };
    const auto next = std::find_if(taken.begin(), taken.end(), leaves);
    if (next == taken.end() || way.size() == taken.size()) return {};
    way.push_back(*next);
    node = graph.arcs[*next].to;
  }
  return way.size() == taken.size() ? std::optional(way) : std::nullopt;
}

/// The cheapest way. There is one in every graph of `random_graph`.
inline Way dijkstra(const Graph& graph) {
  using Weighted = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property,
                                                      boost::property<boost::edge_weight_t, double>>;
  std::vector<std::pair<std::size_t, std::size_t>> ends;
  std::vector<double> costs;
  for (const Arc& arc : graph.arcs) {
    ends.emplace_back(arc.from, arc.to);
    costs.push_back(arc.cost);
  }
  const auto nodes = static_cast<std::size_t>(graph.nodes());
  const Weighted weighted(boost::edges_are_unsorted_multi_pass, ends.begin(), ends.end(), costs.begin(), nodes);
  std::vector<std::size_t> before(nodes);
  boost::dijkstra_shortest_paths(weighted, static_cast<std::size_t>(graph.source()),
                                 boost::predecessor_map(before.data()));
  Way way;
  for (auto node = static_cast<std::size_t>(graph.target()); node != static_cast<std::size_t>(graph.source());
       node = before[node]) {
    const auto joins = [&](const Arc& arc) {
      return static_cast<std::size_t>(arc.from) == before[node] && static_cast<std::size_t>(arc.to) == node;
    };
    const auto arc = std::find_if(graph.arcs.begin(), graph.arcs.end(), joins);
    way.insert(way.begin(), static_cast<std::size_t>(arc - graph.arcs.begin()));
  }
  return way;
}

}  // namespace routing
