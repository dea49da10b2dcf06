// SPDX-License-Identifier: MIT
#include <examples/capacity/theory.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(theory_of_capacity)

BOOST_AUTO_TEST_CASE(the_chance_to_exceed_is_that_of_tables) {
  BOOST_TEST(std::abs(theory::exceeds(0) - 0.5) < 1e-15);
  BOOST_TEST(std::abs(theory::exceeds(1.959963984540054) - 0.025) < 1e-14);
  BOOST_TEST(std::abs(theory::bit_error(1000, 250, 2) - theory::exceeds(2)) < 1e-15);
  BOOST_TEST(std::abs(theory::bit_error(100, 833.25, 3) - theory::exceeds(std::sqrt(10000 / (3 * 833.25)))) < 1e-15);
  BOOST_TEST(std::abs(theory::bit_error(100, 500, 4, true) - theory::bit_error(100, 250, 4)) < 1e-15);
}

BOOST_AUTO_TEST_CASE(storage_is_where_the_error_is_what_is_allowed) {
  for (const unsigned n : {2u, 3u, 4u}) {
    for (const bool rectified : {false, true}) {
      for (const double allowed : {0.001, 0.005, 0.05}) {
        const double K = theory::storage(80, n, allowed, rectified);
        BOOST_TEST(std::abs(theory::bit_error(80, K, n, rectified) / allowed - 1) < 1e-10);
      }
    }
  }
}

// The mean-field equations as published, by their own iteration: m, C and r at T = 0.
BOOST_AUTO_TEST_CASE(retrieval_states_are_fixed_points_of_the_mean_field) {
  for (const double y : {1.6, 1.8, 2.0, 2.5, 3.0}) {
    const auto [load, overlap] = theory::retrieval(y);
    double m = 1, r = 1;
    for (int step = 0; step < 10000; ++step) {
      const double C = std::sqrt(2 / (std::numbers::pi * load * r)) * std::exp(-m * m / (2 * load * r));
      r = 1 / ((1 - C) * (1 - C));
      m = std::erf(m / std::sqrt(2 * load * r));
    }
    BOOST_TEST(std::abs(m - overlap) < 1e-10, "y = " << y << ": m = " << m << " and " << overlap);
  }
}

BOOST_AUTO_TEST_CASE(the_critical_load_is_the_published_one) {
  const auto [load, overlap] = theory::retrieval(theory::critical());
  BOOST_TEST(std::abs(load - 0.138) < 0.0005);
  BOOST_TEST(std::abs(overlap - 0.967) < 0.001);
}

BOOST_AUTO_TEST_SUITE_END()
