// SPDX-License-Identifier: MIT
// What steppers ask a flow that relax layers in turn, or that work on activations; the motion itself is in flow.cpp.
#include <hamlet/core/error.hpp>
#include <hamlet/network/flow.hpp>

#include "core/scratch.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hamlet {
namespace {

/// Layers that synapses join, as a graph.
using Neighbours = std::vector<std::vector<bool>>;

constexpr std::size_t none = static_cast<std::size_t>(-1);

/// A colour for every vertex, no two neighbours alike: the smallest that is free, breadth first from vertex 0, so that
/// a graph that can do with two colours gets two.
std::vector<std::size_t> coloured(const Neighbours& neighbours) {
  const std::size_t count = neighbours.size();
  std::vector<std::size_t> colour(count, none), queue;
  std::vector<bool> queued(count, false);
  const auto enqueue = [&](std::size_t vertex) {
    if (queued[vertex]) return;
    queued[vertex] = true;
    queue.push_back(vertex);
  };
  for (std::size_t next = 0, root = 0; root < count; ++root) {
    enqueue(root);
    for (; next < queue.size(); ++next) {
      const std::size_t vertex = queue[next];
      std::vector<bool> taken(count, false);
      for (std::size_t other = 0; other < count; ++other) {
        if (!neighbours[vertex][other]) continue;
        if (colour[other] != none) taken[colour[other]] = true;
        enqueue(other);
      }
      colour[vertex] = static_cast<std::size_t>(std::find(taken.begin(), taken.end(), false) - taken.begin());
    }
  }
  return colour;
}

}  // namespace

Vector<double> Flow::decay_rates() const {
  Vector<double> rates(network_.size());
  for (const Group& group : groups_) {
    rates.segment(group.first_row, group.inertia.size()) =
        (group.inertia.array() > 0).select(group.inertia.cwiseInverse(), 0);
  }
  return rates;
}

std::vector<IndependentSet> Flow::independent_sets() const {
  std::vector<std::size_t> moving;  // positions
  std::vector<std::size_t> vertex(groups_.size(), none);
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    if (!moves(at)) continue;
    vertex[at] = moving.size();
    moving.push_back(at);
  }
  Neighbours neighbours(moving.size(), std::vector<bool>(moving.size(), false));
  std::vector<bool> meets_itself(moving.size(), false);
  for (std::size_t synapse = 0; synapse < synapses_.size(); ++synapse) {
    const Synapse& model = network_.synapse(synapses_[synapse]);
    const std::vector<std::size_t>& joined = joins_[synapse];
    for (std::size_t slot = 0; slot < joined.size(); ++slot) {
      const std::size_t at = joined[slot];
      if (!moves(at)) continue;
      const bool twice = std::count(joined.begin(), joined.end(), at) > 1;
      if (twice || !model.concave_in(slot, joined.size())) {
        throw ModelError(fmt::format(
            "'{}' cannot relax while the other layers rest without a risk that E rises: the energy of '{}' ({}) is not "
            "known to be concave in its activation{}; DiscreteGradient and Guarded steppers can integrate it",
            layer_at(at).name, network_.name(synapses_[synapse]), model.name(),
            twice ? ", which fills two of its slots" : ""));
      }
      if (!model.linear_in(slot)) meets_itself[vertex[at]] = true;
      for (const std::size_t other : joined) {
        if (other != at && moves(other)) neighbours[vertex[at]][vertex[other]] = true;
      }
    }
  }
  const std::vector<std::size_t> colour = coloured(neighbours);
  const std::size_t count = moving.empty() ? 0 : 1 + *std::max_element(colour.begin(), colour.end());
  // The first layer has colour 0, and goes last.
  const auto set_of = [&](std::size_t v) { return count - 1 - colour[v]; };
  std::vector<IndependentSet> sets(count, {{}, std::vector<bool>(count, false)});
  for (std::size_t v = 0; v < moving.size(); ++v) {
    IndependentSet& set = sets[set_of(v)];
    set.layers.push_back(network_.rows(layers_[moving[v]]));
    if (meets_itself[v]) set.depends_on[set_of(v)] = true;
    for (std::size_t other = 0; other < moving.size(); ++other) {
      if (neighbours[v][other]) set.depends_on[set_of(other)] = true;
    }
  }
  return sets;
}

void Flow::mark(std::span<const Rows> layers, std::vector<bool>& marks) const {
  marks.assign(groups_.size(), false);
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    const Index first = groups_[at].first_row, end = first + groups_[at].inertia.size();
    marks[at] = std::any_of(layers.begin(), layers.end(),
                            [&](const Rows& rows) { return rows.first <= first && end <= rows.first + rows.count; });
  }
}

double Flow::derivative_of(std::span<const Rows> layers, std::span<const Rows> moved, const State& x, State& dxdt) {
  require_fit(x);
  mark(layers, wanted_);
  mark(moved, moved_);
  if (g_.rows() != x.rows() || g_.cols() != x.cols()) {
    make_room(x);
    moved_.assign(groups_.size(), true);
    outdated_.assign(synapses_.size(), true);
  }
  View g = view(g_), derivative = view(dxdt);
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    if (moved_[at]) layer_at(at).lagrangian.activation(block(x, at), block(g, at));
    if (wanted_[at]) decay(at, block(x, at), block(derivative, at));
  }
  ScratchEnergies term(x.cols());
  std::ptrdiff_t computed = 0, all = 0;
  for (std::size_t synapse = 0; synapse < synapses_.size(); ++synapse) {
    std::ptrdiff_t slots = 0;
    bool changed = false;
    for (const std::size_t at : joins_[synapse]) {
      if (moves(at)) ++all;
      if (moves(at) && wanted_[at]) ++slots;
      changed = changed || moved_[at];
    }
    computed += slots;
    if (slots > 0) {
      apply(synapse, view(std::as_const(g_)), &derivative, term, &wanted_);
      synaptic_.row(static_cast<Index>(synapse)) = term;
      outdated_[synapse] = false;
    } else if (changed) {
      outdated_[synapse] = true;
    }
  }
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    if (wanted_[at]) divide_by_inertia(at, block(derivative, at));
  }
  return all == 0 ? 0 : static_cast<double>(computed) / static_cast<double>(all);
}

void Flow::currents(const State& g, State& u) const {
  require_fit(g);
  u.setZero(g.rows(), g.cols());
  View into = view(u);
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    if (!moves(at)) continue;
    // I
    const State& input = groups_[at].input;
    View of_layer = block(into, at);
    if (input.cols() == 1) {
      of_layer.colwise() = input.col(0);
    } else {
      of_layer = input;
    }
  }
  // − Σ_s ∂E_s/∂g
  ScratchEnergies term(g.cols());
  for (std::size_t synapse = 0; synapse < synapses_.size(); ++synapse) apply(synapse, view(g), &into, term);
}

Energies Flow::potential(const State& g) const {
  Energies energies;
  potential(g, energies);
  return energies;
}

void Flow::potential(const State& g, Energies& energies) const {
  require_fit(g);
  energies.setZero(g.cols());
  ScratchEnergies term(g.cols());
  for (std::size_t synapse = 0; synapse < synapses_.size(); ++synapse) {
    apply(synapse, view(g), nullptr, term);
    energies += term;
  }
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    // − I·g
    const State& input = groups_[at].input;
    if (input.cols() == 1) {
      energies.noalias() -= input.transpose() * block(g, at);
    } else {
      energies -= input.cwiseProduct(block(g, at)).colwise().sum();
    }
  }
}

Energies Flow::conjugate(const State& x, const State& g) const {
  Energies energies;
  conjugate(x, g, energies);
  return energies;
}

void Flow::conjugate(const State& x, const State& g, Energies& energies) const {
  require_fit(x);
  energies.setZero(x.cols());
  ScratchEnergies values(x.cols());
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    // L* = x·g − L(x)
    layer_at(at).lagrangian.value(block(x, at), values);
    energies += block(x, at).cwiseProduct(block(g, at)).colwise().sum() - values;
  }
}

}  // namespace hamlet
