// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/spin_patterns.hpp>
#include <hamlet/spin/spins.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

BOOST_AUTO_TEST_SUITE(spins)

BOOST_AUTO_TEST_CASE(bits_begin_with_a_cache_line) {
  Spins::Random random(3);
  for (const Index spins : {1, 500, 1000}) {
    const SpinPatterns patterns = SpinPatterns::random(5, spins, random);
    for (Index row = 0; row < 5; ++row)
      BOOST_TEST(reinterpret_cast<std::uintptr_t>(patterns.words(row).data()) % 64 == 0U);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(patterns[0].words().data()) % 64 == 0U);
  }
}

BOOST_AUTO_TEST_CASE(columns_go_to_bits_and_back) {
  Spins::Random random(1);
  for (const Index size : {1, 3, 63, 64, 65, 200}) {
    const State x = laws::normal(size, 1, random);
    const Spins spins = Spins::sign(x.col(0));
    BOOST_TEST((spins.column() == x.col(0).array().sign().matrix()));
    BOOST_TEST((Spins::sign(spins.column()) == spins));
    BOOST_TEST(((-spins).column() == -spins.column()));
    BOOST_TEST((-(-spins) == spins));
    BOOST_TEST(static_cast<double>(spins.sum()) == spins.column().sum());
    Spins changed = spins;
    for (Index i = 0; i < size; ++i) changed.set(i, -spins[i]);
    BOOST_TEST((changed == -spins));
    for (Index i = 0; i < size; ++i) changed.flip(i);
    BOOST_TEST((changed == spins));
  }
  BOOST_TEST((Spins{1, -1, -1}.column() == Vector<double>{{1, -1, -1}}));
  BOOST_TEST(Spins(70).sum() == -70);
  BOOST_TEST(Spins({1, -1, 1}).text() == "+-+");
}

BOOST_AUTO_TEST_CASE(so_many_different_spins_are_flipped) {
  Spins::Random random(2);
  const Spins spins = Spins::random(100, random);
  Vector<double> flips = Vector<double>::Zero(100);
  for (const Index count : {0, 1, 30, 99, 100})
    BOOST_TEST(overlap(spins, spins.with_flips(count, random)) == 100 - 2 * count);
  constexpr int times = 2000;
  for (int k = 0; k < times; ++k) flips += (spins.with_flips(30, random).column() - spins.column()).cwiseAbs() / 2;
  // 600 ± 5 standard deviations each
  BOOST_TEST((flips.array() - 0.3 * times).abs().maxCoeff() < 5 * std::sqrt(0.21 * times));
  BOOST_TEST(std::abs(static_cast<double>(Spins::random(100'000, random).sum())) < 5 * std::sqrt(100'000));
}

BOOST_AUTO_TEST_CASE(patterns_are_a_matrix_of_signs) {
  Spins::Random random(3);
  for (const auto& [K, N] : {std::pair<Index, Index>{1, 1}, {3, 64}, {70, 65}, {128, 600}, {200, 130}}) {
    const State xi = laws::normal(K, N, random).array().sign();
    SpinPatterns patterns = SpinPatterns::sign(xi);
    BOOST_TEST((patterns.matrix() == xi));
    BOOST_TEST((patterns.transposed().matrix() == xi.transpose()));
    BOOST_TEST((patterns.transposed().transposed() == patterns));
    const Spins sigma = Spins::random(N, random);
    BOOST_TEST((patterns.overlaps(sigma).cast<double>() == xi * sigma.column()));
    BOOST_TEST(overlap(patterns[K / 2], sigma) == patterns.overlaps(sigma)[K / 2]);
    const SpinPatterns before = patterns;
    patterns.append(sigma);
    BOOST_TEST((patterns[K] == sigma));
    patterns.remove(K);
    BOOST_TEST((patterns == before));
    patterns.append(sigma);
    patterns.remove(0);
    BOOST_TEST((patterns.matrix().topRows(K - 1) == xi.bottomRows(K - 1)));
    BOOST_TEST((patterns[K - 1] == sigma));
  }
}

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
  Spins::Random random(4);
  BOOST_TEST(names(message<ValueError>([] { Spins{1, 0}; }), {"spin 1", "0"}));
  BOOST_TEST(names(message<ValueError>([] { Spins::sign(Vector<double>{{1, 0, 2}}); }), {"entry 1", "0"}));
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(names(message<ValueError>([] { Spins::sign(Vector<double>{{nan}}); }), {"entry 0", "nan"}));
  BOOST_TEST(names(message<ShapeError>([] { overlap(Spins(3), Spins(4)); }), {"3", "4"}));
  BOOST_TEST(names(message<ShapeError>([] { Spins(-1); }), {"-1"}));
  BOOST_TEST(names(message<ValueError>([&] { Spins(3).with_flips(4, random); }), {"4 of 3"}));
  SpinPatterns patterns(3);
  BOOST_TEST(names(message<ShapeError>([&] { patterns.append(Spins(4)); }), {"4", "3"}));
  BOOST_TEST(names(message<ValueError>([&] { patterns.remove(0); }), {"row 0 of 0"}));
  BOOST_TEST(names(message<ValueError>([&] { patterns[-1]; }), {"row -1"}));
  BOOST_TEST(names(message<ShapeError>([&] { patterns.overlaps(Spins(4)); }), {"4", "3"}));
  BOOST_TEST(names(message<ShapeError>([] { SpinPatterns(0); }), {"0"}));
  BOOST_TEST(names(message<ShapeError>([&] { SpinPatterns::random(-1, 3, random); }), {"-1 patterns"}));
}

BOOST_AUTO_TEST_SUITE_END()
