// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/network/flow.hpp>

#include "core/larger.hpp"
#include "core/scratch.hpp"

#include <fmt/format.h>
#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {

Flow::Flow(Network network) : network_(std::move(network)), layers_(network_.layers()), synapses_(network_.synapses()) {
  if (layers_.empty()) throw ModelError("a flow needs a network with a layer: this one has none");
  for (const LayerHandle handle : layers_) {
    const Index count = network_.layer(handle).shape.size();
    groups_.push_back({network_.rows(handle).first, State::Zero(count, 1), Vector<double>(count), 0});
    release(handle);
    if (network_.layer(handle).clamped) clamp(handle);
  }
  for (const SynapseHandle handle : synapses_) {
    std::vector<std::size_t> slots;
    for (const LayerHandle layer : network_.joins(handle)) slots.push_back(position(layer));
    joins_.push_back(std::move(slots));
  }
}

Flow::InputReference& Flow::InputReference::operator=(const State& input) {
  if (input.rows() != layer_->shape.size() || input.cols() == 0) {
    throw ShapeError(fmt::format("the input of '{}' ({}) is {} × {}: it needs {} rows and one column, or one a sample",
                                 layer_->name, layer_->shape.text(), input.rows(), input.cols(), layer_->shape.size()));
  }
  for (Index sample = 0; sample < input.cols(); ++sample) {
    for (Index neuron = 0; neuron < input.rows(); ++neuron) {
      if (std::isfinite(input(neuron, sample))) continue;
      throw ValueError(fmt::format("the input of '{}' to neuron {} of sample {} is {}: it must be finite", layer_->name,
                                   neuron, sample, input(neuron, sample)));
    }
  }
  *input_ = input;
  return *this;
}

Flow::InputReference Flow::input(LayerHandle layer) { return {network_.layer(layer), groups_[position(layer)].input}; }

const State& Flow::input(LayerHandle layer) const { return groups_[position(layer)].input; }

void Flow::clamp(LayerHandle layer) {
  Group& group = groups_[position(layer)];
  group.inertia.setZero();
  group.held = group.inertia.size();
}

void Flow::clamp(LayerHandle layer, const std::vector<Index>& neurons) {
  Group& group = groups_[position(layer)];
  const Layer& of = network_.layer(layer);
  if (!of.lagrangian.elementwise()) {
    throw ModelError(
        fmt::format("{} of the {} neurons of '{}' cannot be clamped alone: {} is not a sum over neurons, "
                    "and the energy could rise",
                    neurons.size(), of.shape.size(), of.name, of.lagrangian.name()));
  }
  for (const Index neuron : neurons) {
    if (neuron >= 0 && neuron < of.shape.size()) continue;
    throw ValueError(fmt::format("neuron {} of '{}' cannot be clamped: it has neurons 0 to {}", neuron, of.name,
                                 of.shape.size() - 1));
  }
  for (const Index neuron : neurons) group.inertia[neuron] = 0;
  group.held = (group.inertia.array() == 0).count();
}

void Flow::release(LayerHandle layer) {
  Group& group = groups_[position(layer)];
  const TimeConstant& tau = network_.layer(layer).tau;
  for (Index neuron = 0; neuron < group.inertia.size(); ++neuron) group.inertia[neuron] = tau[neuron];
  group.held = 0;
}

Flow Flow::restricted_to(std::span<const Index> samples) const {
  Flow flow(network_);
  restricted_to(samples, flow);
  return flow;
}

void Flow::restricted_to(std::span<const Index> samples, Flow& flow) const {
  if (&flow == this) throw ModelError("a flow cannot be restricted into itself");
  const auto same_size = [](const Group& a, const Group& b) { return a.inertia.size() == b.inertia.size(); };
  if (!std::equal(groups_.begin(), groups_.end(), flow.groups_.begin(), flow.groups_.end(), same_size))
    throw ModelError("a flow can be restricted only into one of the same network");
  if (samples.empty()) throw ShapeError("a flow cannot be restricted to no sample");
  const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    const State& input = groups_[at].input;
    if (input.cols() == 1 || (*least >= 0 && *most < input.cols())) continue;
    throw ShapeError(fmt::format("a flow cannot be restricted to sample {}: the input of '{}' is of {}",
                                 *least < 0 ? *least : *most, layer_at(at).name, input.cols()));
  }
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    const State& input = groups_[at].input;
    State& chosen = flow.groups_[at].input;
    flow.groups_[at].inertia = groups_[at].inertia;
    flow.groups_[at].held = groups_[at].held;
    if (input.cols() == 1) {
      chosen = input;
      continue;
    }
    chosen.resize(input.rows(), static_cast<Index>(samples.size()));
    for (Index column = 0; column < chosen.cols(); ++column)
      chosen.col(column) = input.col(samples[static_cast<std::size_t>(column)]);
  }
}

void Flow::operator()(const State& x, State& dxdt, double) {
  require_fit(x);
  dxdt.resize(x.rows(), x.cols());
  make_room(x);
  outdated_.assign(synapses_.size(), false);
  activate(x, view(g_));
  if (held_ != nullptr) continue_from(*held_, x, view(g_));
  evaluate(x, view(std::as_const(g_)), view(dxdt), view(synaptic_));
}

void Flow::make_room(const State& x) {
  g_.resize(x.rows(), x.cols());
  synaptic_.resize(static_cast<Index>(synapses_.size()), x.cols());
}

void Flow::activate(const State& x, View g) const {
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    layer_at(at).lagrangian.activation(block(x, at), block(g, at));
  }
}

void Flow::evaluate(const State& x, const ConstView& g, View derivative, View synaptic) const {
  for (std::size_t at = 0; at < groups_.size(); ++at) decay(at, block(x, at), block(derivative, at));
  // − Σ_s ∂E_s/∂g
  ScratchEnergies term(x.cols());
  for (std::size_t synapse = 0; synapse < synapses_.size(); ++synapse) {
    apply(synapse, g, &derivative, term);
    synaptic.row(static_cast<Index>(synapse)) = term;
  }
  for (std::size_t at = 0; at < groups_.size(); ++at) divide_by_inertia(at, block(derivative, at));
}

void Flow::decay(std::size_t at, const ConstView& x, View derivative) const {
  // τẋ = I − x
  const State& input = groups_[at].input;
  derivative = -x;
  if (input.cols() == 1) {
    derivative.colwise() += input.col(0);
  } else {
    derivative += input;
  }
}

void Flow::divide_by_inertia(std::size_t at, View derivative) const {
  const Group& group = groups_[at];
  if (group.held == derivative.rows()) {
    derivative.setZero();
    return;
  }
  derivative.array().colwise() /= group.inertia.array();
  if (group.held == 0) return;
  for (Index neuron = 0; neuron < derivative.rows(); ++neuron) {
    if (group.inertia[neuron] == 0) derivative.row(neuron).setZero();
  }
}

void Flow::apply(std::size_t synapse, const ConstView& g, View* derivative, Eigen::Ref<Energies> energies,
                 const std::vector<bool>* into) const {
  boost::container::small_vector<ConstView, 8> activations;
  boost::container::small_vector<View, 8> currents;
  for (const std::size_t at : joins_[synapse]) {
    activations.push_back(block(g, at));
    const bool asked = derivative != nullptr && (into == nullptr || (*into)[at]);
    currents.push_back(asked ? wanted_current(*derivative, at)
                             : unwanted(activations.back().rows(), activations.back().cols()));
  }
  network_.synapse(synapses_[synapse])
      .apply({activations.data(), activations.size()}, {currents.data(), currents.size()}, energies);
}

View Flow::wanted_current(View& derivative, std::size_t at) const {
  View current = block(derivative, at);
  if (groups_[at].held < current.rows()) return current;
  return {nullptr, current.rows(), current.cols(), Eigen::OuterStride<>(current.rows())};
}

double Flow::residual(const State& derivative) const {
  require_fit(derivative);
  double residual = 0;
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    const ConstView of_layer = block(derivative, at);
    for (Index sample = 0; sample < derivative.cols(); ++sample)
      residual = larger(residual, largest(of_layer.col(sample).cwiseProduct(groups_[at].inertia)));
  }
  return residual;
}

Energies Flow::residuals(const State& derivative) const {
  require_fit(derivative);
  Energies largest = Energies::Zero(derivative.cols());
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    const ConstView of_layer = block(derivative, at);
    for (Index sample = 0; sample < derivative.cols(); ++sample) {
      // ‖τẋ‖∞
      const auto torque = of_layer.col(sample).cwiseProduct(groups_[at].inertia);
      largest[sample] = larger(largest[sample], hamlet::largest(torque));
    }
  }
  return largest;
}

double Flow::smallest_time_constant() const {
  double smallest = std::numeric_limits<double>::infinity();
  for (const Group& group : groups_) {
    for (const double tau : group.inertia) {
      if (tau > 0) smallest = std::min(smallest, tau);
    }
  }
  return smallest;
}

State Flow::activations(const State& x) const {
  State g;
  activations(x, g);
  return g;
}

void Flow::activations(const State& x, State& g) const {
  require_fit(x);
  g.resizeLike(x);
  activate(x, view(g));
}

const Layer& Flow::layer_at(std::size_t at) const { return network_.layer(layers_[at]); }

std::size_t Flow::position(LayerHandle layer) const {
  static_cast<void>(network_.layer(layer));
  return static_cast<std::size_t>(std::find(layers_.begin(), layers_.end(), layer) - layers_.begin());
}

View Flow::block(View& all, std::size_t at) const {
  return {all.data() + groups_[at].first_row, groups_[at].inertia.size(), all.cols(),
          Eigen::OuterStride<>(all.outerStride())};
}

ConstView Flow::block(const ConstView& all, std::size_t at) const {
  return {all.data() + groups_[at].first_row, groups_[at].inertia.size(), all.cols(),
          Eigen::OuterStride<>(all.outerStride())};
}

void Flow::require_fit(const State& x) const {
  if (x.rows() != network_.size()) {
    throw ShapeError(fmt::format("the state has {} rows, the network {} neurons", x.rows(), network_.size()));
  }
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    const Index samples = groups_[at].input.cols();
    if (samples == 1 || samples == x.cols()) continue;
    throw ShapeError(
        fmt::format("the input of '{}' is of {} samples, the state of {}", layer_at(at).name, samples, x.cols()));
  }
}

}  // namespace hamlet
