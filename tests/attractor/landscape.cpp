// SPDX-License-Identifier: MIT
#include <hamlet/attractor/landscape.hpp>
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>

#include <boost/test/unit_test.hpp>

#include "laws/flow_instances.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

struct Plane {
  laws::Random random{3};
  Network net = laws::two_layers(LogCosh{.beta = 2}, LogSumExp{}, random);
  Flow flow{net};
  State origin = laws::normal(12, 1, random), along = laws::normal(12, 1, random), across = laws::normal(12, 1, random);
  Landscape landscape{flow, origin, along, across, {-2, 3, 6}, {-1, 1, 5}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(landscape_, Plane)

BOOST_AUTO_TEST_CASE(the_energies_are_those_of_the_states_on_the_plane) {
  const State u = along / along.norm();
  State w = across - u * u.col(0).dot(across.col(0));
  w /= w.norm();
  BOOST_TEST((landscape.first() == Vector<double>{{-2, -1, 0, 1, 2, 3}}));
  BOOST_TEST((landscape.second() == Vector<double>{{-1, -0.5, 0, 0.5, 1}}));
  for (Index i = 0; i < 6; ++i) {
    for (Index j = 0; j < 5; ++j) {
      const State x = origin + landscape.first()[i] * u + landscape.second()[j] * w;
      BOOST_TEST(std::abs(landscape.energies()(i, j) - flow.energy(x)[0]) < 1e-12);
    }
  }
  BOOST_TEST(std::abs(landscape.energies()(2, 2) - flow.energy(origin)[0]) < 1e-12);
}

BOOST_AUTO_TEST_CASE(projections_are_the_nearest_points) {
  const State u = along / along.norm();
  State states(12, 3);
  states << origin, origin + 2 * along, origin + laws::normal(12, 1, random);
  const State places = landscape.project(states);
  BOOST_TEST(places.col(0).norm() < 1e-14);
  BOOST_TEST(std::abs(places(0, 1) - 2 * along.norm()) < 1e-12);
  BOOST_TEST(std::abs(places(1, 1)) + places(2, 1) < 1e-12);
  // Pythagoras
  BOOST_TEST(std::abs(places.col(2).norm() - (states.col(2) - origin).norm()) < 1e-12);
}

BOOST_AUTO_TEST_CASE(paths_and_marks_are_kept_and_written) {
  State x = laws::normal(12, 2, random);
  const State start = x;
  Trajectory path{{.every = 0.5}};
  integrate(flow, x, {.end = 2}, path);
  landscape.add(path);
  landscape.mark("end", x.col(0));
  BOOST_TEST_REQUIRE(landscape.paths().size() == 2);
  for (const Index sample : {0, 1}) {
    const State& drawn = landscape.paths()[static_cast<std::size_t>(sample)];
    BOOST_TEST(drawn.cols() == 5);
    BOOST_TEST(laws::distance(drawn.col(0), landscape.project(start.col(sample))) < 1e-14);
    BOOST_TEST(laws::distance(drawn.col(4), landscape.project(x.col(sample))) < 1e-14);
  }
  const Npz arrays = to_npz(landscape);
  BOOST_TEST((arrays.names() == std::vector<std::string>{"landscape/first", "landscape/second", "landscape/energy",
                                                         "path/1", "path/2", "mark/end"}));
  BOOST_TEST((arrays["landscape/energy"].matrix() == landscape.energies()));
  BOOST_TEST((arrays["path/2"].matrix() == landscape.paths()[1]));
  BOOST_TEST(laws::distance(landscape.marks()[0].place, landscape.paths()[0].col(4)) < 1e-14);
}

BOOST_AUTO_TEST_CASE(what_means_nothing_is_refused) {
  const Extent fine{-1, 1};
  BOOST_TEST(names(message<ValueError>([&] { Landscape(flow, origin, along, -2 * along, fine, fine); }), {"parallel"}));
  BOOST_TEST(names(message<ValueError>([&] { Landscape(flow, origin, 0 * along, across, fine, fine); }), {"is 0"}));
  BOOST_TEST(names(message<ValueError>([&] {
                     Landscape(flow, origin, along, across, {1, 1}, fine);
                   }),
                   {"first extent", "from 1 to 1"}));
  BOOST_TEST(names(message<ValueError>([&] {
                     Landscape(flow, origin, along, across, fine, {-1, 1, 1});
                   }),
                   {"second extent", "1 points"}));
  BOOST_TEST(names(message<ShapeError>([&] { Landscape(flow, State::Ones(5, 1), along, across, fine, fine); }),
                   {"the origin", "5 × 1", "12 × 1"}));
  BOOST_TEST(names(message<ShapeError>([&] { landscape.project(State::Ones(4, 2)); }), {"4 rows", "12 neurons"}));
  landscape.mark("here", origin);
  BOOST_TEST(names(message<ValueError>([&] { landscape.mark("here", origin); }), {"'here'", "taken"}));
  Trajectory path{{.rows = {Rows{0, 3}}}};
  State x = origin;
  integrate(flow, x, {.end = 1}, path);
  BOOST_TEST(names(message<ShapeError>([&] { landscape.add(path); }), {"3 rows", "12 neurons"}));
}

BOOST_AUTO_TEST_SUITE_END()
