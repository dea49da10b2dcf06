// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/synapse/attention.hpp>
#include <hamlet/synapse/average_pooling.hpp>
#include <hamlet/synapse/convolution.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/general.hpp>
#include <hamlet/synapse/integrated_out.hpp>
#include <hamlet/synapse/lateral.hpp>
#include <hamlet/synapse/multilinear.hpp>

#include <string>
#include <vector>

#include "laws/energies.hpp"
#include "laws/random.hpp"

namespace hamlet::laws {

/// A synapse that every law of synapses must hold for, and the layers it may join.
struct SynapseInstance {
  Synapse synapse;
  std::vector<Shape> shapes;
};

/// One of every kind, with random weights.
inline std::vector<SynapseInstance> synapse_instances(Random& random) {
  const auto weights = [&](Index rows, Index columns) { return normal(rows, columns, random, 0.5); };
  const Index hidden = IntegratedOut::hidden;
  const Dense one{weights(5, 6)}, other{weights(4, 5)};
  // Token 2 is attended to by none, and query 3 attends to key 1 alone.
  State graph = State::Ones(5, 5);
  graph.col(2).setZero();
  graph.row(3) << 0, 1, 0, 0, 0;
  return {
      {Dense{weights(5, 6)}, {{6}, {5}}},
      {Dense{weights(1, 2)}, {{2}, {1}}},
      {Dense{weights(40, 70)}, {{70}, {40}}},
      {Lateral{symmetric(6, random)}, {{6}}},
      {Convolution{weights(4, 18), {.over = {2, 7, 6}, .size = {3, 3}, .stride = 2, .padding = 1}},
       {{2, 7, 6}, {4, 4, 3}}},
      {Convolution{weights(3, 6), {.over = {2, 8}, .size = {3}, .dilation = 2, .circular = true}}, {{2, 8}, {3, 8}}},
      {AveragePooling{{.over = {3, 6, 4}, .size = {2, 2}, .stride = 2}}, {{3, 6, 4}, {3, 3, 2}}},
      {General{Bilinear{weights(5, 6)}}, {{6}, {5}}},
      {General{LogQuadratic{}}, {{6}, {5}}},
      {General{Threefold{weights(3, 1), weights(4, 1), weights(5, 1)}}, {{3}, {4}, {5}}},
      {IntegratedOut{"h", {5}, LogSumExp{.beta = 2}, Vector<double>::Zero(5), {{one, {0, hidden}}}}, {{6}}},
      {IntegratedOut{"h", {5}, LogCosh{.beta = 1.5}, weights(5, 1), {{one, {0, hidden}}, {other, {hidden, 1}}}},
       {{6}, {4}}},
      {IntegratedOut{"h",
                     {5},
                     Quadratic{},
                     weights(5, 1),
                     {{General{Threefold{weights(3, 1), weights(5, 1), weights(3, 1)}}, {0, hidden, 0}}}},
       {{3}}},
      {Attention{{.queries = weights(4, 3), .keys = weights(4, 3)}}, {{3, 5}}},
      {Attention{{.queries = weights(4, 3), .keys = weights(4, 3), .heads = 2, .attends_self = true}}, {{3, 2, 3}}},
      {Attention{{.queries = weights(6, 3), .keys = weights(6, 3), .heads = 3, .beta = 2, .graph = graph}}, {{3, 5}}},
      {Attention{{.queries = weights(30, 8), .keys = weights(30, 8), .heads = 5, .beta = 0.7}}, {{8, 5, 4}}},
      {Attention{{.queries = weights(4, 3), .keys = weights(4, 2), .heads = 4, .beta = 1.5}}, {{3, 5}, {2, 3, 2}}},
      {Attention{{.queries = weights(4, 3), .keys = weights(4, 3), .graph = graph}}, {{3, 5}, {3, 5}}},
      {Multilinear{{3, 4}, weights(12, 1)}, {{3}, {4}}},
      {Multilinear{{3, 4, 5}, weights(60, 1)}, {{3}, {2, 2}, {5}}},
      {Multilinear{{1, 3, 1, 2, 4}, weights(24, 1)}, {{1}, {3}, {1}, {2}, {4}}},
      {Multilinear{{20, 30, 10}, weights(6000, 1)}, {{20}, {30}, {10}}},
      {IntegratedOut{"h",
                     {4},
                     LogCosh{},
                     weights(4, 1),
                     {{Multilinear{{3, 4, 5}, weights(60, 1)}, {0, hidden, 1}}, {other, {1, hidden}}}},
       {{3}, {5}}},
  };
}

}  // namespace hamlet::laws
