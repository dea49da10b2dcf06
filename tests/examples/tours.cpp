// SPDX-License-Identifier: MIT
#include <examples/travelling_salesman/tour.hpp>
#include <examples/travelling_salesman/tsplib.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <fstream>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using tours::Tour;

namespace {

State distances_of(Index cities, laws::Random& random) {
  const State points = laws::normal(cities, 2, random);
  State distances(cities, cities);
  for (Index a = 0; a < cities; ++a) {
    for (Index b = 0; b < cities; ++b) distances(a, b) = (points.row(a) - points.row(b)).norm();
  }
  return distances;
}

State places_of(const Tour& tour) {
  const auto N = static_cast<Index>(tour.size());
  State v = State::Zero(N * N, 1);
  for (Index i = 0; i < N; ++i) v(N * tour[static_cast<std::size_t>(i)] + i, 0) = 0.9;
  return v;
}

/// A file of this text, gone when it is.
struct File {
  explicit File(const std::string& text) { std::ofstream(path) << text; }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::remove(path.c_str()); }
  std::string path = "tours_test.tsp";
};

}  // namespace

BOOST_AUTO_TEST_SUITE(travelling_salesman)

BOOST_AUTO_TEST_CASE(dynamic_programming_finds_the_best_of_all_permutations) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    for (const Index cities : {3, 5, 8}) {
      laws::Random random(seed);
      const State d = distances_of(cities, random);
      Tour tour(static_cast<std::size_t>(cities));
      std::iota(tour.begin(), tour.end(), Index{0});
      double least = tours::length(tour, d);
      do least = std::min(least, tours::length(tour, d));
      while (std::next_permutation(tour.begin() + 1, tour.end()));
      Tour found = tours::held_karp(d);
      BOOST_TEST(std::abs(tours::length(found, d) - least) < 1e-12);
      BOOST_TEST(tours::length(tours::nearest_neighbour(d), d) >= least - 1e-12);
      std::sort(found.begin(), found.end());
      for (Index city = 0; city < cities; ++city) BOOST_TEST(found[static_cast<std::size_t>(city)] == city);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_tour_is_not_read_as_one) {
  const Tour tour{2, 0, 3, 1};
  const State v = places_of(tour);
  BOOST_TEST((tours::read(v.col(0), 4) == tour));
  for (Index i = 0; i < v.rows(); ++i) {
    Vector<double> other = v.col(0);
    other[i] = other[i] > 0.5 ? 0.1 : 0.9;  // a visit too few or too many
    BOOST_TEST(!tours::read(other, 4).has_value());
  }
  BOOST_TEST(!tours::read(places_of({2, 0, 2, 1}).col(0), 4).has_value());
}

BOOST_AUTO_TEST_CASE(files_are_read_as_tsplib_defines_them) {
  const File file(
      "NAME : small\nTYPE : TSP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n"
      "1 0 0\n2 3 4\n3 0 1.5\nEOF\n");
  const tsplib::Instance instance = tsplib::load(file.path);
  BOOST_TEST(instance.name == "small");
  State d(3, 3);
  d << 0, 5, 2, 5, 0, 4, 2, 4, 0;  // 3.905 and 1.5, rounded
  BOOST_TEST((instance.distances == d));
}

BOOST_AUTO_TEST_CASE(what_is_no_instance_is_refused) {
  const auto refused = [](const std::string& text) {
    const File file(text);
    return laws::message<FileError>([&] { tsplib::load(file.path); });
  };
  BOOST_TEST(laws::names(laws::message<FileError>([] { tsplib::load("not_there.tsp"); }), {"not_there.tsp"}));
  BOOST_TEST(laws::names(refused("NAME: a\n"), {"no NODE_COORD_SECTION"}));
  BOOST_TEST(laws::names(refused("EDGE_WEIGHT_TYPE: ATT\nNODE_COORD_SECTION\n"), {"'ATT'"}));
  BOOST_TEST(laws::names(refused("EDGE_WEIGHT_TYPE: GEO\nDIMENSION: 2\nNODE_COORD_SECTION\n"), {"DIMENSION '2'"}));
  BOOST_TEST(
      laws::names(refused("EDGE_WEIGHT_TYPE: GEO\nDIMENSION: 3\nNODE_COORD_SECTION\n1 2 3\n2 3\n"), {"city 2 of 3"}));
}

BOOST_AUTO_TEST_SUITE_END()
