// SPDX-License-Identifier: MIT
#include <hamlet/attractor/basins.hpp>
#include <hamlet/attractor/settle.hpp>
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>

#include "core/aligned.hpp"
#include "core/attractor_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ostream>
#include <sstream>

namespace hamlet {
namespace {

void check(const Flow& flow, const State& starts, const BasinOptions& options, LayerHandle of_memories) {
  for (const auto& [name, value] :
       {std::pair{"residual", options.residual}, {"end", options.end}, {"same", options.same}})
    if (!(value > 0 && std::isfinite(value)))
      throw ValueError(fmt::format("basins: {} is {}: it must be positive and finite", name, value));
  for (const auto& [name, value] : {std::pair{"recalled", options.recalled}, {"mixed", options.mixed}})
    if (!(value > 0 && value <= 1))
      throw ValueError(fmt::format("basins: {} is {}: it must be in (0, 1]", name, value));
  if (starts.cols() == 0) throw ShapeError("basins: there is no start");
  const Index neurons = flow.network().size();
  if (starts.rows() != neurons)
    throw ShapeError(fmt::format("basins: starts is {} × {}: it holds one start a column, of {} rows here{}",
                                 starts.rows(), starts.cols(), neurons,
                                 starts.cols() == neurons ? "; it looks transposed: give starts.transpose()" : ""));
  for (const LayerHandle layer : flow.network().layers()) {
    if (flow.input(layer).cols() == 1) continue;
    throw ValueError(
        fmt::format("basins: the input of '{}' differs from sample to sample: they have no landscape in "
                    "common",
                    flow.network().layer(layer).name));
  }
  const Layer& layer = flow.network().layer(of_memories);
  if (options.memories.rows() > 0 && options.memories.cols() != layer.shape.size())
    throw ShapeError(fmt::format(
        "basins: memories is {} × {}: it holds one memory a row, of {} columns for the layer '{}' ({}){}",
        options.memories.rows(), options.memories.cols(), layer.shape.size(), layer.name, layer.shape.text(),
        options.memories.rows() == layer.shape.size() ? "; it looks transposed: give memories.transpose()" : ""));
}

/// Follows the flow, whose basins they are, until it is near rest; from there fixed-point iteration ends at the same
/// attractor, to rounding.
void settle_along(Flow& flow, State& states, const BasinOptions& options) {
  const double near = std::max(1e-4, options.residual);
  integrate(flow, states, {.end = options.end, .settled = near});
  State derivative;
  flow(states, derivative, 0);
  const Energies residuals = flow.residuals(derivative);
  std::vector<Index> resting;
  for (Index start = 0; start < states.cols(); ++start)
    if (residuals[start] <= near) resting.push_back(start);
  if (resting.empty()) return;
  State at_rest = states(Eigen::all, resting);
  settle(flow, at_rest);
  states(Eigen::all, resting) = at_rest;
}

/// ξ·g/(‖ξ‖‖g‖) of every memory.
Vector<double> overlaps_of(const State& memories, const Vector<double>& g) {
  const double length = g.norm();
  if (length == 0) return Vector<double>::Zero(memories.rows());
  return (memories * g).cwiseQuotient(memories.rowwise().norm().cwiseMax(std::numeric_limits<double>::min())) / length;
}

AttractorKind kind_of(const Vector<double>& overlaps, const BasinOptions& options) {
  if (overlaps.size() == 0) return AttractorKind::other;
  if (overlaps.maxCoeff() >= options.recalled) return AttractorKind::memory;
  if (overlaps.minCoeff() <= -options.recalled) return AttractorKind::ghost;
  return (overlaps.array().abs() >= options.mixed).count() >= 2 ? AttractorKind::mixture : AttractorKind::other;
}

/// Puts the most frequent first, and tells the starts.
void sort(Basins& basins) {
  std::vector<Index> order(basins.attractors.size());
  std::iota(order.begin(), order.end(), Index{0});
  const auto at = [&](Index k) -> const Attractor& { return basins.attractors[static_cast<std::size_t>(k)]; };
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return at(a).starts != at(b).starts ? at(a).starts > at(b).starts : at(a).energy < at(b).energy;
  });
  std::vector<Index> place(order.size());
  std::vector<Attractor> sorted;
  for (const Index k : order) {
    place[static_cast<std::size_t>(k)] = static_cast<Index>(sorted.size());
    sorted.push_back(at(k));
  }
  basins.attractors = std::move(sorted);
  for (Index& attractor : basins.of_start)
    if (attractor >= 0) attractor = place[static_cast<std::size_t>(attractor)];
}

}  // namespace

Basins basins(const Flow& flow, const State& starts, const BasinOptions& options) {
  const Network& net = flow.network();
  const LayerHandle layer = options.layer.value_or(net.layers().front());
  const Rows where = net.rows(layer);
  check(flow, starts, options, layer);

  Flow moving = flow;
  State ends = starts;
  settle_along(moving, ends, options);
  State derivative;
  moving(ends, derivative, 0);
  const Energies residuals = moving.residuals(derivative), energies = moving.energy(ends);
  const State g = moving.activations(ends);
  const State from = moving.activations(starts).middleRows(where.first, where.count);

  Basins result;
  std::vector<Index> representative;  // of each attractor, a column
  for (Index start = 0; start < starts.cols(); ++start) {
    if (!(residuals[start] <= options.residual)) {
      result.of_start.push_back(-1);
      ++result.unsettled;
      continue;
    }
    const auto known = std::find_if(representative.begin(), representative.end(), [&](Index column) {
      return (g.col(column) - g.col(start)).lpNorm<Eigen::Infinity>() <= options.same;
    });
    const auto at = static_cast<std::size_t>(known - representative.begin());
    if (known == representative.end()) {
      representative.push_back(start);
      Attractor found{AttractorKind::other, ends.col(start), energies[start], {}, -1, 0, 0, 0};
      if (options.memories.rows() > 0) {
        found.overlaps = overlaps_of(options.memories, g.col(start).segment(where.first, where.count));
        found.overlaps.cwiseAbs().maxCoeff(&found.nearest);
        found.kind = kind_of(found.overlaps, options);
      }
      result.attractors.push_back(std::move(found));
    }
    Attractor& attractor = result.attractors[at];
    const double distance = (from.col(start) - g.col(representative[at]).segment(where.first, where.count)).norm();
    attractor.farthest = std::max(attractor.farthest, distance);
    attractor.distance += distance;
    ++attractor.starts;
    result.of_start.push_back(static_cast<Index>(at));
  }
  for (Attractor& attractor : result.attractors) attractor.distance /= static_cast<double>(attractor.starts);
  sort(result);
  return result;
}

Basins basins(const Network& network, const State& starts, const BasinOptions& options) {
  return basins(Flow{network}, starts, options);
}

Index Basins::starts(AttractorKind kind) const {
  Index sum = 0;
  for (const Attractor& attractor : attractors)
    if (attractor.kind == kind) sum += attractor.starts;
  return sum;
}

std::string Basins::text() const {
  std::vector<std::vector<std::string>> lines{
      {"attractor", "kind", "memory", "overlap", "starts", "energy", "distance", "farthest"}};
  for (const Attractor& attractor : attractors) {
    const bool known = attractor.nearest >= 0;
    lines.push_back({fmt::format("{}", lines.size()), words(attractor.kind),
                     known ? fmt::format("{}", attractor.nearest) : "",
                     known ? fmt::format("{:.3f}", attractor.overlaps[attractor.nearest]) : "",
                     fmt::format("{}", attractor.starts), fmt::format("{:.6g}", attractor.energy),
                     fmt::format("{:.3g}", attractor.distance), fmt::format("{:.3g}", attractor.farthest)});
  }
  std::string sum = fmt::format("{} starts: {} to memories, {} to ghosts, {} to mixtures, {} to others",
                                of_start.size(), starts(AttractorKind::memory), starts(AttractorKind::ghost),
                                starts(AttractorKind::mixture), starts(AttractorKind::other));
  if (unsettled > 0) sum += fmt::format("; {} did not come to rest", unsettled);
  return aligned(lines, {Side::right, Side::left, Side::right, Side::right, Side::right, Side::right, Side::right,
                         Side::right}) +
         sum + '\n';
}

std::ostream& operator<<(std::ostream& out, const Basins& basins) { return out << basins.text(); }

}  // namespace hamlet
