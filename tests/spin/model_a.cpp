// SPDX-License-Identifier: MIT
// The bridge to Model A, which is another rule: σ_i ← sign Σ ξ_i F′(ξ·σ), the spin's own part in the overlap.
#include <hamlet/lagrangian/exponential.hpp>
#include <hamlet/lagrangian/power.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/spin/classical_spins.hpp>
#include <hamlet/spin/dense_spins.hpp>
#include <hamlet/spin/spin_network.hpp>

#include <models/model_a.hpp>

#include <boost/test/unit_test.hpp>

using namespace hamlet;

namespace {

/// Σ_μ ξ_μi F′(ξ_μ·σ), from τ v̇ = this − v.
Vector<double> currents(const SpinPatterns& memories, const Lagrangian& F, const Spins& spins) {
  Flow flow{models::model_a(memories.matrix(), {.F = F})};
  const State v = spins.column();
  State derivative;
  flow(v, derivative, 0);
  return derivative + v;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_a)

// F = x²/2: ξᵀξσ, the weights with their diagonal.
BOOST_AUTO_TEST_CASE(quadratic_it_is_the_classical_network_with_the_diagonal_kept) {
  Spins::Random random(1);
  for (const Index K : {3, 20, 100}) {
    const SpinPatterns memories = SpinPatterns::random(K, 60, random);
    const SpinNetwork kept = ClassicalSpins(memories, {.diagonal = SelfCoupling::kept});
    for (int trial = 0; trial < 20; ++trial) {
      const Spins state = Spins::random(60, random);
      const Vector<double> u = currents(memories, Power{.n = 2}, state);
      const auto run = kept.run(state);
      for (Index i = 0; i < 60; ++i) BOOST_TEST(run->pull(i) == (u[i] > 0) - (u[i] < 0));
    }
  }
}

// F(y + 1) − F(y − 1) = ∫ F′ from y − 1 to y + 1, which for convex F is at most 2F′(y + 1) and at least 2F′(y − 1): the
// spin's own part speaks for its present sign, so that Model A keeps whatever the other rule keeps, and not the
// reverse.
BOOST_AUTO_TEST_CASE(for_convex_functions_model_a_keeps_what_2016_keeps) {
  Spins::Random random(2);
  constexpr Index N = 60;
  const auto check = [&](const auto& f, const Lagrangian& F) {
    int only_2016_flips = 0;
    for (const Index K : {5, 20, 100}) {
      const SpinPatterns memories = SpinPatterns::random(K, N, random);
      const SpinNetwork network = DenseSpins(memories, f);
      for (int trial = 0; trial < 20; ++trial) {
        const Spins state = memories[0].with_flips(trial, random);
        const Vector<double> u = currents(memories, F, state);
        const auto run = network.run(state);
        for (Index i = 0; i < N; ++i) {
          const bool flips = run->pull(i) == -state[i], model_a_flips = u[i] * state[i] < 0;
          BOOST_TEST((flips || !model_a_flips));
          only_2016_flips += flips && !model_a_flips ? 1 : 0;
        }
      }
    }
    BOOST_TEST(only_2016_flips > 0);
  };
  check(interaction::Power{2}, Power{.n = 2});
  check(interaction::Power{4}, Power{.n = 4});
  check(interaction::RectifiedPower{2}, RectifiedPower{.n = 2});
  check(interaction::RectifiedPower{3}, RectifiedPower{.n = 3});
  check(interaction::Exponential{}, Exponential{});
}

BOOST_AUTO_TEST_SUITE_END()
