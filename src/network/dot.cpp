// SPDX-License-Identifier: MIT
#include <hamlet/network/dot.hpp>

#include <fmt/format.h>

#include <map>
#include <sstream>

namespace hamlet {
namespace {

/// A string of Graphviz's language. Its backslashes begin escapes there (\N is the name of the node), and none are
/// meant.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n')
      result += "\\n";
    else
      result += c;
  }
  return result + '"';
}

std::string text(const TimeConstant& tau) {
  std::ostringstream out;
  out << tau;
  return out.str();
}

std::string label(const Layer& layer) {
  return quoted(fmt::format("{}\n{}\n{}\nτ = {}{}", layer.name, layer.shape.text(), layer.lagrangian.name(),
                            text(layer.tau), layer.clamped ? ", clamped" : ""));
}

std::string label(const Network& network, SynapseHandle handle) {
  const Index parameters = network.synapse(handle).parameters();
  return quoted(fmt::format("{}\n{}", network.name(handle),
                            parameters == 1 ? "1 parameter" : fmt::format("{} parameters", parameters)));
}

}  // namespace

std::string to_dot(const Network& network) {
  std::string dot = "graph network {\n  rankdir=BT;\n  node [shape=box];\n";
  std::map<LayerHandle, std::string> nodes;
  for (const LayerHandle handle : network.layers()) {
    const Layer& layer = network.layer(handle);
    const std::string& node = nodes.emplace(handle, fmt::format("layer{}", nodes.size())).first->second;
    dot += fmt::format("  {} [label={}{}];\n", node, label(layer), layer.clamped ? ", style=filled" : "");
  }
  std::size_t junctions = 0;
  for (const SynapseHandle handle : network.synapses()) {
    const std::vector<LayerHandle>& joins = network.joins(handle);
    if (joins.size() == 1 || joins.size() == 2) {
      dot += fmt::format("  {} -- {} [label={}];\n", nodes[joins.front()], nodes[joins.back()], label(network, handle));
      continue;
    }
    const std::string node = fmt::format("synapse{}", junctions++);
    dot += fmt::format("  {} [shape=ellipse, label={}];\n", node, label(network, handle));
    for (const LayerHandle layer : joins) dot += fmt::format("  {} -- {};\n", nodes[layer], node);
  }
  return dot + "}\n";
}

}  // namespace hamlet
