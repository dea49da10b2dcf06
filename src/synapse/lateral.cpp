// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/lateral.hpp>

#include "core/scratch.hpp"
#include "synapse/dot_product.hpp"
#include "synapse/product.hpp"
#include "synapse/weights.hpp"

#include <Eigen/Cholesky>

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace hamlet {
namespace {

std::string name_of(const State& weights) { return fmt::format("Lateral({} × {})", weights.rows(), weights.cols()); }

/// ‖W‖∞ = max_i Σ_j |W_ij|
double norm_of(const State& weights) { return weights.cwiseAbs().rowwise().sum().maxCoeff(); }

void require_symmetric(const State& weights) {
  double worst = 1e-12 * weights.cwiseAbs().maxCoeff();
  Index i = -1, j = -1;
  for (Index column = 0; column < weights.cols(); ++column) {
    for (Index row = 0; row < column; ++row) {
      const double difference = std::abs(weights(row, column) - weights(column, row));
      if (difference > worst) {
        worst = difference;
        i = row;
        j = column;
      }
    }
  }
  if (i < 0) return;
  throw ValueError(fmt::format("{} is not symmetric: W({}, {}) = {} but W({}, {}) = {}", name_of(weights), i, j,
                               weights(i, j), j, i, weights(j, i)));
}

}  // namespace

Lateral::Lateral(State weights) {
  if (weights.rows() != weights.cols()) {
    throw ShapeError(fmt::format("{} is not square: it joins a layer with itself", name_of(weights)));
  }
  require_finite_weights(weights, name_of(weights));
  require_symmetric(weights);
  weights = (0.5 * weights + 0.5 * weights.transpose()).eval();
  Energies norms = row_norms(weights);
  matrix_ = std::make_shared<const Matrix>(std::move(weights), std::move(norms));
}

bool Lateral::concave_in(std::size_t, std::size_t) const {
  std::call_once(matrix_->judged, [&] {
    // W + N ε ‖W‖∞ = L Lᵀ
    const double rounding =
        static_cast<double>(weights().rows()) * std::numeric_limits<double>::epsilon() * norm_of(weights());
    State shifted = weights();
    shifted.diagonal().array() += rounding;
    matrix_->positive = Eigen::LLT<Eigen::Ref<State>>(shifted).info() == Eigen::Success;
  });
  return matrix_->positive;
}

void Lateral::apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
  const ConstView& g = activations[0];
  // E = −½ g·(W g)
  Scratch current(g.rows(), g.cols());
  multiply(weights(), g, current);
  energies = -0.5 * g.cwiseProduct(current).colwise().sum();
  if (wanted(currents[0])) currents[0] += current;
}

void Lateral::differential(Activations, Activations dg, Currents dcurrents) const {
  if (wanted(dcurrents[0])) add_product(weights(), dg[0], dcurrents[0]);
}

void Lateral::rounding(Activations activations, Eigen::Ref<Energies> bound) const {
  const ConstView& g = activations[0];
  // c ½ Σ_i |g_i| ‖W_i‖ ‖g‖: N terms in every W_i·g, then N terms
  bound.noalias() = matrix_->row_norms * g.cwiseAbs();
  bound.array() *= dot_product_rounding(g.rows()) * g.colwise().norm().array();
}

std::string Lateral::misfit(std::span<const Shape> shapes) const {
  if (shapes.size() != 1) return fmt::format("it joins one layer with itself, not {} layers", shapes.size());
  if (weights().rows() != shapes[0].size()) return "its rows and columns do not fit";
  return {};
}

std::string Lateral::name() const { return name_of(weights()); }

}  // namespace hamlet
