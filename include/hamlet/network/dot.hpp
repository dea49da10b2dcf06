// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/network/network.hpp>

#include <string>

namespace hamlet {

/// The network as a graph in Graphviz's language: a layer is a box with its name, shape, Lagrangian and τ, filled grey
/// when clamped; a synapse of two layers is an edge with its name and number of parameters, of one layer a loop, and of
/// more an ellipse joined to each. `dot -Tsvg` draws it.
std::string to_dot(const Network& network);

}  // namespace hamlet
