// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>
#include <hamlet/synapse/attention.hpp>

#include <vector>

namespace hamlet::laws {

/// The energy of Attention written once more, pair by pair, for any scalar: with β given, for one layer.
struct SelfAttention {
  AttentionParameters choice;

  template <class T>
  T operator()(const Vector<T>& g) const {
    return attention(choice, !choice.attends_self, g, g);
  }

  /// −β⁻¹ Σ_h Σ_C log Σ_B exp(β K_B·Q_C)
  template <class T>
  static T attention(const AttentionParameters& choice, bool skips_self, const Vector<T>& g_q, const Vector<T>& g_k) {
    const Index Y = choice.queries.rows() / choice.heads;
    const auto mapped = [](const State& map, Index row, const Vector<T>& g, Index token) {
      T sum(0.0);
      for (Index i = 0; i < map.cols(); ++i) sum += map(row, i) * g[token * map.cols() + i];
      return sum;
    };
    T energy(0.0);
    for (Index head = 0; head < choice.heads; ++head) {
      for (Index C = 0; C < g_q.size() / choice.queries.cols(); ++C) {
        std::vector<T> scores;
        for (Index B = 0; B < g_k.size() / choice.keys.cols(); ++B) {
          if ((skips_self && B == C) || (choice.graph.size() > 0 && choice.graph(C, B) == 0)) continue;
          T score(0.0);
          for (Index row = head * Y; row < (head + 1) * Y; ++row) {
            score += mapped(choice.queries, row, g_q, C) * mapped(choice.keys, row, g_k, B);
          }
          scores.push_back(*choice.beta * score);
        }
        energy -= log_sum_exp<T>(Eigen::Map<const Vector<T>>(scores.data(), static_cast<Index>(scores.size()))) /
                  *choice.beta;
      }
    }
    return energy;
  }
};

/// The same between two layers.
struct CrossAttention {
  AttentionParameters choice;

  template <class T>
  T operator()(const Vector<T>& g_q, const Vector<T>& g_k) const {
    return SelfAttention::attention(choice, false, g_q, g_k);
  }
};

}  // namespace hamlet::laws
