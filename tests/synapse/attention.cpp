// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/attention.hpp>
#include <hamlet/synapse/general.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "laws/attention_energy.hpp"
#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

/// What a synapse makes of activations: its energies, and the currents of all slots.
struct Applied {
  Applied(const Synapse& synapse, const std::vector<State>& g) : energies(g.front().cols()) {
    std::vector<ConstView> activations;
    std::vector<View> into;
    for (const State& part : g) {
      activations.push_back(view(part));
      currents.emplace_back(State::Zero(part.rows(), part.cols()));
    }
    for (State& current : currents) into.push_back(view(current));
    synapse.apply(activations, into, energies);
  }

  Energies energies;
  std::vector<State> currents;
};

/// A graph in which every query has a key other than itself.
State graph(Index queries, Index keys, laws::Random& random) {
  State chosen = (laws::normal(queries, keys, random).array() > 0).cast<double>();
  for (Index query = 0; query < queries; ++query) chosen(query, (query + 1) % keys) = 2.5;
  return chosen;
}

std::string misfit(const Attention& attention, std::vector<Shape> shapes) { return attention.misfit(shapes); }

}  // namespace

BOOST_AUTO_TEST_SUITE(attention)

BOOST_AUTO_TEST_CASE(energy_and_currents_are_those_of_the_tape) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Index heads : {1, 2, 3}) {
      for (const double beta : {0.2, 1.0, 5.0}) {
        for (const bool attends_self : {false, true}) {
          for (const bool masked : {false, true}) {
            BOOST_TEST_CONTEXT("seed " << seed << ", heads " << heads << ", beta " << beta << ", attends_self "
                                       << attends_self << ", masked " << masked) {
              const State W_Q = laws::normal(6, 4, random), g = laws::normal(4 * 5, 3, random);
              const AttentionParameters of_one{.queries = W_Q,
                                               .keys = laws::normal(6, 4, random),
                                               .heads = heads,
                                               .beta = beta,
                                               .attends_self = attends_self,
                                               .graph = masked ? graph(5, 5, random) : State{}};
              const Applied one(Attention{of_one}, {g}), one_taped(General{laws::SelfAttention{of_one}}, {g});
              BOOST_TEST(laws::distance(one.energies, one_taped.energies) < 1e-12);
              BOOST_TEST(laws::distance(one.currents[0], one_taped.currents[0]) < 1e-12);

              const AttentionParameters of_two{.queries = W_Q,
                                               .keys = laws::normal(6, 3, random),
                                               .heads = heads,
                                               .beta = beta,
                                               .attends_self = attends_self,
                                               .graph = masked ? graph(5, 7, random) : State{}};
              const State g_k = laws::normal(3 * 7, 3, random);
              const Applied two(Attention{of_two}, {g, g_k}),
                  two_taped(General{laws::CrossAttention{of_two}}, {g, g_k});
              BOOST_TEST(laws::distance(two.energies, two_taped.energies) < 1e-12);
              BOOST_TEST(laws::distance(two.currents[0], two_taped.currents[0]) < 1e-12);
              BOOST_TEST(laws::distance(two.currents[1], two_taped.currents[1]) < 1e-12);
            }
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(permuted_tokens_have_permuted_currents_and_the_same_energy) {
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    laws::Random random(seed);
    const Index D = 3, tokens = 6;
    AttentionParameters choice{
        .queries = laws::normal(4, D, random), .keys = laws::normal(4, D, random), .heads = 2, .beta = 0.7};
    const State g = laws::normal(D * tokens, 2, random);
    std::vector<Index> order(tokens);
    std::iota(order.begin(), order.end(), Index{0});
    std::shuffle(order.begin(), order.end(), random);
    const auto permuted = [&](const State& of_tokens) {
      State result(of_tokens.rows(), of_tokens.cols());
      for (Index token = 0; token < tokens; ++token) {
        result.middleRows(token * D, D) = of_tokens.middleRows(order[static_cast<std::size_t>(token)] * D, D);
      }
      return result;
    };
    for (const bool masked : {false, true}) {
      if (masked) choice.graph = graph(tokens, tokens, random);
      AttentionParameters other = choice;
      if (masked) other.graph = choice.graph(order, order);
      const Applied before(Attention{choice}, {g}), after(Attention{other}, {permuted(g)});
      BOOST_TEST(laws::distance(after.energies, before.energies) < 1e-13);
      BOOST_TEST(laws::distance(after.currents[0], permuted(before.currents[0])) < 1e-13);
    }
  }
}

// Q = q and K = k: τ v̇ = Σ_B softmax_B(β k_B·v_C) k_B − v_C
BOOST_AUTO_TEST_CASE(one_step_of_queries_to_clamped_keys_is_softmax_attention) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const double tau : {1.0, 0.25}) {
      for (const double beta : {0.3, 1.0, 8.0}) {
        const Index D = 4, T_q = 3, T_k = 6;
        Network net;
        const LayerHandle queries =
            net.add({.name = "queries", .shape = {D, T_q}, .lagrangian = Quadratic{}, .tau = tau});
        const LayerHandle keys = net.add({.name = "keys", .shape = {D, 3, 2}, .lagrangian = Quadratic{}});
        const State identity = State::Identity(D, D);
        net.connect({queries, keys}, Attention{{.queries = identity, .keys = identity, .beta = beta}});
        Flow flow{net};
        flow.clamp(keys);
        const State x = laws::normal(net.size(), 2, random);
        State derivative;
        flow(x, derivative, 0);
        for (Index sample = 0; sample < 2; ++sample) {
          const State k = x.col(sample).tail(D * T_k).reshaped(D, T_k);
          for (Index query = 0; query < T_q; ++query) {
            const Vector<double> q = x.col(sample).segment(query * D, D);
            Vector<double> weighted = Vector<double>::Zero(D);
            double weights = 0;
            for (Index key = 0; key < T_k; ++key) {
              weighted += std::exp(beta * k.col(key).dot(q)) * k.col(key);
              weights += std::exp(beta * k.col(key).dot(q));
            }
            const Vector<double> step = q + tau * derivative.col(sample).segment(query * D, D);
            BOOST_TEST(laws::distance(step, weighted / weights) < 1e-12);
          }
        }
        BOOST_TEST((derivative.bottomRows(D * T_k).array() == 0).all());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(heads_add_up) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const State W_Q = laws::normal(6, 4, random), W_K = laws::normal(6, 4, random), g = laws::normal(20, 3, random);
    // β by default is 1/√3, of the width of a head.
    const Applied both(Attention{{.queries = W_Q, .keys = W_K, .heads = 2}}, {g});
    const Applied first(Attention{{.queries = W_Q.topRows(3), .keys = W_K.topRows(3), .beta = 1 / std::sqrt(3.0)}},
                        {g});
    const Applied second(
        Attention{{.queries = W_Q.bottomRows(3), .keys = W_K.bottomRows(3), .beta = 1 / std::sqrt(3.0)}}, {g});
    BOOST_TEST(laws::distance(both.energies, first.energies + second.energies) < 1e-13);
    BOOST_TEST(laws::distance(both.currents[0], first.currents[0] + second.currents[0]) < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(a_layer_joined_to_itself_as_two_attends_to_all_of_itself) {
  laws::Random random(5);
  const State W_Q = laws::normal(4, 3, random), W_K = laws::normal(4, 3, random), g = laws::normal(15, 2, random);
  const Applied two(Attention{{.queries = W_Q, .keys = W_K}}, {g, g});
  const Applied one(Attention{{.queries = W_Q, .keys = W_K, .attends_self = true}}, {g});
  BOOST_TEST(laws::distance(one.energies, two.energies) < 1e-14);
  BOOST_TEST(laws::distance(one.currents[0], two.currents[0] + two.currents[1]) < 1e-14);
}

// A token that no query may attend to, and that is no query's equal, has exactly no influence.
BOOST_AUTO_TEST_CASE(what_is_masked_is_not_seen) {
  laws::Random random(6);
  State allowed = State::Ones(4, 5);
  allowed.col(3).setZero();
  const Attention attention{
      {.queries = laws::normal(4, 3, random), .keys = laws::normal(4, 3, random), .graph = allowed}};
  const State g_q = laws::normal(12, 2, random);
  State g_k = laws::normal(15, 2, random);
  const Applied before(attention, {g_q, g_k});
  g_k.middleRows(9, 3) *= 1e3;
  const Applied after(attention, {g_q, g_k});
  BOOST_TEST((before.energies.array() == after.energies.array()).all());
  BOOST_TEST((before.currents[0].array() == after.currents[0].array()).all());
  BOOST_TEST((after.currents[1].middleRows(9, 3).array() == 0).all());
}

BOOST_AUTO_TEST_CASE(large_scores_do_not_overflow) {
  laws::Random random(7);
  const State W_Q = laws::normal(2, 3, random), W_K = laws::normal(2, 3, random), g = laws::normal(12, 2, random);
  const Applied large(Attention{{.queries = 1e4 * W_Q, .keys = 1e4 * W_K, .beta = 1}}, {g});
  BOOST_TEST(large.energies.allFinite());
  BOOST_TEST(large.currents[0].allFinite());
  // β → ∞: −Σ_C max_B K_B·Q_C
  for (Index sample = 0; sample < 2; ++sample) {
    const State tokens = g.col(sample).reshaped(3, 4);
    State scores = 1e8 * (W_K * tokens).transpose() * (W_Q * tokens);
    scores.diagonal().setConstant(-1e300);
    BOOST_TEST(std::abs(large.energies[sample] + scores.colwise().maxCoeff().sum()) <
               1e-12 * std::abs(large.energies[sample]));
  }
}

// With eleven more bits: the bound holds, and is not a thousand times too wide.
BOOST_AUTO_TEST_CASE(the_energy_is_within_its_rounding_bound) {
  using Long = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  double tightest = 0;
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const auto& [D, tokens, Y, heads] : {std::array<Index, 4>{2, 3, 2, 1}, {16, 9, 8, 3}, {40, 50, 30, 2}}) {
      for (const double scale : {1e-3, 1.0, 10.0}) {
        for (const double beta : {1e-2, 1.0, 20.0}) {
          const State W_Q = laws::normal(heads * Y, D, random, scale), W_K = laws::normal(heads * Y, D, random);
          const State g = laws::normal(D * tokens, 3, random);
          const Attention attention{{.queries = W_Q, .keys = W_K, .heads = heads, .beta = beta}};
          const Applied applied(attention, {g});
          Energies bound(3);
          attention.rounding(std::vector<ConstView>{view(g)}, bound);
          for (Index sample = 0; sample < 3; ++sample) {
            const Long of_tokens = g.col(sample).reshaped(D, tokens).cast<long double>();
            long double energy = 0;
            for (Index head = 0; head < heads; ++head) {
              const Long Q = W_Q.middleRows(head * Y, Y).cast<long double>() * of_tokens;
              const Long K = W_K.middleRows(head * Y, Y).cast<long double>() * of_tokens;
              Long scores = static_cast<long double>(beta) * K.transpose() * Q;
              scores.diagonal().setConstant(-1e4000L);
              for (const auto& of_query : scores.colwise()) {
                const long double top = of_query.maxCoeff();
                energy -= (top + std::log((of_query.array() - top).exp().sum())) / static_cast<long double>(beta);
              }
            }
            const auto error =
                static_cast<double>(std::abs(energy - static_cast<long double>(applied.energies[sample])));
            BOOST_TEST(error <= bound[sample]);
            tightest = std::max(tightest, error / bound[sample]);
          }
        }
      }
    }
  }
  BOOST_TEST_MESSAGE("largest error, in units of its bound: " << tightest);
  BOOST_TEST(tightest > 1e-3);
}

BOOST_AUTO_TEST_CASE(maps_that_mean_nothing_are_refused) {
  const State W = State::Ones(6, 4);
  const auto refused = [](AttentionParameters choice) {
    return message<hamlet::Error>([&] { Attention{std::move(choice)}; });
  };
  const std::string of_two = "Attention(2 heads, queries 6 × 4, keys 6 × 4): ";
  BOOST_TEST(refused({.queries = W, .keys = W, .heads = 0}) ==
             "Attention(0 heads, queries 6 × 4, keys 6 × 4): it needs at least one head");
  BOOST_TEST(refused({.queries = W, .keys = W, .heads = 4}) ==
             "Attention(4 heads, queries 6 × 4, keys 6 × 4): 4 heads do not divide 6 rows");
  BOOST_TEST(refused({.queries = W, .keys = State::Ones(5, 4)}) ==
             "Attention(1 head, queries 6 × 4, keys 5 × 4): the 6 rows of W_Q and the 5 of W_K must be as many");
  BOOST_TEST(refused({}) == "W_Q of Attention(1 head, queries 0 × 0, keys 0 × 0) has no weights");
  State broken = W;
  broken(5, 2) = std::numeric_limits<double>::infinity();
  BOOST_TEST(names(refused({.queries = broken, .keys = W}), {"weight (5, 2) of W_Q of Attention", "inf"}));
  BOOST_TEST(names(refused({.queries = W, .keys = broken}), {"weight (5, 2) of W_K of Attention", "inf"}));
  for (const double beta : {0.0, -1.5, std::nan(""), std::numeric_limits<double>::infinity()}) {
    BOOST_TEST(refused({.queries = W, .keys = W, .heads = 2, .beta = beta}).find("positive and finite") !=
               std::string::npos);
  }
  BOOST_TEST(refused({.queries = W, .keys = W, .heads = 2, .beta = -1.5}) ==
             of_two + "beta is -1.5: it must be positive and finite");
  State graph = State::Ones(3, 3);
  graph.row(1).setZero();
  BOOST_TEST(refused({.queries = W, .keys = W, .heads = 2, .graph = graph}) ==
             of_two + "query 1 of its graph may attend to no key");
  graph(1, 1) = std::nan("");
  BOOST_TEST(refused({.queries = W, .keys = W, .heads = 2, .graph = graph}) ==
             of_two + "an entry of its graph is not finite");
}

BOOST_AUTO_TEST_CASE(layers_that_do_not_fit_are_refused_with_their_sizes) {
  const State W_Q = State::Ones(6, 4), W_K = State::Ones(6, 3);
  const Attention one{{.queries = W_Q, .keys = W_Q}}, two{{.queries = W_Q, .keys = W_K}};
  BOOST_TEST(misfit(one, {{4, 5}}) == "");
  BOOST_TEST(misfit(one, {{4, 5, 2}}) == "");
  BOOST_TEST(misfit(two, {{4}, {3, 7}}) == "");
  BOOST_TEST(misfit(one, {{5, 4}}) == "the 4 columns of W_Q are not the 5 features of a token");
  BOOST_TEST(misfit(two, {{4, 5}}) == "the 3 columns of W_K are not the 4 features of a token");
  BOOST_TEST(misfit(two, {{4, 5}, {4, 5}}) == "the 3 columns of W_K are not the 4 features of a token");
  BOOST_TEST(misfit(one, {{4, 5}, {4, 5}, {4, 5}}) == "it joins one layer with itself or two, not 3");
  BOOST_TEST(misfit(one, {}) == "it joins one layer with itself or two, not 0");
  BOOST_TEST(misfit(one, {{4}}) == "query 0 may attend to no key but itself, which it does not");
  BOOST_TEST(misfit(Attention{{.queries = W_Q, .keys = W_Q, .attends_self = true}}, {{4}}) == "");

  State graph = State::Ones(5, 7);
  const Attention masked{{.queries = W_Q, .keys = W_K, .graph = graph}};
  BOOST_TEST(misfit(masked, {{4, 5}, {3, 7}}) == "");
  BOOST_TEST(misfit(masked, {{4, 7}, {3, 5}}) == "its graph is 5 × 7, for 7 queries and 5 keys");
  graph = State::Ones(5, 5);
  graph.row(3) = Vector<double>::Unit(5, 3).transpose();
  AttentionParameters alone{.queries = W_Q, .keys = W_Q, .graph = graph};
  BOOST_TEST(misfit(Attention{alone}, {{4, 5}}) == "query 3 may attend to no key but itself, which it does not");
  BOOST_TEST(misfit(Attention{alone}, {{4, 5}, {4, 5}}) == "");
  alone.attends_self = true;
  BOOST_TEST(misfit(Attention{alone}, {{4, 5}}) == "");
}

BOOST_AUTO_TEST_CASE(copies_share_the_maps) {
  const Attention attention{{.queries = State::Ones(6, 4), .keys = State::Ones(6, 3), .heads = 3}};
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): the copy is what is tested
  const Attention copy = attention;
  BOOST_TEST(copy.queries().data() == attention.queries().data());
  BOOST_TEST(attention.beta() == 1 / std::sqrt(2.0));
  BOOST_TEST(Synapse{attention}.parameters() == 42);
  BOOST_TEST(Synapse{attention}.name() == "Attention(3 heads, queries 6 × 4, keys 6 × 3)");
  BOOST_TEST(!Synapse{attention}.linear_in(0));
}

BOOST_AUTO_TEST_SUITE_END()
