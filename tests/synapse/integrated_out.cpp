// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/general.hpp>
#include <hamlet/synapse/integrated_out.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>

#include "laws/energies.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

constexpr Index hidden = IntegratedOut::hidden;

IntegratedOut over(std::vector<IntegratedOut::Inner> inner, Vector<double> input = Vector<double>::Zero(5)) {
  return {"memories", {5}, LogSumExp{.beta = 4}, std::move(input), std::move(inner)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(integrated_out)

BOOST_AUTO_TEST_CASE(it_names_the_layer_its_lagrangian_and_its_synapses) {
  const Dense dense{State::Ones(5, 6)};
  BOOST_TEST(over({{dense, {0, hidden}}}).name() == "IntegratedOut memories: LogSumExp(beta = 4) over Dense(5 × 6)");
  const Synapse both = over({{dense, {0, hidden}}, {Dense{State::Ones(2, 5)}, {hidden, 1}}});
  BOOST_TEST(both.name().ends_with("over Dense(5 × 6) and Dense(2 × 5)"));
  BOOST_TEST(both.parameters() == 40);
}

BOOST_AUTO_TEST_CASE(a_layer_that_does_not_enter_linearly_is_refused_with_the_synapse) {
  BOOST_TEST(names(message<ModelError>([] {
                     over({{Lateral{State::Identity(5, 5)}, {hidden}}});
                   }),
                   {"'memories'", "Lateral(5 × 5)", "not linear"}));
  BOOST_TEST(names(message<ModelError>([] {
                     over({{Dense{State::Identity(5, 5)}, {hidden, hidden}}});
                   }),
                   {"'memories'", "Dense(5 × 5)", "twice"}));
  BOOST_TEST(names(message<ModelError>([] {
                     over({{General{laws::LogQuadratic{}}, {0, hidden}}});
                   }),
                   {"'memories'", "General", "not linear"}));
}

BOOST_AUTO_TEST_CASE(slots_and_inputs_that_mean_nothing_are_refused) {
  const Dense dense{State::Ones(5, 6)};
  BOOST_TEST(names(message<ValueError>([&] { over({{dense, {0, 1}}}); }), {"Dense(5 × 6)", "0, 1"}));
  BOOST_TEST(names(message<ValueError>([&] { over({{dense, {-2, hidden}}}); }), {"Dense(5 × 6)", "-2, -1"}));
  BOOST_TEST(names(message<ShapeError>([&] {
                     over({{dense, {0, hidden}}}, Vector<double>::Zero(4));
                   }),
                   {"'memories' (5)", "4 rows"}));
  const Vector<double> infinite = Vector<double>::Constant(5, std::numeric_limits<double>::infinity());
  BOOST_TEST(names(message<ValueError>([&] { over({{dense, {0, hidden}}}, infinite); }), {"'memories'", "not finite"}));
}

BOOST_AUTO_TEST_CASE(shapes_are_judged_by_the_synapses_within) {
  const IntegratedOut one = over({{Dense{State::Ones(5, 6)}, {0, hidden}}});
  const std::vector<Shape> six{{6}}, seven{{7}}, two{{6}, {6}};
  BOOST_TEST(one.misfit(six) == "");
  BOOST_TEST(names(one.misfit(seven), {"Dense(5 × 6)", "its columns do not fit"}));
  BOOST_TEST(one.misfit(two) == "it joins 1 layers, not 2");
}

BOOST_AUTO_TEST_SUITE_END()
