// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/classical_spins.hpp>
#include <hamlet/spin/recalled.hpp>
#include <hamlet/spin/relax.hpp>

#include <boost/test/unit_test.hpp>

#include <map>

#include "laws/throws.hpp"

using namespace hamlet;
using Member = Recalled::Member;

namespace {

Spins mixture(const SpinPatterns& patterns, const std::vector<Member>& members) {
  Vector<double> sum = Vector<double>::Zero(patterns.spins());
  for (const auto& [memory, sign] : members) sum += sign * patterns[memory].column();
  return Spins::sign(sum);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recalled_)

BOOST_AUTO_TEST_CASE(memories_ghosts_and_mixtures_are_told_apart) {
  Spins::Random random(1);
  const SpinPatterns patterns = SpinPatterns::random(9, 1000, random);
  for (Index k = 0; k < 9; ++k) {
    const Recalled memory = recalled(patterns, patterns[k].with_flips(20, random));
    BOOST_TEST((memory.kind == AttractorKind::memory));
    BOOST_TEST(memory.memory == k);
    BOOST_TEST(memory.overlap == 0.96);
    const Recalled ghost = recalled(patterns, -patterns[k]);
    BOOST_TEST((ghost.kind == AttractorKind::ghost));
    BOOST_TEST(ghost.memory == k);
    BOOST_TEST(ghost.overlap == -1);
  }
  for (const std::vector<Member>& members : {std::vector<Member>{{0, 1}, {1, 1}, {2, 1}},
                                             {{3, -1}, {5, 1}, {8, 1}},
                                             {{1, -1}, {4, -1}, {6, -1}},
                                             {{0, 1}, {2, -1}, {3, 1}, {6, 1}, {7, -1}},
                                             {{0, 1}, {1, 1}, {2, -1}, {4, 1}, {5, 1}, {7, -1}, {8, 1}}}) {
    const Spins state = mixture(patterns, members);
    const Recalled found = recalled(patterns, state);
    BOOST_TEST((found.kind == AttractorKind::mixture));
    BOOST_TEST((found.members == members));
    BOOST_TEST(found.overlap == 1);
    BOOST_TEST((recalled(patterns, state.with_flips(10, random)).members == members));
    if (members.size() == 7) BOOST_TEST((recalled(patterns, state, {.most_mixed = 5}).kind == AttractorKind::other));
  }
  const Recalled other = recalled(patterns, Spins::random(1000, random));
  BOOST_TEST((other.kind == AttractorKind::other));
  BOOST_TEST(std::abs(other.overlap) < 0.2);
  BOOST_TEST((recalled(SpinPatterns(5), Spins(5)).kind == AttractorKind::other));
  BOOST_TEST(recalled(SpinPatterns(5), Spins(5)).memory == -1);
  BOOST_TEST(recalled(patterns, patterns[3]).text() == "memory 3, overlap 1");
  BOOST_TEST(recalled(patterns, mixture(patterns, {{3, -1}, {5, 1}, {8, 1}})).text() == "mixture -3 +5 +8, overlap 1");
}

// E|sign(ξ¹ + ξ² + ξ³) ξ¹| = ½: of eight sign triples six agree with the first.
// Source: Amit, Gutfreund & Sompolinsky 1985, section III.
BOOST_AUTO_TEST_CASE(mixtures_of_three_overlap_a_half_and_are_found) {
  Spins::Random random(2);
  constexpr Index N = 2000;
  std::map<AttractorKind, int> found;
  for (int instance = 0; instance < 10; ++instance) {
    const SpinPatterns patterns = SpinPatterns::random(5, N, random);
    const SpinNetwork network = ClassicalSpins(patterns);
    const Spins state = mixture(patterns, {{0, 1}, {1, -1}, {2, 1}});
    BOOST_TEST(network.unstable(state) <= N / 100);
    const Vector<int> overlaps = patterns.overlaps(state);
    for (const auto& [memory, sign] : {Member{0, 1}, {1, -1}, {2, 1}})
      BOOST_TEST(std::abs(sign * overlaps[memory] / double{N} - 0.5) < 5 * std::sqrt(0.75 / N));
    for (int start = 0; start < 20; ++start) {
      Spins from = Spins::random(N, random);
      BOOST_TEST((relax(network, from, {.seed = random()}).status == SpinStatus::settled));
      ++found[recalled(patterns, from).kind];
    }
  }
  BOOST_TEST(found[AttractorKind::memory] > 20);
  BOOST_TEST(found[AttractorKind::ghost] > 20);
  BOOST_TEST(found[AttractorKind::mixture] > 10);
}

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
  Spins::Random random(3);
  const SpinPatterns patterns = SpinPatterns::random(3, 10, random);
  using laws::message, laws::names;
  BOOST_TEST(names(message<ShapeError>([&] { recalled(patterns, Spins(9)); }), {"10", "9"}));
  BOOST_TEST(names(message<ValueError>([&] { recalled(patterns, Spins(10), {.recalled = 0}); }), {"recalled is 0"}));
  BOOST_TEST(names(message<ValueError>([&] { recalled(patterns, Spins(10), {.mixed = 1.5}); }), {"mixed is 1.5"}));
  BOOST_TEST(
      names(message<ValueError>([&] { recalled(patterns, Spins(10), {.most_mixed = 4}); }), {"most_mixed is 4"}));
}

BOOST_AUTO_TEST_SUITE_END()
