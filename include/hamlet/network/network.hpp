// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/rows.hpp>
#include <hamlet/network/handle.hpp>
#include <hamlet/network/layer.hpp>
#include <hamlet/synapse/synapse.hpp>

#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hamlet {

/// Layers, and the synapses that join them: E = Σ_A [(x_A − I_A)·g_A − L_A] + Σ_s E_s. A value; copies share the
/// weights. Source: Krotov & Hopfield 2021; Krotov, "Hierarchical Associative Memory", 2021.
class Network {
 public:
  /// A layer below those there are. Throws ValueError for an empty or repeated name and a τ that is not positive and
  /// finite, ModelError for one τ a neuron under a collective Lagrangian, ShapeError when the Lagrangian or τ does not
  /// fit the shape.
  LayerHandle add(Layer layer);

  /// Joins layers by a synapse. `name` is the name of its term in energy_terms; by default it is made of the synapse's
  /// kind and the layers ("Dense pixels–memories", numbered when repeated). Throws UnknownError for a layer that is not
  /// of this network, ShapeError when the synapse does not fit the layers, ValueError for a repeated name.
  SynapseHandle connect(const std::vector<LayerHandle>& layers, Synapse synapse, std::string name = {});

  /// N, all neurons.
  Index size() const;
  /// A state of `samples` columns at rest, N × samples.
  State zeros(Index samples = 1) const;

  /// A layer's rows of a state, in place. Throws UnknownError, and ShapeError when the state has not size() rows.
  View block(State& state, LayerHandle layer) const;
  ConstView block(const State& state, LayerHandle layer) const;
  ConstView block(const State&& state, LayerHandle layer) const = delete;

  /// In the order of their rows.
  std::vector<LayerHandle> layers() const;
  /// In the order they were connected.
  std::vector<SynapseHandle> synapses() const;

  /// All of these throw UnknownError when the handle names nothing of this network.
  const Layer& layer(LayerHandle handle) const;
  /// Where the layer lies in a State, for those who know nothing of layers: `Trajectory{{.rows = {net.rows(pixels)}}}`.
  Rows rows(LayerHandle handle) const;
  const Synapse& synapse(SynapseHandle handle) const;
  const std::vector<LayerHandle>& joins(SynapseHandle handle) const;
  const std::string& name(SynapseHandle handle) const;

  /// The layer of this name. Throws UnknownError, which lists the names there are.
  LayerHandle find(std::string_view name) const;

  /// A copy that lacks this synapse.
  Network without(SynapseHandle handle) const;
  /// A copy in which this layer has another Lagrangian. Throws as `add`.
  Network with(LayerHandle handle, Lagrangian lagrangian) const;
  /// A copy in which this layer has another time constant. Throws as `add`.
  Network with_tau(LayerHandle handle, TimeConstant tau) const;
  /// A copy whose flows begin with this layer clamped; `flow.release(layer)` lets it go.
  Network with_clamped(LayerHandle handle) const;

  /// E at I = 0, one number a sample. Throws ShapeError, as do the next two.
  Energies energy(const State& state) const;
  /// Ė at I = 0, one number a sample; never positive where every Lagrangian is convex.
  Energies dissipation(const State& state) const;
  /// The terms of E at I = 0, layers and synapses by name.
  std::map<std::string, Energies> energy_terms(const State& state) const;

 private:
  friend Network eliminate(const Network&, LayerHandle, const Vector<double>&);

  struct Group {
    LayerHandle handle;
    Layer layer;
    Index first_row;
  };
  struct Junction {
    SynapseHandle handle;
    Synapse synapse;
    std::string name;
    std::vector<LayerHandle> layers;
  };

  Group& at(LayerHandle handle);
  const Group& at(LayerHandle handle) const;
  const Junction& at(SynapseHandle handle) const;
  std::string inventory() const;
  bool has_name(std::string_view name) const;
  std::string unused_name(const std::string& wish) const;
  void erase(LayerHandle handle);
  void erase(SynapseHandle handle);

  std::vector<Group> groups_;
  std::vector<Junction> junctions_;
};

/// A table of layers, synapses and parameter counts.
std::ostream& operator<<(std::ostream&, const Network&);

}  // namespace hamlet
