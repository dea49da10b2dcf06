// SPDX-License-Identifier: MIT
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/trajectory.hpp>
#include <hamlet/lagrangian/log_cosh.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/dense.hpp>

#include <boost/test/unit_test.hpp>

using namespace hamlet;

BOOST_AUTO_TEST_SUITE(trajectory_rows)

// The rows of chosen layers are those blocks of the whole trajectory.
BOOST_AUTO_TEST_CASE(a_trajectory_keeps_the_layers_asked_for) {
  Network net;
  const auto a = net.add({.name = "a", .shape = {3}, .lagrangian = LogCosh{}, .tau = 1});
  const auto b = net.add({.name = "b", .shape = {2}, .lagrangian = LogCosh{}, .tau = 0.5});
  const auto c = net.add({.name = "c", .shape = {4}, .lagrangian = LogCosh{}, .tau = 2});
  net.connect({a, b}, Dense{State::Random(2, 3)});
  net.connect({b, c}, Dense{State::Random(4, 2)});

  Flow flow{net};
  State state = State::Random(net.size(), 3);
  Trajectory whole;
  Trajectory chosen{{.rows = {net.rows(c), net.rows(a)}}};
  integrate(flow, state, {.end = 2}, whole, chosen);
  BOOST_REQUIRE(chosen.size() == whole.size());
  for (std::size_t k = 0; k < whole.size(); ++k) {
    const State& x = whole.states()[k];
    BOOST_TEST(bool(chosen.states()[k].topRows(4) == net.block(x, c)));
    BOOST_TEST(bool(chosen.states()[k].bottomRows(3) == net.block(x, a)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
