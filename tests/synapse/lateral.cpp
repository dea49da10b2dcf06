// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using hamlet::Lateral, hamlet::Shape, hamlet::State, hamlet::laws::message;

BOOST_AUTO_TEST_SUITE(lateral)

BOOST_AUTO_TEST_CASE(the_worst_asymmetric_pair_is_named) {
  State weights = State::Zero(8, 8);
  weights(1, 2) = 0.05;
  weights(3, 7) = 0.2;
  weights(7, 3) = 0.1;
  BOOST_TEST(message<hamlet::ValueError>([&] { Lateral{weights}; }) ==
             "Lateral(8 × 8) is not symmetric: W(3, 7) = 0.2 but W(7, 3) = 0.1");
}

BOOST_AUTO_TEST_CASE(matrices_that_mean_nothing_are_refused) {
  BOOST_TEST(message<hamlet::ShapeError>([] { Lateral{State::Zero(2, 3)}; }) ==
             "Lateral(2 × 3) is not square: it joins a layer with itself");
  BOOST_TEST(message<hamlet::ValueError>([] { Lateral{State(0, 0)}; }) == "Lateral(0 × 0) has no weights");
  State weights = State::Zero(2, 2);
  weights(0, 1) = weights(1, 0) = std::numeric_limits<double>::infinity();
  BOOST_TEST(message<hamlet::ValueError>([&] { Lateral{weights}; }) ==
             "weight (0, 1) of Lateral(2 × 2) is inf: weights must be finite");
  const std::vector<Shape> other{{3}}, two{{2}, {2}};
  BOOST_TEST((Lateral{State::Zero(2, 2)}.misfit(other)) == "its rows and columns do not fit");
  BOOST_TEST((Lateral{State::Zero(2, 2)}.misfit(two)) == "it joins one layer with itself, not 2 layers");
}

// ξᵀξ computed in another order is symmetric to rounding only, and is made exactly so.
BOOST_AUTO_TEST_CASE(what_rounding_leaves_of_a_symmetric_matrix_is_symmetric) {
  hamlet::laws::Random random(1);
  State weights = hamlet::laws::symmetric(20, random);
  weights(4, 9) += 1e-15;
  const Lateral lateral{weights};
  BOOST_TEST((lateral.weights().array() == lateral.weights().transpose().array()).all());
  BOOST_TEST(hamlet::laws::distance(lateral.weights(), weights) < 1e-14);
  BOOST_TEST(lateral.parameters() == 210);
}

BOOST_AUTO_TEST_SUITE_END()
