// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/attention.hpp>

#include "core/scratch.hpp"
#include "synapse/dot_product.hpp"
#include "synapse/weights.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace hamlet {
namespace {

std::string name_of(const State& queries, const State& keys, Index heads) {
  return fmt::format("Attention({} {}, queries {} × {}, keys {} × {})", heads, heads == 1 ? "head" : "heads",
                     queries.rows(), queries.cols(), keys.rows(), keys.cols());
}

/// One sample's tokens, one a column.
ConstView tokens(const ConstView& g, Index sample, Index features) {
  return {g.data() + sample * g.outerStride(), features, g.rows() / features, Eigen::OuterStride<>(features)};
}
View tokens(View current, Index sample, Index features) {
  return {current.data() + sample * current.outerStride(), features, current.rows() / features,
          Eigen::OuterStride<>(features)};
}

/// The rows of one head.
ConstView head(const ConstView& all, Index first, Index count) {
  return {all.data() + first, count, all.cols(), Eigen::OuterStride<>(all.outerStride())};
}

}  // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): moved from, part by part
Attention::Attention(AttentionParameters given) : heads_(given.heads), attends_self_(given.attends_self) {
  auto& [queries, keys, heads, beta, attends_self, graph] = given;
  const std::string name = name_of(queries, keys, heads);
  if (heads < 1) throw ValueError(fmt::format("{}: it needs at least one head", name));
  if (queries.rows() != keys.rows()) {
    throw ShapeError(
        fmt::format("{}: the {} rows of W_Q and the {} of W_K must be as many", name, queries.rows(), keys.rows()));
  }
  require_finite_weights(queries, "W_Q of " + name);
  require_finite_weights(keys, "W_K of " + name);
  const Index depth = queries.rows() / heads;
  if (depth * heads != queries.rows()) {
    throw ShapeError(fmt::format("{}: {} heads do not divide {} rows", name, heads, queries.rows()));
  }
  beta_ = beta.value_or(1 / std::sqrt(static_cast<double>(depth)));
  if (!(beta_ > 0 && std::isfinite(beta_))) {
    throw ValueError(fmt::format("{}: beta is {}: it must be positive and finite", name, beta_));
  }
  if (!graph.allFinite()) throw ValueError(fmt::format("{}: an entry of its graph is not finite", name));
  for (Index query = 0; query < graph.rows(); ++query) {
    if ((graph.row(query).array() == 0).all()) {
      throw ValueError(fmt::format("{}: query {} of its graph may attend to no key", name, query));
    }
  }
  const Energies products = row_norms(queries).cwiseProduct(row_norms(keys));
  Energies magnitude = products.reshaped(queries.rows() / heads, heads).colwise().sum();
  Mask attended = (graph.transpose().array() != 0);
  maps_ = std::make_shared<const Maps>(
      Maps{std::move(queries), std::move(keys), std::move(attended), std::move(magnitude)});
}

void Attention::set_unattended(View scores, bool one_layer, double value) const {
  if (maps_->attended.size() > 0) scores.array() = maps_->attended.select(scores.array(), value);
  if (one_layer && !attends_self_) scores.diagonal().setConstant(value);
}

void Attention::exponentiate(const ConstView& Q_h, const ConstView& K_h, bool one_layer, View exponentials,
                             Eigen::Ref<Energies> top, Eigen::Ref<Energies> sum) const {
  exponentials.noalias() = beta_ * K_h.transpose() * Q_h;
  set_unattended(exponentials, one_layer, -std::numeric_limits<double>::infinity());
  top = exponentials.colwise().maxCoeff();
  exponentials.rowwise() -= top;
  exponentials.array() = exponentials.array().exp();
  // Eigen's vectorised exponential is not 0 at −∞.
  set_unattended(exponentials, one_layer, 0);
  sum = exponentials.colwise().sum();
}

void Attention::apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
  const bool one_layer = activations.size() == 1;
  const ConstView &g_q = activations.front(), &g_k = activations.back();
  View &into_q = currents.front(), &into_k = currents.back();
  const Index of_q = queries().cols(), of_k = keys().cols();
  const Index T_q = g_q.rows() / of_q, T_k = g_k.rows() / of_k, Y = width();
  Scratch Q(queries().rows(), T_q), K(keys().rows(), T_k), p(T_k, T_q);
  Scratch into_Q(Q.rows(), T_q), into_K(K.rows(), T_k);
  ScratchEnergies top(T_q), sum(T_q);
  for (Index sample = 0; sample < energies.cols(); ++sample) {
    Q.noalias() = queries() * tokens(g_q, sample, of_q);
    K.noalias() = keys() * tokens(g_k, sample, of_k);
    double log_sums = 0;
    for (Index first = 0; first < Q.rows(); first += Y) {
      const ConstView Q_h = head(Q, first, Y), K_h = head(K, first, Y);
      exponentiate(Q_h, K_h, one_layer, p, top, sum);
      // log Σ_B e^{s_B} = c + log Σ_B e^{s_B − c}: with the largest s nothing overflows
      log_sums += top.sum() + sum.array().log().sum();
      if (!wanted(into_q) && !wanted(into_k)) continue;
      p.array().rowwise() /= sum.array();
      // −∂E/∂Q_C = Σ_B p_BC K_B, −∂E/∂K_B = Σ_C p_BC Q_C
      if (wanted(into_q)) into_Q.middleRows(first, Y).noalias() = K_h * p;
      if (wanted(into_k)) into_K.middleRows(first, Y).noalias() = Q_h * p.transpose();
    }
    energies[sample] = -log_sums / beta_;
    if (wanted(into_q)) tokens(into_q, sample, of_q).noalias() += queries().transpose() * into_Q;
    if (wanted(into_k)) tokens(into_k, sample, of_k).noalias() += keys().transpose() * into_K;
  }
}

void Attention::differential(Activations g, Activations dg, Currents dcurrents) const {
  const bool one_layer = g.size() == 1;
  View &into_q = dcurrents.front(), &into_k = dcurrents.back();
  if (!wanted(into_q) && !wanted(into_k)) return;
  const Index of_q = queries().cols(), of_k = keys().cols();
  const Index T_q = g.front().rows() / of_q, T_k = g.back().rows() / of_k, Y = width();
  Scratch Q(queries().rows(), T_q), dQ(Q.rows(), T_q), K(keys().rows(), T_k), dK(K.rows(), T_k);
  Scratch p(T_k, T_q), dp(T_k, T_q), into_Q(Q.rows(), T_q), into_K(K.rows(), T_k);
  ScratchEnergies top(T_q), sum(T_q);
  for (Index sample = 0; sample < g.front().cols(); ++sample) {
    Q.noalias() = queries() * tokens(g.front(), sample, of_q);
    dQ.noalias() = queries() * tokens(dg.front(), sample, of_q);
    K.noalias() = keys() * tokens(g.back(), sample, of_k);
    dK.noalias() = keys() * tokens(dg.back(), sample, of_k);
    for (Index first = 0; first < Q.rows(); first += Y) {
      const ConstView Q_h = head(Q, first, Y), K_h = head(K, first, Y);
      const ConstView dQ_h = head(dQ, first, Y), dK_h = head(dK, first, Y);
      exponentiate(Q_h, K_h, one_layer, p, top, sum);
      p.array().rowwise() /= sum.array();
      // dp = p (ds − Σ_B p ds), ds = β (dKᵀQ + KᵀdQ)
      dp.noalias() = beta_ * dK_h.transpose() * Q_h;
      dp.noalias() += beta_ * K_h.transpose() * dQ_h;
      sum = p.cwiseProduct(dp).colwise().sum();
      dp.rowwise() -= sum;
      dp.array() *= p.array();
      // d(Σ_B p_BC K_B) and d(Σ_C p_BC Q_C)
      auto into_Q_h = into_Q.middleRows(first, Y), into_K_h = into_K.middleRows(first, Y);
      into_Q_h.noalias() = dK_h * p;
      into_Q_h.noalias() += K_h * dp;
      into_K_h.noalias() = dQ_h * p.transpose();
      into_K_h.noalias() += Q_h * dp.transpose();
    }
    if (wanted(into_q)) tokens(into_q, sample, of_q).noalias() += queries().transpose() * into_Q;
    if (wanted(into_k)) tokens(into_k, sample, of_k).noalias() += keys().transpose() * into_K;
  }
}

void Attention::rounding(Activations activations, Eigen::Ref<Energies> bound) const {
  const ConstView &g_q = activations.front(), &g_k = activations.back();
  const Index of_q = queries().cols(), of_k = keys().cols();
  const Index T_q = g_q.rows() / of_q, T_k = g_k.rows() / of_k;
  constexpr double unit_roundoff = std::numeric_limits<double>::epsilon() / 2;
  const double count = static_cast<double>(heads_ * T_q), largest_log = std::log(static_cast<double>(T_k));
  const double of_terms = dot_product_rounding(heads_ * T_q);
  // |K_B·Q_C| ≤ Σ_i ‖W_K,i‖ ‖g_B‖ ‖W_Q,i‖ ‖g_C‖, a sum over features twice and over the rows of a head; the largest
  // is subtracted and added again.
  const double of_scores = dot_product_rounding(of_q) + dot_product_rounding(of_k) + dot_product_rounding(width()) +
                           of_terms + 4 * unit_roundoff;
  // β⁻¹ log Σ_B e^{s_B − c} ≤ β⁻¹ log T: a sum of T terms, each of which has the roundings of s_B − c, of mean (s_B −
  // c)u ≤ u log T, and of the exponential; and the logarithm's own.
  const double of_logs = dot_product_rounding(T_k) + 6 * unit_roundoff + largest_log * (3 * unit_roundoff + of_terms);
  for (Index sample = 0; sample < bound.cols(); ++sample) {
    const double scores = maps_->magnitude.sum() * tokens(g_q, sample, of_q).colwise().norm().sum() *
                          tokens(g_k, sample, of_k).colwise().norm().maxCoeff();
    bound[sample] = of_scores * scores + of_logs * count / beta_;
  }
}

std::string Attention::misfit(std::span<const Shape> shapes) const {
  if (shapes.empty() || shapes.size() > 2) {
    return fmt::format("it joins one layer with itself or two, not {}", shapes.size());
  }
  const bool one_layer = shapes.size() == 1;
  const Shape &of_q = shapes.front(), &of_k = shapes.back();
  const auto features = [](const char* map, const State& weights, const Shape& shape) {
    return fmt::format("the {} columns of {} are not the {} features of a token", weights.cols(), map, shape[0]);
  };
  if (queries().cols() != of_q[0]) return features("W_Q", queries(), of_q);
  if (keys().cols() != of_k[0]) return features("W_K", keys(), of_k);
  const Index T_q = of_q.size() / of_q[0], T_k = of_k.size() / of_k[0];
  const Mask& attended = maps_->attended;
  if (attended.size() > 0 && (attended.cols() != T_q || attended.rows() != T_k)) {
    return fmt::format("its graph is {} × {}, for {} queries and {} keys", attended.cols(), attended.rows(), T_q, T_k);
  }
  if (one_layer && !attends_self_) {
    for (Index query = 0; query < T_q; ++query) {
      const Index others = attended.size() > 0 ? attended.col(query).count() - attended(query, query) : T_k - 1;
      if (others == 0) return fmt::format("query {} may attend to no key but itself, which it does not", query);
    }
  }
  return {};
}

std::string Attention::name() const { return name_of(queries(), keys(), heads_); }

}  // namespace hamlet
