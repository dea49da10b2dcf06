// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/synapse.hpp>

#include <memory>
#include <optional>

namespace hamlet {

/// The maps of an Attention, and who attends to whom. Rows h·Y … (h + 1)·Y − 1 of both maps belong to head h.
struct AttentionParameters {
  State queries = {};                         ///< W_Q, (heads·Y) × features of the layer of queries.
  State keys = {};                            ///< W_K, (heads·Y) × features of the layer of keys.
  Index heads = 1;                            ///< ≥ 1; it must divide the rows.
  std::optional<double> beta = std::nullopt;  ///< β > 0, by default 1/√Y.
  /// Whether a token of a layer attends to itself. Between two layers no token meets itself, and it changes nothing.
  bool attends_self = false;
  /// Tokens of queries × tokens of keys, not 0 where query C may attend to key B; by default it always may.
  State graph = {};
};

/// Attention of tokens to tokens:
///     E = −β⁻¹ Σ_heads Σ_C log Σ_B exp(β K_B·Q_C),    Q = W_Q g,    K = W_K g,
/// B over the keys that query C may attend to. With p = softmax_B(β K_B·Q_C) the currents are W_Qᵀ Σ_B p_BC K_B into
/// the queries' token C and W_Kᵀ Σ_C p_BC Q_C into the keys' token B. Joins one layer, whose tokens are both queries
/// and keys and get both currents, or two: `connect({queries, keys}, Attention{…})`. A layer of shape {features,
/// tokens} or {features, width, height} has one token a position; {features} is one token.
/// Source: Hoover et al., "Energy Transformer", NeurIPS 2023, section "Multi-Head Energy Attention".
class Attention {
 public:
  /// Throws ShapeError when W_Q and W_K have different numbers of rows or `heads` does not divide it, ValueError when
  /// there is no head, a number is not finite, β ≤ 0, or a row of the graph has no key.
  explicit Attention(AttentionParameters given);

  /// W_Q.
  const State& queries() const { return maps_->queries; }
  /// W_K.
  const State& keys() const { return maps_->keys; }
  double beta() const { return beta_; }

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const;
  /// In closed form: with s = β KᵀQ, dp = p (ds − Σ_B p ds), column by column.
  void differential(Activations g, Activations dg, Currents dcurrents) const;
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const;
  std::string misfit(std::span<const Shape> shapes) const;
  /// Between two layers, in either.
  bool concave_in(std::size_t, std::size_t slots) const { return slots == 2; }
  Index parameters() const { return queries().size() + keys().size(); }
  /// "Attention(4 heads, queries 64 × 128, keys 64 × 128)".
  std::string name() const;

 private:
  using Mask = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;
  struct Maps {
    State queries, keys;
    Mask attended;       // tokens of keys × tokens of queries; empty without a graph
    Energies magnitude;  // Σ_i ‖W_K,i‖ ‖W_Q,i‖ over the rows i of each head
  };

  Index width() const { return queries().rows() / heads_; }
  /// e^{s − top} of one head, s = β KᵀQ, tokens of keys × tokens of queries; `top` and `sum` hold the largest s and the
  /// sum of each column. Both are 1 × tokens of queries.
  void exponentiate(const ConstView& Q_h, const ConstView& K_h, bool one_layer, View exponentials,
                    Eigen::Ref<Energies> top, Eigen::Ref<Energies> sum) const;
  /// Sets what belongs to pairs that do not attend; `scores` are tokens of keys × tokens of queries.
  void set_unattended(View scores, bool one_layer, double value) const;

  std::shared_ptr<const Maps> maps_;
  Index heads_;
  double beta_;
  bool attends_self_;
};

}  // namespace hamlet
