// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/synapse/integrated_out.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace hamlet {

Network eliminate(const Network& network, LayerHandle hidden, const Vector<double>& input) {
  const Layer& layer = network.layer(hidden);
  if (network.groups_.size() == 1) {
    throw ModelError(fmt::format("'{}' is the last layer: nothing would be left", layer.name));
  }
  if (layer.clamped) {
    throw ModelError(fmt::format(
        "'{}' is clamped: it does not relax to its current, so that it cannot be integrated out", layer.name));
  }
  Network effective = network;
  std::vector<LayerHandle> outer;
  std::vector<IntegratedOut::Inner> inner;
  for (const auto& junction : network.junctions_) {
    if (std::find(junction.layers.begin(), junction.layers.end(), hidden) == junction.layers.end()) continue;
    std::vector<Index> slots;
    for (const LayerHandle joined : junction.layers) {
      if (joined == hidden) {
        slots.push_back(IntegratedOut::hidden);
        continue;
      }
      const auto place = std::find(outer.begin(), outer.end(), joined);
      slots.push_back(place - outer.begin());
      if (place == outer.end()) outer.push_back(joined);
    }
    inner.push_back({junction.synapse, std::move(slots)});
    effective.erase(junction.handle);
  }
  Vector<double> current = input.size() == 0 ? Vector<double>::Zero(layer.shape.size()) : input;
  effective.erase(hidden);
  effective.connect(outer,
                    IntegratedOut{layer.name, layer.shape, layer.lagrangian, std::move(current), std::move(inner)},
                    effective.unused_name("IntegratedOut " + layer.name));
  return effective;
}

}  // namespace hamlet
