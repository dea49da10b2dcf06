// SPDX-License-Identifier: MIT
#include <hamlet/network/dot.hpp>

#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/general.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <boost/test/unit_test.hpp>

#include "laws/energies.hpp"
#include "laws/random.hpp"

using namespace hamlet;

BOOST_AUTO_TEST_SUITE(dot)

BOOST_AUTO_TEST_CASE(layers_are_boxes_and_synapses_edges_loops_and_nodes) {
  laws::Random random(1);
  Network net;
  const auto image = net.add({.name = "image", .shape = {3, 2, 1}, .lagrangian = LogCosh{}, .tau = 1.0});
  const auto memories = net.add({.name = "memories", .shape = {4}, .lagrangian = LogSumExp{.beta = 2}, .tau = 0.1});
  const auto context = net.add({.name = "context", .shape = {5}, .lagrangian = Quadratic{}, .tau = 3.0});
  net.connect({image, memories}, Dense{State::Ones(4, 6)});
  net.connect({context}, Lateral{State::Identity(5, 5)}, "persistence");
  net.connect(
      {image, memories, context},
      General{laws::Threefold{laws::normal(6, 1, random), laws::normal(4, 1, random), laws::normal(5, 1, random)}},
      "binding");
  net.connect({context, memories}, Dense{State::Ones(4, 5)}, "top-down");
  BOOST_TEST(to_dot(net.with_clamped(image)) == R"dot(graph network {
  rankdir=BT;
  node [shape=box];
  layer0 [label="image\n3 × 2 × 1 = 6\nLogCosh(beta = 1)\nτ = 1, clamped", style=filled];
  layer1 [label="memories\n4\nLogSumExp(beta = 2)\nτ = 0.1"];
  layer2 [label="context\n5\nQuadratic\nτ = 3"];
  layer0 -- layer1 [label="Dense image–memories\n24 parameters"];
  layer2 -- layer2 [label="persistence\n15 parameters"];
  synapse0 [shape=ellipse, label="binding\n0 parameters"];
  layer0 -- synapse0;
  layer1 -- synapse0;
  layer2 -- synapse0;
  layer2 -- layer1 [label="top-down\n20 parameters"];
}
)dot");
}

BOOST_AUTO_TEST_CASE(names_are_escaped) {
  Network net;
  net.add({.name = "say \"\\N\"\nhere", .shape = {1}, .lagrangian = Quadratic{}});
  BOOST_TEST(to_dot(net).find(R"([label="say \"\\N\"\nhere\n1\nQuadratic\nτ = 1"];)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_network_of_nothing_is_an_empty_graph) {
  BOOST_TEST(to_dot(Network{}) == "graph network {\n  rankdir=BT;\n  node [shape=box];\n}\n");
}

BOOST_AUTO_TEST_CASE(what_is_left_of_a_layer_joined_to_nothing_has_no_edge) {
  Network net;
  net.add({.name = "v", .shape = {2}, .lagrangian = Quadratic{}});
  const auto alone = net.add({.name = "alone", .shape = {2}, .lagrangian = LogCosh{}});
  const std::string text = to_dot(eliminate(net, alone));
  BOOST_TEST(text.find("IntegratedOut alone") != std::string::npos);
  BOOST_TEST(text.find("--") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
