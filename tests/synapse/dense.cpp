// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/dense.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using hamlet::Dense, hamlet::Index, hamlet::Shape, hamlet::State, hamlet::Storage, hamlet::laws::message;

namespace {

std::string misfit(const Dense& dense, std::vector<Shape> shapes) { return dense.misfit(shapes); }

/// What a synapse makes of the same activations: both currents, and below them the energy.
State made_of(const Dense& dense) {
  hamlet::laws::Random random(5);
  const State g_a = hamlet::laws::normal(dense.columns(), 3, random),
              g_b = hamlet::laws::normal(dense.rows(), 3, random);
  State all = State::Zero(dense.columns() + dense.rows() + 1, 3);
  const std::vector<hamlet::ConstView> activations{hamlet::view(g_a), hamlet::view(g_b)};
  std::vector<hamlet::View> currents{hamlet::rows(all, 0, dense.columns()),
                                     hamlet::rows(all, dense.columns(), dense.rows())};
  hamlet::Energies energies(3);
  dense.apply(activations, currents, energies);
  all.bottomRows(1) = energies;
  return all;
}

constexpr Storage storages[] = {Storage::f64, Storage::f32, Storage::f16, Storage::int8};

bool same(const State& left, const State& right) {
  return left.rows() == right.rows() && (left.array() == right.array()).all();
}

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

BOOST_AUTO_TEST_CASE(what_it_is_called_and_how_many_weights_it_has) {
  const Dense dense{State::Ones(3, 2)};
  BOOST_TEST(hamlet::Synapse{dense}.parameters() == 6);
  BOOST_TEST(hamlet::Synapse{dense}.name() == "Dense(3 × 2)");
}

// Over the ends of panels of 8 rows, whatever the pieces.
BOOST_AUTO_TEST_CASE(memories_appended_are_as_if_given_at_once) {
  for (const Storage storage : storages) {
    hamlet::laws::Random random(1);
    const State memories = hamlet::laws::normal(43, 21, random);
    Dense dense{memories.topRows(3), storage};
    Index first = 3;
    for (const Index count : {1, 0, 4, 1, 17, 16, 1}) {
      dense.append(memories.middleRows(first, count));
      first += count;
    }
    const Dense at_once{memories, storage};
    BOOST_TEST(dense.name() == at_once.name());
    BOOST_TEST(same(dense.weights(), at_once.weights()));
    BOOST_TEST(same(made_of(dense), made_of(at_once)));
    const std::vector<Shape> grown{{21}, {43}};
    BOOST_TEST(misfit(dense, grown) == "");
    const State g_a = State::Ones(21, 1), g_b = State::Ones(43, 1);
    const std::vector<hamlet::ConstView> activations{hamlet::view(g_a), hamlet::view(g_b)};
    hamlet::Energies bound(1), expected(1);
    dense.rounding(activations, bound);
    at_once.rounding(activations, expected);
    BOOST_TEST(hamlet::laws::distance(bound, expected) < 1e-15);
  }
}

BOOST_AUTO_TEST_CASE(who_shares_the_weights_does_not_see_what_is_appended) {
  for (const Storage storage : storages) {
    hamlet::laws::Random random(1);
    const State memories = hamlet::laws::normal(20, 6, random);
    Dense dense{memories.topRows(9), storage};
    const Dense copy = dense;
    const hamlet::Synapse connected = dense;
    const State before = made_of(copy);
    dense.append(memories.bottomRows(11));
    BOOST_TEST(copy.rows() == 9);
    BOOST_TEST(connected.parameters() == 54);
    BOOST_TEST(same(made_of(copy), before));
    BOOST_TEST(same(dense.weights(), Dense(memories, storage).weights()));
  }
}

BOOST_AUTO_TEST_CASE(memories_that_cannot_be_appended_are_refused_and_change_nothing) {
  for (const Storage storage : storages) {
    Dense dense{State::Ones(3, 2), storage};
    const std::string name = dense.name();
    const State before = made_of(dense);
    BOOST_TEST(message<hamlet::ShapeError>([&] { dense.append(State::Ones(1, 3)); }) ==
               "memories of 3 neurons are appended to " + name);
    State weights = State::Ones(2, 2);
    weights(1, 0) = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(message<hamlet::ValueError>([&] { dense.append(weights); }) ==
               "weight (1, 0) of what is appended to " + name + " is nan: weights must be finite");
    if (storage == Storage::f32) {
      weights(1, 0) = 1e39;
      BOOST_TEST(message<hamlet::ValueError>([&] { dense.append(weights); }) == "a weight of size 1e+39 is beyond f32");
    }
    BOOST_TEST(same(made_of(dense), before));
  }
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
