// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/dense.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using hamlet::Dense, hamlet::Shape, hamlet::State, hamlet::laws::message;

namespace {

std::string misfit(const Dense& dense, std::vector<Shape> shapes) { return dense.misfit(shapes); }

}  // namespace

BOOST_AUTO_TEST_SUITE(dense)

BOOST_AUTO_TEST_CASE(weights_that_are_not_numbers_are_refused_by_their_place) {
  State weights = State::Ones(3, 2);
  weights(2, 1) = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(message<hamlet::ValueError>([&] { Dense{weights}; }) ==
             "weight (2, 1) of Dense(3 × 2) is nan: weights must be finite");
  weights(2, 1) = -std::numeric_limits<double>::infinity();
  BOOST_TEST(message<hamlet::ValueError>([&] { Dense{weights}; }) ==
             "weight (2, 1) of Dense(3 × 2) is -inf: weights must be finite");
  BOOST_TEST(message<hamlet::ValueError>([&] { Dense{State(0, 5)}; }) == "Dense(0 × 5) has no weights");
}

BOOST_AUTO_TEST_CASE(rows_belong_to_the_second_layer) {
  const Dense dense{State::Ones(3, 2)};
  BOOST_TEST(misfit(dense, {{2}, {3}}) == "");
  BOOST_TEST(misfit(dense, {{2}, {3, 1}}) == "");
  BOOST_TEST(misfit(dense, {{2}, {4}}) == "its rows do not fit");
  BOOST_TEST(misfit(dense, {{4}, {3}}) == "its columns do not fit");
  BOOST_TEST(misfit(dense, {{5}, {5}}) == "neither its columns nor its rows fit");
  BOOST_TEST(misfit(dense, {{3}, {2}}).find("swap the layers") != std::string::npos);
  BOOST_TEST(misfit(dense, {{2}}) == "it joins two layers, not 1");
}

BOOST_AUTO_TEST_CASE(copies_share_the_weights) {
  const Dense dense{State::Ones(3, 2)};
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): the copy is what is tested
  const Dense copy = dense;
  BOOST_TEST((copy.weights().array() == dense.weights().array()).all());
  BOOST_TEST(hamlet::Synapse{dense}.parameters() == 6);
  BOOST_TEST(hamlet::Synapse{dense}.name() == "Dense(3 × 2)");
}

// c Σ_μ|g_bμ|‖ξ_μ‖‖g_a‖ may overflow no sooner than the energy.
BOOST_AUTO_TEST_CASE(the_rounding_of_large_weights_is_finite) {
  const Dense dense{State::Constant(2, 2, 1e200)};
  const State g_a = State::Ones(2, 1), g_b = State::Ones(2, 1);
  const std::vector<hamlet::ConstView> activations{hamlet::view(g_a), hamlet::view(g_b)};
  hamlet::Energies bound(1);
  dense.rounding(activations, bound);
  BOOST_TEST(bound[0] > 0);
  BOOST_TEST(bound[0] < 1e188);
}

BOOST_AUTO_TEST_SUITE_END()
