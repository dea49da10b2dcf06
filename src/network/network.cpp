// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/network/network.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>

namespace hamlet {
namespace {

std::uint64_t next_id() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

/// "'pixels' (28 × 28 × 1 = 784) and 'memories' (900)"
std::string described(const std::vector<const Layer*>& layers) {
  std::vector<std::string> parts;
  for (const Layer* layer : layers) parts.push_back(fmt::format("'{}' ({})", layer->name, layer->shape.text()));
  return fmt::format("{}", fmt::join(parts, " and "));
}

/// Throws unless the layer's Lagrangian, shape and time constant go together.
void require_consistent(const Layer& layer) {
  if (const std::string reason = layer.lagrangian.misfit(layer.shape); !reason.empty()) {
    throw ShapeError(fmt::format("layer '{}' ({}) cannot have the Lagrangian {}: {}", layer.name, layer.shape.text(),
                                 layer.lagrangian.name(), reason));
  }
  if (const std::string fault = layer.tau.fault(); !fault.empty()) {
    throw ValueError(fmt::format("layer '{}' has the time constant {}", layer.name, fault));
  }
  if (layer.tau.uniform()) return;
  if (layer.tau.count() != layer.shape.size()) {
    throw ShapeError(
        fmt::format("layer '{}' ({}) is given {} time constants", layer.name, layer.shape.text(), layer.tau.count()));
  }
  if (!layer.lagrangian.elementwise()) {
    throw ModelError(
        fmt::format("layer '{}' is given one time constant a neuron ({} … {}), but {} is not a sum over "
                    "neurons: the energy could rise",
                    layer.name, layer.tau.smallest(), layer.tau.largest(), layer.lagrangian.name()));
  }
}

}  // namespace

LayerHandle Network::add(Layer layer) {
  if (layer.name.empty()) throw ValueError(fmt::format("a layer of shape {} has no name", layer.shape.text()));
  if (has_name(layer.name)) throw ValueError(fmt::format("there is a layer or synapse named '{}' already", layer.name));
  require_consistent(layer);
  const LayerHandle handle{next_id()};
  groups_.push_back({handle, std::move(layer), size()});
  return handle;
}

SynapseHandle Network::connect(const std::vector<LayerHandle>& layers, Synapse synapse, std::string name) {
  std::vector<const Layer*> joined;
  std::vector<Shape> shapes;
  std::vector<std::string> names;
  for (const LayerHandle handle : layers) {
    joined.push_back(&layer(handle));
    shapes.push_back(joined.back()->shape);
    names.push_back(joined.back()->name);
  }
  if (const std::string reason = synapse.misfit(shapes); !reason.empty()) {
    throw ShapeError(
        fmt::format("synapse {} joins {}: {}", synapse.name(), joined.empty() ? "nothing" : described(joined), reason));
  }
  if (name.empty()) {
    const std::string kind = synapse.name().substr(0, synapse.name().find('('));
    name = unused_name(fmt::format("{} {}", kind, fmt::join(names, "–")));
  } else if (has_name(name)) {
    throw ValueError(fmt::format("there is a layer or synapse named '{}' already", name));
  }
  const SynapseHandle handle{next_id()};
  junctions_.push_back({handle, std::move(synapse), std::move(name), layers});
  return handle;
}

Index Network::size() const {
  return groups_.empty() ? 0 : groups_.back().first_row + groups_.back().layer.shape.size();
}

State Network::zeros(Index samples) const {
  if (samples < 0) throw ValueError(fmt::format("a state of {} samples", samples));
  return State::Zero(size(), samples);
}

View Network::block(State& state, LayerHandle layer) const {
  const ConstView view = block(std::as_const(state), layer);
  return hamlet::rows(state, view.data() - state.data(), view.rows());
}

ConstView Network::block(const State& state, LayerHandle layer) const {
  const Group& group = at(layer);
  if (state.rows() != size()) {
    throw ShapeError(fmt::format("the state has {} rows, the network {} neurons", state.rows(), size()));
  }
  return hamlet::rows(state, group.first_row, group.layer.shape.size());
}

std::vector<LayerHandle> Network::layers() const {
  std::vector<LayerHandle> handles;
  for (const Group& group : groups_) handles.push_back(group.handle);
  return handles;
}

std::vector<SynapseHandle> Network::synapses() const {
  std::vector<SynapseHandle> handles;
  for (const Junction& junction : junctions_) handles.push_back(junction.handle);
  return handles;
}

const Layer& Network::layer(LayerHandle handle) const { return at(handle).layer; }
Rows Network::rows(LayerHandle handle) const {
  const Group& group = at(handle);
  return {group.first_row, group.layer.shape.size()};
}
const Synapse& Network::synapse(SynapseHandle handle) const { return at(handle).synapse; }
const std::vector<LayerHandle>& Network::joins(SynapseHandle handle) const { return at(handle).layers; }
const std::string& Network::name(SynapseHandle handle) const { return at(handle).name; }

LayerHandle Network::find(std::string_view name) const {
  for (const Group& group : groups_) {
    if (group.layer.name == name) return group.handle;
  }
  throw UnknownError(fmt::format("there is no layer '{}'; {}", name, inventory()));
}

Network Network::without(SynapseHandle handle) const {
  Network copy = *this;
  copy.erase(handle);
  return copy;
}

Network Network::with(LayerHandle handle, Lagrangian lagrangian) const {
  Network copy = *this;
  Layer& layer = copy.at(handle).layer;
  layer.lagrangian = std::move(lagrangian);
  require_consistent(layer);
  return copy;
}

Network Network::with_tau(LayerHandle handle, TimeConstant tau) const {
  Network copy = *this;
  Layer& layer = copy.at(handle).layer;
  layer.tau = std::move(tau);
  require_consistent(layer);
  return copy;
}

Network Network::with_clamped(LayerHandle handle) const {
  Network copy = *this;
  copy.at(handle).layer.clamped = true;
  return copy;
}

Energies Network::energy(const State& state) const { return Flow{*this}.energy(state); }
Energies Network::dissipation(const State& state) const { return Flow{*this}.dissipation(state); }
std::map<std::string, Energies> Network::energy_terms(const State& state) const {
  return Flow{*this}.energy_terms(state);
}

const Network::Group& Network::at(LayerHandle handle) const {
  const auto found = std::find_if(groups_.begin(), groups_.end(), [&](const Group& g) { return g.handle == handle; });
  if (found != groups_.end()) return *found;
  if (handle == LayerHandle{}) throw UnknownError("a default constructed handle names no layer; " + inventory());
  throw UnknownError("the handle is of a layer of another network, or of one that is gone; " + inventory());
}

Network::Group& Network::at(LayerHandle handle) { return const_cast<Group&>(std::as_const(*this).at(handle)); }

const Network::Junction& Network::at(SynapseHandle handle) const {
  const auto found =
      std::find_if(junctions_.begin(), junctions_.end(), [&](const Junction& j) { return j.handle == handle; });
  if (found != junctions_.end()) return *found;
  std::vector<std::string> names;
  for (const Junction& junction : junctions_) names.push_back("'" + junction.name + "'");
  const std::string there_are =
      names.empty() ? "the network has no synapses" : fmt::format("the network has {}", fmt::join(names, ", "));
  if (handle == SynapseHandle{}) throw UnknownError("a default constructed handle names no synapse; " + there_are);
  throw UnknownError("the handle is of a synapse of another network, or of one that is gone; " + there_are);
}

std::string Network::inventory() const {
  std::vector<std::string> names;
  for (const Group& group : groups_) names.push_back("'" + group.layer.name + "'");
  return names.empty() ? "the network has no layers" : fmt::format("the network has {}", fmt::join(names, ", "));
}

bool Network::has_name(std::string_view name) const {
  return std::any_of(groups_.begin(), groups_.end(), [&](const Group& group) { return group.layer.name == name; }) ||
         std::any_of(junctions_.begin(), junctions_.end(), [&](const Junction& j) { return j.name == name; });
}

std::string Network::unused_name(const std::string& wish) const {
  std::string name = wish;
  for (int number = 2; has_name(name); ++number) name = fmt::format("{} {}", wish, number);
  return name;
}

void Network::erase(LayerHandle handle) {
  const Group& gone = at(handle);
  const Index rows = gone.layer.shape.size(), first_row = gone.first_row;
  std::erase_if(groups_, [&](const Group& group) { return group.handle == handle; });
  for (Group& group : groups_) {
    if (group.first_row > first_row) group.first_row -= rows;
  }
}

void Network::erase(SynapseHandle handle) {
  static_cast<void>(at(handle));
  std::erase_if(junctions_, [&](const Junction& junction) { return junction.handle == handle; });
}

}  // namespace hamlet
