// SPDX-License-Identifier: MIT
#include <hamlet/spin/bidirectional_spins.hpp>
#include <hamlet/spin/classical_spins.hpp>
#include <hamlet/spin/coupled_spins.hpp>
#include <hamlet/spin/relax.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <sstream>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;

BOOST_AUTO_TEST_SUITE(relax_)

BOOST_AUTO_TEST_CASE(two_neurons_cycle_together_and_settle_in_turn) {
  const SpinNetwork pair = CoupledSpins(State{{0, 1}, {1, 0}});
  Spins together{1, -1}, in_turn{1, -1};
  std::vector<WideReal> differences;
  const SpinOutcome cycle = relax(pair, together, {.update = Update::synchronous},
                                  [&](const SpinStep& step) { differences.push_back(step.difference); });
  BOOST_TEST((cycle.status == SpinStatus::two_cycle));
  BOOST_TEST(cycle.sweeps == 2);
  BOOST_TEST(cycle.flips == 4);
  BOOST_TEST((together == Spins{1, -1}));
  BOOST_TEST(differences.size() == 2U);
  for (const WideReal& difference : differences) BOOST_TEST(difference.sign() == 0);
  BOOST_TEST(laws::names(cycle.text(), {"cycle of two", "4 flips", "E = 1"}));
  const SpinOutcome rest = relax(pair, in_turn, {.update = Update::fixed_order});
  BOOST_TEST((rest.status == SpinStatus::settled));
  BOOST_TEST((in_turn == Spins{-1, -1}));
  std::ostringstream text;
  text << rest;
  BOOST_TEST(text.str() == "settled after 2 sweeps, 1 flip at E = -1");
}

// Symmetric weights: no longer cycles. Source: Goles & Olivos, Discrete Math. 30 (1980).
BOOST_AUTO_TEST_CASE(together_it_ends_in_at_most_two_states) {
  Spins::Random random(1);
  int cycles = 0;
  for (int instance = 0; instance < 30; ++instance) {
    const State W = laws::symmetric(40, random);
    const SpinNetwork network = CoupledSpins(W);
    Spins state = Spins::random(40, random);
    WideReal energy = network.energy(state);
    const SpinOutcome outcome = relax(network, state, {.update = Update::synchronous}, [&](const SpinStep& step) {
      energy += step.difference;
      BOOST_TEST(std::abs((energy - step.energy).value()) < 1e-9);
    });
    BOOST_TEST((outcome.status != SpinStatus::too_many_sweeps));
    if (outcome.status == SpinStatus::settled) BOOST_TEST(network.unstable(state) == 0);
    if (outcome.status == SpinStatus::two_cycle) {
      ++cycles;
      const auto next = [&](const Spins& spins) { return Spins::sign(CoupledSpins(W).weights() * spins.column()); };
      BOOST_TEST((next(state) != state));
      BOOST_TEST((next(next(state)) == state));
    }
  }
  BOOST_TEST(cycles > 0);
}

BOOST_AUTO_TEST_CASE(a_cycle_of_three_is_no_cycle_of_two) {
  // Each takes the sign of the one before it.
  const SpinNetwork ring = CoupledSpins(State{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}});
  BOOST_TEST(!ring.descends());
  Spins state{1, -1, -1};
  const SpinOutcome outcome = relax(ring, state, {.update = Update::synchronous, .most_sweeps = 30});
  BOOST_TEST((outcome.status == SpinStatus::too_many_sweeps));
  BOOST_TEST(outcome.sweeps == 30);
  BOOST_TEST((state == Spins{1, -1, -1}));
}

BOOST_AUTO_TEST_CASE(the_order_is_the_seed_s) {
  Spins::Random random(2);
  const SpinPatterns patterns = SpinPatterns::random(60, 200, random);
  const SpinNetwork network = ClassicalSpins(patterns);
  const Spins start = Spins::random(200, random);
  const auto flips = [&](std::uint64_t seed) {
    std::vector<Index> sites;
    Spins state = start;
    relax(network, state, {.seed = seed}, [&](const SpinStep& step) { sites.push_back(step.sites[0]); });
    return sites;
  };
  BOOST_TEST(flips(1) == flips(1), boost::test_tools::per_element());
  BOOST_TEST((flips(1) != flips(2)));
  BOOST_TEST(!std::ranges::is_sorted(flips(1)));
}

BOOST_AUTO_TEST_CASE(only_sites_that_are_named_change) {
  Spins::Random random(3);
  const SpinPatterns patterns = SpinPatterns::random(3, 100, random);
  const SpinNetwork network = ClassicalSpins(patterns);
  std::vector<Index> sites;
  for (Index i = 99; i >= 50; --i) sites.push_back(i);
  for (const Update update : {Update::random_order, Update::fixed_order, Update::synchronous}) {
    Spins state = patterns[1];
    for (Index i = 50; i < 100; ++i) state.set(i, random() % 2 == 0 ? 1 : -1);
    for (Index i = 0; i < 3; ++i) state.flip(i);
    std::vector<Index> flipped;
    relax(network, state, {.update = update, .sites = sites},
          [&](const SpinStep& step) { flipped.insert(flipped.end(), step.sites.begin(), step.sites.end()); });
    BOOST_TEST(std::ranges::all_of(flipped, [](Index site) { return site >= 50; }));
    BOOST_TEST(overlap(state, patterns[1]) == 94);
    if (update == Update::fixed_order) BOOST_TEST(std::ranges::is_sorted(flipped, std::greater()));
  }
}

BOOST_AUTO_TEST_CASE(a_cue_completes_its_pair) {
  Spins::Random random(4);
  const SpinPatterns first = SpinPatterns::random(6, 120, random), second = SpinPatterns::random(6, 80, random);
  const BidirectionalSpins pairs(first, second);
  for (Index k = 0; k < 6; ++k) {
    Spins state = pairs.joined(first[k].with_flips(15, random), Spins::random(80, random));
    const SpinOutcome outcome =
        relax(pairs, state, {.update = Update::fixed_order, .sites = pairs.second_then_first()});
    BOOST_TEST((outcome.status == SpinStatus::settled));
    BOOST_TEST((pairs.first_of(state) == first[k]));
    BOOST_TEST((pairs.second_of(state) == second[k]));
  }
}

BOOST_AUTO_TEST_SUITE_END()
