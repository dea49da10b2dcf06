// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/lagrangian/log_sum_exp.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <hamlet/network/flow.hpp>
#include <models/energy_transformer.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numeric>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;

namespace {

/// Weights of 2 heads of 3 over 5 tokens of 4 features, and 7 memories.
struct Drawn {
  explicit Drawn(unsigned seed) : random(seed) {}
  laws::Random random;
  Index D = 4, tokens = 5, Y = 3, heads = 2, K = 7, B = 3;
  double beta = 0.8;
  State W_Q = laws::normal(heads * Y, D, random), W_K = laws::normal(heads * Y, D, random);
  State xi = laws::normal(K, D, random), x = laws::normal(D * tokens, B, random);

  Network network(hamlet::models::EnergyTransformer choice = {}) const {
    return hamlet::models::energy_transformer(
        tokens, Attention{{.queries = W_Q, .keys = W_K, .heads = heads, .beta = beta}}, xi, std::move(choice));
  }
};

/// One sample's energy and its flow at τ = 1, token by token, written here once more.
struct Written {
  Written(const Drawn& drawn, const Vector<double>& state, const LayerNorm& norm) {
    const Index D = drawn.D, T = drawn.tokens;
    const State x = state.reshaped(D, T);
    State g(D, T);
    flow = -x;
    for (Index C = 0; C < T; ++C) {
      // L = D γ s + δ Σ x, s = √(mean (x − x̄)² + ε)
      const Vector<double> deviation = x.col(C).array() - x.col(C).mean();
      const double s = std::sqrt(deviation.squaredNorm() / static_cast<double>(D) + norm.epsilon);
      g.col(C) = norm.gamma * deviation.array() / s + norm.delta[0];
      energy += x.col(C).dot(g.col(C)) - static_cast<double>(D) * norm.gamma * s - norm.delta[0] * x.col(C).sum();
      // −½ Σ_μ max(ξ_μ·g, 0)²
      const Vector<double> overlap = (drawn.xi * g.col(C)).cwiseMax(0);
      energy -= 0.5 * overlap.squaredNorm();
      flow.col(C) += drawn.xi.transpose() * overlap;
    }
    for (Index head = 0; head < drawn.heads; ++head) {
      const State W_Q = drawn.W_Q.middleRows(head * drawn.Y, drawn.Y),
                  W_K = drawn.W_K.middleRows(head * drawn.Y, drawn.Y);
      for (Index C = 0; C < T; ++C) {
        double sum = 0;
        for (Index B = 0; B < T; ++B) {
          if (B != C) sum += std::exp(drawn.beta * (W_K * g.col(B)).dot(W_Q * g.col(C)));
        }
        energy -= std::log(sum) / drawn.beta;
        for (Index B = 0; B < T; ++B) {
          if (B == C) continue;
          const double p = std::exp(drawn.beta * (W_K * g.col(B)).dot(W_Q * g.col(C))) / sum;
          flow.col(C) += p * W_Q.transpose() * W_K * g.col(B);
          flow.col(B) += p * W_K.transpose() * W_Q * g.col(C);
        }
      }
    }
  }

  double energy = 0;
  State flow;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(energy_transformer)

BOOST_AUTO_TEST_CASE(flow_and_energy_are_the_formulas) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    for (const LayerNorm& norm : {LayerNorm{}, LayerNorm{.gamma = 0.7, .delta = 0.3, .epsilon = 0.1}}) {
      const Drawn drawn(seed);
      const Network net = drawn.network({.norm = norm, .tau = 2.0});
      const Energies energies = net.energy(drawn.x);
      State derivative;
      Flow{net}(drawn.x, derivative, 0);
      for (Index sample = 0; sample < drawn.B; ++sample) {
        const Written written(drawn, drawn.x.col(sample), norm);
        BOOST_TEST(std::abs(energies[sample] - written.energy) < 1e-12 * std::abs(written.energy));
        BOOST_TEST(laws::distance(derivative.col(sample), written.flow.reshaped() / 2) < 1e-12);
      }
    }
  }
}

// −Σ_C β⁻¹ log Σ_μ exp(β ξ_μ·g_C): a softmax of the memories of each token alone
BOOST_AUTO_TEST_CASE(a_collective_interaction_is_one_a_token) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    const Drawn drawn(seed);
    const Network net = drawn.network({.F = LogSumExp{.beta = 1.7}});
    const State g = Flow{net}.activations(drawn.x);
    Energies expected = Energies::Zero(drawn.B);
    for (Index sample = 0; sample < drawn.B; ++sample) {
      const State overlaps = drawn.xi * g.col(sample).reshaped(drawn.D, drawn.tokens);
      for (Index C = 0; C < drawn.tokens; ++C) {
        expected[sample] -= std::log((1.7 * overlaps.col(C).array()).exp().sum()) / 1.7;
      }
    }
    const auto terms = net.energy_terms(drawn.x);
    Energies memories = net.energy(drawn.x);
    for (const SynapseHandle synapse : net.synapses()) {
      if (net.synapse(synapse).name().starts_with("IntegratedOut")) memories = terms.at(net.name(synapse));
    }
    BOOST_TEST(laws::distance(memories, expected) < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(each_token_is_normalised_alone) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    Drawn drawn(seed);
    const Index D = drawn.D, tokens = drawn.tokens;
    const Flow flow{drawn.network()};
    const State g = flow.activations(drawn.x);
    State other = drawn.x;
    other.middleRows(2 * D, D) = 10 * laws::normal(D, drawn.B, drawn.random);
    const State changed = flow.activations(other);
    for (Index token = 0; token < tokens; ++token) {
      const bool same = (g.middleRows(token * D, D).array() == changed.middleRows(token * D, D).array()).all();
      BOOST_TEST(same == (token != 2));
    }
  }
}

BOOST_AUTO_TEST_CASE(permuted_tokens_flow_as_they_did) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    Drawn drawn(seed);
    std::vector<Index> order(static_cast<std::size_t>(drawn.tokens));
    std::iota(order.begin(), order.end(), Index{0});
    std::shuffle(order.begin(), order.end(), drawn.random);
    const auto permuted = [&](const State& x) {
      State result(x.rows(), x.cols());
      for (Index token = 0; token < drawn.tokens; ++token) {
        result.middleRows(token * drawn.D, drawn.D) =
            x.middleRows(order[static_cast<std::size_t>(token)] * drawn.D, drawn.D);
      }
      return result;
    };
    Flow flow{drawn.network()};
    State before, after;
    flow(drawn.x, before, 0);
    flow(permuted(drawn.x), after, 0);
    BOOST_TEST(laws::distance(after, permuted(before)) < 1e-13);
    BOOST_TEST(laws::distance(flow.energy(permuted(drawn.x)), flow.energy(drawn.x)) < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(its_energy_descends) {
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    const Drawn drawn(seed);
    Flow flow{drawn.network()};
    flow.input(flow.network().find("tokens")) = drawn.x;
    BOOST_TEST((flow.dissipation(drawn.x).array() < 0).all());
    EnergyMonitor descent{flow};
    State x = drawn.x;
    const Outcome outcome = integrate(flow, x, {.end = 30}, descent);
    BOOST_TEST((outcome.status == Status::end_reached), outcome);
    BOOST_TEST(descent.verdict().descends, descent.verdict());
    BOOST_TEST((flow.energy(x).array() < flow.energy(drawn.x).array()).all());
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  const Drawn drawn(1);
  const auto refused = [&](Index tokens, AttentionParameters maps, const State& memories) {
    return laws::message<hamlet::Error>(
        [&] { hamlet::models::energy_transformer(tokens, Attention{std::move(maps)}, memories); });
  };
  BOOST_TEST(laws::names(refused(5, {.queries = drawn.W_Q, .keys = drawn.W_K}, State::Ones(7, 6)),
                         {"Attention", "tokens", "4 columns of W_Q", "6 features"}));
  BOOST_TEST(laws::names(refused(6, {.queries = drawn.W_Q, .keys = drawn.W_K, .graph = State::Ones(5, 5)}, drawn.xi),
                         {"graph is 5 × 5"}));
  BOOST_TEST(laws::names(refused(1, {.queries = drawn.W_Q, .keys = drawn.W_K}, drawn.xi), {"no key but itself"}));
  BOOST_TEST(refused(0, {.queries = drawn.W_Q, .keys = drawn.W_K}, drawn.xi) != "");
  State broken = drawn.xi;
  broken(6, 1) = std::nan("");
  BOOST_TEST(laws::names(refused(5, {.queries = drawn.W_Q, .keys = drawn.W_K}, broken), {"(6, 1)", "nan"}));
}

BOOST_AUTO_TEST_SUITE_END()
