// SPDX-License-Identifier: MIT
#include <hamlet/spin/classical_spins.hpp>
#include <hamlet/spin/dense_spins.hpp>
#include <hamlet/spin/relax.hpp>
#include <hamlet/spin/spin_monitor.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

#include "laws/random.hpp"
#include "spin/spin_instances.hpp"

using namespace hamlet;
using interaction::Exponential, interaction::Power, interaction::RectifiedPower;

namespace {

/// Patterns (x, y, −xy) of three spins: the third is the exclusive or of the first two.
const SpinPatterns exclusive_or{{1, 1, -1}, {1, -1, 1}, {-1, 1, 1}, {-1, -1, -1}};

/// Whether the third spin is found from the other two, whatever it was, and stays.
bool solves_exclusive_or(const SpinNetwork& network) {
  for (Index k = 0; k < 4; ++k) {
    Spins right = exclusive_or[k], wrong = exclusive_or[k];
    wrong.flip(2);
    for (Spins* state : {&right, &wrong}) {
      relax(network, *state, {.sites = {2}});
      if (*state != exclusive_or[k]) return false;
    }
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dense)

// A valid state has the overlaps {3, −1, −1, −1}, with its third spin wrong {−3, 1, 1, 1}. The right one is preferred
// when F(3) + 3F(−1) > F(−3) + 3F(1): 3ⁿ − 3 > 3 − 3ⁿ for odd n, 0 > 0 for even n; 3ⁿ > 3 when rectified.
BOOST_AUTO_TEST_CASE(exclusive_or_needs_an_odd_power_of_three_or_a_rectified_one_of_two) {
  for (int n = 1; n <= 20; ++n) {
    BOOST_TEST_CONTEXT("n = " << n) {
      BOOST_TEST(solves_exclusive_or(DenseSpins(exclusive_or, Power{n})) == (n % 2 == 1 && n >= 3));
      BOOST_TEST(solves_exclusive_or(DenseSpins(exclusive_or, RectifiedPower{n})) == (n >= 2));
    }
  }
  // 2 sinh 3 > 6 sinh 1
  BOOST_TEST(solves_exclusive_or(DenseSpins(exclusive_or, Exponential{})));
  BOOST_TEST(!solves_exclusive_or(ClassicalSpins(exclusive_or)));
}

// F = x²: Σ (ξσ)² = σᵀ(Σξξᵀ)σ.
BOOST_AUTO_TEST_CASE(the_square_is_the_classical_network) {
  Spins::Random random(1);
  const SpinPatterns patterns = SpinPatterns::random(25, 101, random);
  const SpinNetwork square = DenseSpins(patterns, Power{2}), classical = ClassicalSpins(patterns);
  for (int start = 0; start < 20; ++start) {
    const Spins from = Spins::random(101, random);
    std::vector<std::vector<Index>> flips;
    for (const SpinNetwork* network : {&square, &classical}) {
      Spins state = from;
      std::vector<Index>& sites = flips.emplace_back();
      relax(*network, state, {.seed = 5}, [&](const SpinStep& step) { sites.push_back(step.sites[0]); });
    }
    BOOST_TEST(flips[0] == flips[1], boost::test_tools::per_element());
  }
}

// Two memories that differ at one spin alone ask it for opposite signs, exactly; of many such pairs, in any order,
// nothing is left but what another memory asks for, however little.
BOOST_AUTO_TEST_CASE(what_is_left_of_large_numbers_decides) {
  Spins::Random random(2);
  constexpr Index N = 1000, site = 7;
  for (int instance = 0; instance < 10; ++instance) {
    const Spins center = Spins::random(N, random), small = Spins::random(N, random);
    std::vector<Spins> pairs;
    for (int pair = 0; pair < 20; ++pair) {
      Spins one = center.with_flips(20 * pair, random);
      pairs.push_back(one);
      one.flip(site);
      pairs.push_back(one);
    }
    std::ranges::shuffle(pairs, random);
    SpinPatterns none(N);
    for (const Spins& pattern : pairs) none.append(pattern);
    SpinPatterns all = none;
    all.append(small);
    Spins state = center.with_flips(100, random);
    const auto check = [&](const auto& f) {
      const SpinNetwork with = DenseSpins(all, f), alone = DenseSpins(SpinPatterns{small}, f);
      for (int change = 0; change < 3; ++change) {
        const auto a = with.run(state), b = alone.run(state);
        BOOST_TEST(a->pull(site) == b->pull(site));
        BOOST_TEST(a->difference(site).sign() == b->difference(site).sign());
        state.flip(static_cast<Index>(random() % N));
      }
      const auto nothing = SpinNetwork(DenseSpins(none, f)).run(state);
      BOOST_TEST(nothing->pull(site) == 0);
      BOOST_TEST(nothing->difference(site).sign() == 0);
    };
    for (const int n : {2, 3, 6, 9, 20, 150}) {
      check(Power{n});
      check(RectifiedPower{n});
    }
    check(Exponential{});
    check(laws::CubicAndFifth{});
  }
}

BOOST_AUTO_TEST_CASE(thousands_of_spins_descend_without_overflow) {
  Spins::Random random(3);
  for (const Index N : {500, 2000}) {
    const SpinPatterns patterns = SpinPatterns::random(40, N, random);
    const auto descends = [&](const auto& f) {
      const SpinNetwork network = DenseSpins(patterns, f);
      BOOST_TEST_CONTEXT(network.name()) {
        for (const Index flips : {N / 5, N / 2}) {
          Spins state = patterns[3].with_flips(flips, random);
          SpinMonitor descent;
          WideReal last = network.energy(state);
          const SpinOutcome outcome = relax(network, state, {.seed = random()}, descent, [&](const SpinStep& step) {
            BOOST_TEST(std::isfinite(step.energy.mantissa()));
            BOOST_TEST((step.energy <= last));
            BOOST_TEST(step.difference.sign() < 0);
            last = step.energy;
          });
          BOOST_TEST((outcome.status == SpinStatus::settled));
          BOOST_TEST(descent.descends());
          BOOST_TEST(descent.steps() > 0);
          if (flips == N / 5) BOOST_TEST((state == patterns[3]));
        }
      }
    };
    for (int n = 2; n <= 20; ++n) {
      descends(Power{n});
      descends(RectifiedPower{n});
    }
    descends(Exponential{});
    descends(laws::StretchedExponential{});
  }
}

// e^{2000}, far beyond doubles: E = −e^N (1 + …) at a memory.
BOOST_AUTO_TEST_CASE(energies_go_beyond_doubles) {
  Spins::Random random(4);
  constexpr Index N = 2000;
  const SpinPatterns patterns = SpinPatterns::random(10, N, random);
  const SpinNetwork network = DenseSpins(patterns, Exponential{});
  const WideReal energy = network.energy(patterns[0]);
  BOOST_TEST(std::abs((energy / exp(WideReal(double{N}))).value() + 1) < 1e-12);
  BOOST_TEST(network.unstable(patterns[0]) == 0);
  BOOST_TEST(energy.text() == "-3.88e+868");
}

// e^{−2000}, far below doubles: one memory alone asks every spin of −ξ to flip, by e^{2−N} − e^{−N}.
BOOST_AUTO_TEST_CASE(decisions_go_below_doubles) {
  Spins::Random random(6);
  for (const Index N : {100, 720, 740, 2000}) {
    const SpinPatterns pattern = SpinPatterns::random(1, N, random);
    const SpinNetwork network = DenseSpins(pattern, Exponential{});
    Spins state = -pattern[0];
    BOOST_TEST(network.unstable(state) == N);
    const WideReal gain = -network.run(state)->difference(0) / exp(WideReal(-static_cast<double>(N)));
    BOOST_TEST(std::abs(gain.value() - std::expm1(2)) < 1e-13);
    BOOST_TEST((relax(network, state).status == SpinStatus::settled));
    BOOST_TEST((state == pattern[0]));
  }
}

namespace {

/// x/(1 + e⁻ˣ), written so that doubles make NaN of it.
struct Swish {
  template <class T>
  T operator()(const T& x) const {
    using std::exp;
    return x * exp(x) / (1.0 + exp(x));
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(what_doubles_cannot_tell_is_asked_of_wide_numbers) {
  const SpinPatterns pattern{Spins(800)};
  const SpinNetwork network = DenseSpins(pattern, Swish{});
  BOOST_TEST(std::abs(network.run(pattern[0])->difference(0).value() - 2) < 1e-12);
  BOOST_TEST(network.unstable(pattern[0]) == 0);
}

// A functor of double alone serves where its values are finite.
BOOST_AUTO_TEST_CASE(any_function_of_double_will_do) {
  Spins::Random random(5);
  const SpinPatterns patterns = SpinPatterns::random(12, 80, random);
  const SpinNetwork network = DenseSpins(patterns, [](double x) { return x > 0 ? x * x * x : 0; });
  const SpinNetwork same = DenseSpins(patterns, RectifiedPower{3});
  for (int start = 0; start < 10; ++start) {
    Spins a = Spins::random(80, random), b = a;
    BOOST_TEST((relax(network, a).energy == relax(same, b).energy));
    BOOST_TEST((a == b));
  }
}

BOOST_AUTO_TEST_SUITE_END()
