// SPDX-License-Identifier: MIT
// What the examples hold their networks against.
#include <examples/routing/graph.hpp>
#include <examples/spin_glass/ground_state.hpp>
#include <examples/timetable/school.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>

#include "laws/random.hpp"

using namespace hamlet;

BOOST_AUTO_TEST_SUITE(checks)

BOOST_AUTO_TEST_CASE(the_least_energy_is_that_of_all_states) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Spins::Random random(seed);
    const Index N = 7;
    const State J = spin_glass::couplings(N, random);
    double least = std::numeric_limits<double>::infinity();
    for (Index state = 0; state < Index{1} << N; ++state) {
      const Vector<double> sigma =
          Vector<double>::NullaryExpr(N, [&](Index i) { return (state >> i & 1) != 0 ? 1 : -1; });
      least = std::min(least, -0.5 * sigma.dot(J * sigma));
    }
    BOOST_TEST(std::abs(spin_glass::least_energy(J) - least) < 1e-12);
    BOOST_TEST((J == J.transpose()));
    BOOST_TEST(J.diagonal().isZero());
  }
}

BOOST_AUTO_TEST_CASE(the_cheapest_way_is_that_of_all_pairs) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const routing::Graph graph = routing::random_graph(12, 3, seed);
    // Floyd & Warshall
    State cost = State::Constant(12, 12, std::numeric_limits<double>::infinity());
    for (const models::Arc& arc : graph.arcs) cost(arc.from, arc.to) = arc.cost;
    for (Index k = 0; k < 12; ++k) {
      for (Index i = 0; i < 12; ++i) {
        for (Index j = 0; j < 12; ++j) cost(i, j) = std::min(cost(i, j), cost(i, k) + cost(k, j));
      }
    }
    const routing::Way way = routing::dijkstra(graph);
    BOOST_TEST(std::abs(routing::cost(graph, way) - cost(graph.source(), graph.target())) < 1e-12);
    // What takes its links is read as it, and a link too few or too many as none.
    Vector<double> v = Vector<double>::Zero(static_cast<Index>(graph.arcs.size()));
    for (const std::size_t arc : way) v[static_cast<Index>(arc)] = 1;
    BOOST_REQUIRE(routing::read(graph, v).has_value());
    BOOST_TEST(*routing::read(graph, v) == way);
    for (Index arc = 0; arc < v.size(); ++arc) {
      Vector<double> other = v;
      other[arc] = 1 - other[arc];
      BOOST_TEST(!routing::read(graph, other).has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(every_violation_is_counted) {
  // Class, teacher, room.
  const school::School school{2, 2, 2, 3, {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}}};
  const auto found = [&](const school::Timetable& timetable) { return school::check(school, timetable); };
  BOOST_TEST(found({{0}, {1}, {2}}).all() == 0);
  BOOST_TEST(found({{0}, {}, {2}}).never == 1);
  BOOST_TEST(found({{0, 1}, {2}, {2}}).repeated == 1);
  BOOST_TEST(found({{0}, {0}, {1}}).forms == 1);
  BOOST_TEST(found({{0}, {1}, {0}}).teachers == 1);
  BOOST_TEST(found({{0}, {1}, {1}}).rooms == 1);
  BOOST_TEST(found({{2}, {2}, {2}}).all() == 3);
}

BOOST_AUTO_TEST_CASE(a_school_has_a_timetable) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const school::School school = school::random_school(5, 7, 1, seed);
    BOOST_TEST(school.lessons.size() == 35);  // no class is ever free
    // So everyone and every room has as many lessons as there are hours, no more.
    for (Index who = 0; who < 5; ++who) {
      const auto asked = [&](Index school::Lesson::*what) {
        return std::count_if(school.lessons.begin(), school.lessons.end(),
                             [&](const school::Lesson& lesson) { return lesson.*what == who; });
      };
      BOOST_TEST(asked(&school::Lesson::form) == 7);
      BOOST_TEST(asked(&school::Lesson::teacher) == 7);
      BOOST_TEST(asked(&school::Lesson::room) == 7);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
