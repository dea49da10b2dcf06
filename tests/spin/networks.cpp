// SPDX-License-Identifier: MIT
// What every spin network must do, whatever it is made of.
#include <hamlet/core/error.hpp>
#include <hamlet/spin/relax.hpp>
#include <hamlet/spin/spin_monitor.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "laws/throws.hpp"
#include "spin/spin_instances.hpp"

using namespace hamlet;
using laws::Exact;

namespace {

Exact exact(const WideReal& x) { return ldexp(Exact(x.mantissa()), static_cast<long long>(x.exponent())); }

/// |x − y| ≤ relative · scale.
bool close(const WideReal& x, const Exact& y, double relative, const Exact& scale) {
  const bool good = abs(exact(x) - y) <= Exact(relative) * scale;
  if (!good) BOOST_TEST_MESSAGE(x << " is not " << y);
  return good;
}

/// Of exponentials that cancel, 1200 bits leave some e^150 2⁻¹²⁰⁰.
int sign_of(const Exact& x) { return abs(x) < Exact("1e-250") ? 0 : x.sign(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(networks)

// After every flip, in a random walk that takes no notice of energies.
BOOST_AUTO_TEST_CASE(kept_up_to_date_is_computed_anew) {
  Spins::Random random(1);
  for (const auto& [N, K] : {std::pair<Index, Index>{2, 1}, {9, 4}, {40, 12}, {71, 100}}) {
    std::vector<laws::SpinInstance> instances = laws::spin_instances(N, K, random);
    instances.push_back(laws::asymmetric(N, random));
    for (const laws::SpinInstance& instance : instances) {
      BOOST_TEST_CONTEXT(instance.name << ", N = " << N << ", K = " << K) {
        const std::unique_ptr<SpinRun> run = instance.network.run(Spins::random(N, random));
        for (int flip = 0; flip < 8; ++flip) {
          const auto site = static_cast<Index>(random() % static_cast<std::uint64_t>(N));
          const Vector<double> before = run->spins().column();
          const WideReal difference = run->difference(site);
          run->flip(site);
          const Vector<double> after = run->spins().column();
          BOOST_TEST((before - after).cwiseAbs().sum() == 2);
          BOOST_TEST(after[site] == -before[site]);

          const Exact E = instance.energy(after), E_before = instance.energy(before);
          const Exact size = abs(E) + abs(E_before);
          BOOST_TEST(close(run->energy(), E, instance.rounding, abs(E)));
          BOOST_TEST(close(difference, E - E_before, 1e-14, instance.rounding == 0 ? abs(E - E_before) : size));
          BOOST_TEST(difference.sign() == sign_of(E - E_before));

          const std::unique_ptr<SpinRun> anew = instance.network.run(run->spins());
          BOOST_TEST((run->energy() == anew->energy()));
          for (Index i = 0; i < N; ++i) {
            BOOST_TEST(run->pull(i) == sign_of(instance.field(after, i)));
            BOOST_TEST(run->pull(i) == anew->pull(i));
            BOOST_TEST((run->difference(i) == anew->difference(i)));
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(sites_asked_together_are_asked_one_by_one) {
  Spins::Random random(7);
  for (const auto& [N, K] : {std::pair<Index, Index>{2, 1}, {9, 4}, {71, 100}}) {
    for (const laws::SpinInstance& instance : laws::spin_instances(N, K, random)) {
      BOOST_TEST_CONTEXT(instance.name << ", N = " << N << ", K = " << K) {
        Spins state = Spins::random(N, random);
        relax(instance.network, state);
        // Of few spins that would flip, and of many
        for (const Spins& start : {state, state.with_flips(1, random), Spins::random(N, random)}) {
          const std::unique_ptr<SpinRun> run = instance.network.run(start);
          for (int trial = 0; trial < 8; ++trial) {
            std::vector<Index> sites(random() % 15);
            for (Index& site : sites) site = static_cast<Index>(random() % static_cast<std::uint64_t>(N));
            const auto flips = [&](Index i) { return run->pull(i) == -start[i]; };
            BOOST_TEST(run->staying(sites) == std::find_if(sites.begin(), sites.end(), flips) - sites.begin());
          }
        }
      }
    }
  }
}

// As many spins as overlaps of 16 bits can count, and more
BOOST_AUTO_TEST_CASE(very_many_spins) {
  Spins::Random random(8);
  constexpr Index K = 5;
  for (const Index N : {32'767, 32'768, 33'000}) {
    const SpinPatterns patterns = SpinPatterns::random(K, N, random), others = SpinPatterns::random(K, 30, random);
    const SpinNetwork network = ClassicalSpins(patterns);
    const BidirectionalSpins layers(patterns, others);
    for (const Spins& start : {patterns[2], -patterns[2]}) {
      const std::unique_ptr<SpinRun> run = network.run(start);
      const std::unique_ptr<SpinRun> pair = SpinNetwork(layers).run(layers.joined(start, others[2]));
      const auto sign = [](Index h) { return (h > 0) - (h < 0); };
      for (Index i = 0; i < N; i += 997) {
        const Spins first = layers.first_of(pair->spins()), second = layers.second_of(pair->spins());
        const Index j = i % 30;
        Index field = -K * run->spins()[i], to_first = 0, to_second = 0;
        for (Index row = 0; row < K; ++row) {
          field += patterns(row, i) * overlap(patterns[row], run->spins());
          to_first += patterns(row, i) * overlap(others[row], second);
          to_second += others(row, j) * overlap(patterns[row], first);
        }
        BOOST_TEST(run->pull(i) == sign(field));
        BOOST_TEST(pair->pull(i) == sign(to_first));
        BOOST_TEST(pair->pull(N + j) == sign(to_second));
        BOOST_TEST((run->difference(i) ==
                    WideReal(2.0 * static_cast<double>(run->spins()[i] * field) / static_cast<double>(N))));
        run->flip(i);
        pair->flip(i);
        if (i % 2 == 0) pair->flip(N + j);
      }
      BOOST_TEST((run->energy() == network.energy(run->spins())));
      BOOST_TEST((pair->energy() == SpinNetwork(layers).energy(pair->spins())));
      // Each of them flips back.
      for (Index site = 0; site < N; site += 997) BOOST_TEST(run->staying({&site, 1}) == 0U);
      BOOST_TEST(run->staying(std::vector<Index>{1, 2, 3, 4, 5, 997}) == 5U);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_flip_descends_to_a_fixed_point) {
  Spins::Random random(2);
  for (const auto& [N, K] : {std::pair<Index, Index>{5, 3}, {60, 20}, {150, 400}}) {
    for (const laws::SpinInstance& instance : laws::spin_instances(N, K, random)) {
      BOOST_TEST_CONTEXT(instance.name << ", N = " << N << ", K = " << K) {
        BOOST_TEST(instance.network.descends());
        for (const Update update : {Update::random_order, Update::fixed_order}) {
          const Spins start = Spins::random(N, random);
          Spins state = start;
          SpinMonitor descent;
          long flips = 0;
          WideReal last = instance.network.energy(state);
          const SpinOutcome outcome =
              relax(instance.network, state, {.update = update, .seed = 7}, descent, [&](const SpinStep& step) {
                ++flips;
                BOOST_TEST(step.sites.size() == 1U);
                BOOST_TEST((step.energy <= last));
                last = step.energy;
              });
          BOOST_TEST((outcome.status == SpinStatus::settled));
          BOOST_TEST(descent.descends());
          BOOST_TEST_MESSAGE(descent);
          BOOST_TEST(descent.steps() == outcome.flips);
          BOOST_TEST(flips == outcome.flips);
          BOOST_TEST((outcome.energy == instance.network.energy(state)));
          BOOST_TEST(instance.network.unstable(state) == 0);
          // Without observers it goes the same way.
          Spins again = start;
          relax(instance.network, again, {.update = update, .seed = 7});
          BOOST_TEST((again == state));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(thousands_of_spins_descend_by_every_rule) {
  Spins::Random random(6);
  constexpr Index N = 2000;
  const SpinPatterns patterns = SpinPatterns::random(300, N, random), few = SpinPatterns::random(8, N, random);
  const Vector<double> bias = laws::normal(N, 1, random) / 4;
  const CoupledSpins hebbian = HebbianWeights(patterns).network({.bias = bias});
  const std::vector<SpinNetwork> all{ClassicalSpins(patterns),
                                     ClassicalSpins(patterns, {.diagonal = SelfCoupling::kept, .bias = bias}),
                                     hebbian,
                                     pseudo_inverse(few),
                                     StorkeyWeights(few).network(),
                                     unlearn(hebbian, {.dreams = 2}),
                                     BidirectionalSpins(patterns, SpinPatterns::random(300, N / 2, random))};
  for (const SpinNetwork& network : all) {
    BOOST_TEST_CONTEXT(network.name()) {
      BOOST_TEST(network.descends());
      Spins state = Spins::random(network.size(), random);
      SpinMonitor descent;
      const SpinOutcome outcome = relax(network, state, {.seed = 3}, descent);
      BOOST_TEST((outcome.status == SpinStatus::settled));
      BOOST_TEST(descent.descends());
      BOOST_TEST(descent.steps() > N / 4);
      BOOST_TEST(network.unstable(state) == 0);
    }
  }
}

namespace {

/// Does the opposite of what lowers E, and says that it does not.
struct Upwards {
  State weights = State::Ones(6, 6);

  struct Run {
    CoupledSpins::Run run;
    const Spins& spins() const { return run.spins(); }
    int pull(Index i) const { return -run.pull(i); }
    WideReal difference(Index i) const { return run.difference(i); }
    void flip(Index i) { run.flip(i); }
    WideReal energy() const { return run.energy(); }
  };

  Index size() const { return 6; }
  std::string name() const { return "Upwards"; }
  bool descends() const { return false; }
  Run run(const Spins& start) const { return {CoupledSpins(weights).run(start)}; }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_rise_is_noticed) {
  Spins state{1, 1, 1, 1, 1, 1};
  SpinMonitor monitor;
  const SpinNetwork network = Upwards{};
  relax(network, state, {.update = Update::fixed_order, .most_sweeps = 5}, monitor);
  BOOST_TEST(!monitor.descends());
  BOOST_TEST(!static_cast<bool>(monitor));
  BOOST_TEST(monitor.rises() > 0);
  BOOST_TEST_REQUIRE(monitor.first_rise().has_value());
  BOOST_TEST(monitor.first_rise()->site == 0);
  // E from −18 to −8 where five agree with each other and with W_ii
  BOOST_TEST((monitor.first_rise()->difference == 10.0));
  BOOST_TEST(laws::names(monitor.text(), {"Rises", "step 0", "spin 0", "by 10"}));
}

BOOST_AUTO_TEST_CASE(what_is_stored_and_forgotten_leaves_no_trace) {
  Spins::Random random(3);
  const SpinPatterns patterns = SpinPatterns::random(7, 50, random);
  const Spins more = Spins::random(50, random), start = Spins::random(50, random);

  ClassicalSpins classical(patterns);
  const State weights = classical.weights();
  classical.store(more);
  BOOST_TEST((classical.weights() != weights));
  classical.forget(7);
  BOOST_TEST((classical.weights() == weights));

  HebbianWeights online(50);
  for (Index k = 0; k < 7; ++k) online.store(patterns[k]);
  BOOST_TEST((online.sums() == HebbianWeights(patterns).sums()));
  BOOST_TEST((online.network().weights() - weights).cwiseAbs().maxCoeff() < 1e-15);
  online.store(more);
  online.store(start);
  online.forget(more);
  online.forget(start);
  BOOST_TEST((online.sums() == HebbianWeights(patterns).sums()));

  DenseSpins dense(patterns, interaction::Exponential{});
  const WideReal energy = SpinNetwork(dense).energy(start);
  dense.store(more);
  BOOST_TEST((SpinNetwork(dense).energy(start) != energy));
  SpinPatterns with = patterns;
  with.append(more);
  BOOST_TEST(
      (SpinNetwork(dense).energy(start) == SpinNetwork(DenseSpins(with, interaction::Exponential{})).energy(start)));
  dense.forget(7);
  BOOST_TEST((SpinNetwork(dense).energy(start) == energy));
  dense.forget(2);
  with = patterns;
  with.remove(2);
  BOOST_TEST((dense.patterns() == with));

  BidirectionalSpins pairs(patterns, SpinPatterns::random(7, 30, random));
  const Spins both = Spins::random(80, random);
  const WideReal before = SpinNetwork(pairs).energy(both);
  pairs.store(more, Spins::random(30, random));
  BOOST_TEST((SpinNetwork(pairs).energy(both) != before));
  pairs.forget(7);
  BOOST_TEST((SpinNetwork(pairs).energy(both) == before));
}

BOOST_AUTO_TEST_CASE(bits_go_as_floats_flip_for_flip) {
  Spins::Random random(4);
  constexpr Index N = 120, K = 30;
  const SpinPatterns patterns = SpinPatterns::random(K, N, random);
  State W = patterns.matrix().transpose() * patterns.matrix();
  W.diagonal().setZero();
  for (int start = 0; start < 10; ++start) {
    Spins state = Spins::random(N, random);
    Vector<double> sigma = state.column();
    std::vector<Index> expected, found, by_weights;
    for (bool moved = true; moved;) {
      moved = false;
      for (Index i = 0; i < N; ++i) {
        if (W.row(i).dot(sigma) * sigma[i] >= 0) continue;
        sigma[i] = -sigma[i];
        expected.push_back(i);
        moved = true;
      }
    }
    Spins other = state;
    relax(ClassicalSpins(patterns), state, {.update = Update::fixed_order},
          [&](const SpinStep& step) { found.push_back(step.sites[0]); });
    relax(HebbianWeights(patterns).network(), other, {.update = Update::fixed_order},
          [&](const SpinStep& step) { by_weights.push_back(step.sites[0]); });
    BOOST_TEST(found == expected, boost::test_tools::per_element());
    BOOST_TEST(by_weights == expected, boost::test_tools::per_element());
    BOOST_TEST((state.column() == sigma));
  }
}

namespace {

/// exp(exp(2 + 2x)), from 1 to 10^(10⁹)
struct Tower {
  template <class T>
  T operator()(const T& x) const {
    using std::exp;
    return exp(exp(T(2.0 + 2.0 * x)));
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
  Spins::Random random(5);
  const SpinPatterns patterns = SpinPatterns::random(3, 10, random);
  const SpinNetwork network = ClassicalSpins(patterns);
  using laws::message, laws::names;
  BOOST_TEST(names(message<ShapeError>([&] { network.energy(Spins(9)); }), {"ClassicalSpins", "10", "9"}));
  BOOST_TEST(names(message<ShapeError>([&] { ClassicalSpins(patterns, {.bias = Vector<double>::Zero(9)}); }),
                   {"bias of 9", "10"}));
  BOOST_TEST(names(message<ValueError>([&] { ClassicalSpins(patterns, {.bias = Vector<double>::Constant(10, NAN)}); }),
                   {"not finite"}));
  BOOST_TEST(names(message<ValueError>([&] { DenseSpins(patterns, interaction::Power{0}); }), {"Power", "n is 0"}));
  BOOST_TEST(
      names(message<ValueError>([&] { DenseSpins(patterns, [](double x) { return 1 / x; }); }), {"F(0)", "inf"}));
  BOOST_TEST(names(message<ValueError>([&] { DenseSpins(patterns, [](double x) { return std::sqrt(x); }); }),
                   {"F(-10)", "is nan"}));
  BOOST_TEST(names(message<ValueError>([&] { DenseSpins(patterns, Tower{}); }), {"from 2^", "2^24"}));
  BOOST_TEST(names(message<ShapeError>([&] { ClassicalSpins{SpinPatterns()}; }), {"ClassicalSpins", "0 spins"}));
  BOOST_TEST(names(message<ShapeError>([&] { DenseSpins(SpinPatterns(), interaction::Power{2}); }), {"0 spins"}));
  BOOST_TEST(names(message<ShapeError>([&] { BidirectionalSpins(SpinPatterns(3), SpinPatterns()); }), {"3 and 0"}));
  BOOST_TEST(names(message<ShapeError>([&] { CoupledSpins(State::Zero(2, 3)); }), {"2 × 3"}));
  BOOST_TEST(names(message<ValueError>([&] { CoupledSpins(State::Constant(2, 2, NAN)); }), {"not finite"}));
  BOOST_TEST(names(message<ValueError>([&] { CoupledSpins(State::Constant(2, 2, 1e308)); }), {"overflows"}));
  BOOST_TEST(
      names(message<ShapeError>([&] { CoupledSpins(State::Zero(2, 2)).run(Spins(3)); }), {"2 spins", "3 spins"}));
  BOOST_TEST(names(message<ShapeError>([&] { CoupledSpins(State::Zero(2, 2), Vector<double>::Zero(3)); }), {"3", "2"}));
  BOOST_TEST(names(message<ValueError>([&] { CoupledSpins(State::Zero(2, 2), {}, 0); }), {"scale is 0"}));
  BOOST_TEST(names(message<ShapeError>([&] { BidirectionalSpins(patterns, SpinPatterns(4)); }), {"3", "0"}));
  const BidirectionalSpins pairs(patterns, patterns);
  BOOST_TEST(names(message<ShapeError>([&] { pairs.joined(Spins(10), Spins(3)); }), {"10 and 3", "10 and 10"}));
  BOOST_TEST(names(message<ShapeError>([&] { pairs.first_of(Spins(19)); }), {"19", "10 and 10"}));
  BOOST_TEST(names(message<ShapeError>([&] { pairs.second_of(Spins(21)); }), {"21", "10 and 10"}));
  Spins state(10);
  BOOST_TEST(names(message<ValueError>([&] { relax(network, state, {.sites = {10}}); }), {"site 10 of 10"}));
  BOOST_TEST(names(message<ValueError>([&] { relax(network, state, {.sites = {1, 2, 1}}); }), {"site 1", "twice"}));
  BOOST_TEST(names(message<ValueError>([&] { relax(network, state, {.most_sweeps = 0}); }), {"most_sweeps is 0"}));
}

BOOST_AUTO_TEST_SUITE_END()
