// SPDX-License-Identifier: MIT
#include <hamlet/network/network.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <sstream>

namespace hamlet {
namespace {

using Row = std::array<std::string, 4>;

/// How many columns of a terminal a UTF-8 text takes, each code point one.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void print(std::ostream& out, const std::vector<Row>& rows) {
  std::array<std::size_t, 4> widths{};
  for (const Row& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], width(row[column]));
    }
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      line += "  " + row[column] + std::string(widths[column] - width(row[column]), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

std::string text(const TimeConstant& tau) {
  std::ostringstream out;
  out << tau;
  return out.str();
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Network& network) {
  const std::vector<LayerHandle> layers = network.layers();
  const std::vector<SynapseHandle> synapses = network.synapses();
  std::vector<Row> layer_rows{{"layer", "shape", "Lagrangian", "τ"}};
  for (const LayerHandle handle : layers) {
    const Layer& layer = network.layer(handle);
    layer_rows.push_back({layer.name, layer.shape.text(), layer.lagrangian.name(), text(layer.tau)});
  }
  Index parameters = 0;
  std::vector<Row> synapse_rows{{"synapse", "kind", "joins", "parameters"}};
  for (const SynapseHandle handle : synapses) {
    const Synapse& synapse = network.synapse(handle);
    std::vector<std::string> names;
    for (const LayerHandle layer : network.joins(handle)) names.push_back(network.layer(layer).name);
    synapse_rows.push_back({network.name(handle), synapse.name(), fmt::format("{}", fmt::join(names, ", ")),
                            fmt::format("{}", synapse.parameters())});
    parameters += synapse.parameters();
  }
  out << fmt::format("Network: layers {}, neurons {}, synapses {}, parameters {}\n", layers.size(), network.size(),
                     synapses.size(), parameters);
  if (!layers.empty()) print(out, layer_rows);
  if (!synapses.empty()) print(out, synapse_rows);
  return out;
}

}  // namespace hamlet
