// SPDX-License-Identifier: MIT
#pragma once

// CONTRACT (architect): names and signatures fixed; private part open.

#include <hamlet/network/layer.hpp>
#include <hamlet/synapse/synapse.hpp>

#include <iosfwd>
#include <map>
#include <string_view>

namespace hamlet {

class Network {
 public:
  /// Throws UnknownError/ValueError for an empty or repeated name, ModelError for one τ a neuron under a collective
  /// Lagrangian, ShapeError when the Lagrangian or τ does not fit the shape.
  LayerHandle add(Layer layer);
  /// Throws ShapeError: "synapse Dense(1000 × 784) joins 'pixels' (28 × 28 × 1 = 784) and 'memories' (900): its rows do
  /// not fit", UnknownError for a layer that is not of this network. `name` is the term's name in energy_terms; by
  /// default it is made from the synapse's kind and the layers ("Dense pixels–memories", numbered when repeated).
  SynapseHandle connect(const std::vector<LayerHandle>& layers, Synapse synapse, std::string name = {});

  Index size() const;                                   // N, all neurons
  State zeros(Index samples = 1) const;                 // N × samples
  View block(State& state, LayerHandle layer) const;    // checks handle and state.rows()
  ConstView block(const State& state, LayerHandle layer) const;
  ConstView block(const State&& state, LayerHandle layer) const = delete;

  std::vector<LayerHandle> layers() const;              // in order of their rows
  std::vector<SynapseHandle> synapses() const;
  const Layer& layer(LayerHandle) const;
  Index first_row(LayerHandle) const;
  const Synapse& synapse(SynapseHandle) const;
  const std::vector<LayerHandle>& joins(SynapseHandle) const;
  const std::string& name(SynapseHandle) const;
  LayerHandle find(std::string_view name) const;        // UnknownError lists the names there are

  Network without(SynapseHandle) const;
  Network with(LayerHandle, Lagrangian) const;
  Network with_tau(LayerHandle, TimeConstant) const;

  Energies energy(const State& state) const;            // at I = 0
  Energies dissipation(const State& state) const;       // Ė at I = 0
  std::map<std::string, Energies> energy_terms(const State&) const;
};

std::ostream& operator<<(std::ostream&, const Network&);   // a table of layers, synapses, parameter counts

}  // namespace hamlet
