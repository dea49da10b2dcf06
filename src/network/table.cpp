// SPDX-License-Identifier: MIT
#include "core/aligned.hpp"

#include <hamlet/network/network.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>
#include <sstream>

namespace hamlet {
namespace {

std::string time_constant(const Layer& layer) {
  std::ostringstream out;
  out << layer.tau;
  if (layer.clamped) out << ", clamped";
  return out.str();
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Network& network) {
  const std::vector<LayerHandle> layers = network.layers();
  const std::vector<SynapseHandle> synapses = network.synapses();
  std::vector<std::vector<std::string>> layer_rows{{"layer", "shape", "τ", "Lagrangian"}};
  for (const LayerHandle handle : layers) {
    const Layer& layer = network.layer(handle);
    layer_rows.push_back({layer.name, layer.shape.text(), time_constant(layer), layer.lagrangian.name()});
  }
  Index parameters = 0;
  std::vector<std::vector<std::string>> synapse_rows{{"synapse", "joins", "parameters", "kind"}};
  for (const SynapseHandle handle : synapses) {
    const Synapse& synapse = network.synapse(handle);
    std::vector<std::string> names;
    for (const LayerHandle layer : network.joins(handle)) names.push_back(network.layer(layer).name);
    synapse_rows.push_back({network.name(handle), fmt::format("{}", fmt::join(names, ", ")),
                            fmt::format("{}", synapse.parameters()), synapse.name()});
    parameters += synapse.parameters();
  }
  out << fmt::format("Network: layers {}, neurons {}, synapses {}, parameters {}\n", layers.size(), network.size(),
                     synapses.size(), parameters);
  constexpr auto left = Side::left;
  if (!layers.empty()) out << aligned(layer_rows, {left, left, left, left}, 2);
  if (!synapses.empty()) out << aligned(synapse_rows, {left, left, Side::right, left}, 2);
  return out;
}

}  // namespace hamlet
