// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/lateral.hpp>

#include "core/scratch.hpp"
#include "kernel/currents.hpp"
#include "synapse/dot_product.hpp"
#include "synapse/weights.hpp"

#include <Eigen/Cholesky>

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <mutex>

namespace hamlet {
namespace {

std::string name_of(Index rows, Index columns) { return fmt::format("Lateral({} × {})", rows, columns); }
std::string name_of(const State& weights) { return name_of(weights.rows(), weights.cols()); }

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

struct Lateral::Matrix {
  Matrix(const State& weights, Energies norms) : panels(Storage::f64, view(weights)), row_norms(std::move(norms)) {}

  kernel::Panels panels;
  Energies row_norms;  // ‖W_i‖, 1 × N
  std::once_flag judged = {};
  bool positive = false;  // semidefinite
};

Lateral::Lateral(State weights) {
  if (weights.rows() != weights.cols()) {
    throw ShapeError(fmt::format("{} is not square: it joins a layer with itself", name_of(weights)));
  }
  require_finite_weights(weights, name_of(weights));
  require_symmetric(weights);
  weights = (0.5 * weights + 0.5 * weights.transpose()).eval();
  Energies norms = row_norms(weights);
  matrix_ = std::make_shared<Matrix>(weights, std::move(norms));
}

bool Lateral::concave_in(std::size_t, std::size_t) const {
  std::call_once(matrix_->judged, [&] {
    // W + N ε ‖W‖∞ = L Lᵀ
    State shifted = weights();
    const double rounding =
        static_cast<double>(shifted.rows()) * std::numeric_limits<double>::epsilon() * norm_of(shifted);
    shifted.diagonal().array() += rounding;
    matrix_->positive = Eigen::LLT<Eigen::Ref<State>>(shifted).info() == Eigen::Success;
  });
  return matrix_->positive;
}

State Lateral::weights() const {
  const Index N = matrix_->panels.rows();
  return State::NullaryExpr(N, N, [&](Index row, Index column) { return matrix_->panels.weight(row, column); });
}

Index Lateral::parameters() const { return matrix_->panels.rows() * (matrix_->panels.rows() + 1) / 2; }

void Lateral::add_current(const ConstView& g, View current) const {
  const ConstView unknown(nullptr, g.rows(), g.cols(), Eigen::OuterStride<>(g.rows()));
  kernel::currents(matrix_->panels, g, unknown, current, unwanted(g.rows(), g.cols()), nullptr);
}

void Lateral::apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
  const ConstView& g = activations[0];
  // E = −½ g·(W g)
  Scratch current(g.rows(), g.cols());
  current.setZero();
  add_current(g, current);
  energies = -0.5 * g.cwiseProduct(current).colwise().sum();
  if (wanted(currents[0])) currents[0] += current;
}

void Lateral::differential(Activations, Activations dg, Currents dcurrents) const {
  if (wanted(dcurrents[0])) add_current(dg[0], dcurrents[0]);
}

void Lateral::rounding(Activations activations, Eigen::Ref<Energies> bound) const {
  const ConstView& g = activations[0];
  // c ½ Σ_i |g_i| ‖W_i‖ ‖g‖: N terms in every W_i·g, then N terms
  Scratch size(g.rows(), g.cols());
  size = g.cwiseAbs();
  bound.noalias() = matrix_->row_norms * size;
  bound.array() *= dot_product_rounding(g.rows()) * g.colwise().norm().array();
}

std::string Lateral::misfit(std::span<const Shape> shapes) const {
  if (shapes.size() != 1) return fmt::format("it joins one layer with itself, not {} layers", shapes.size());
  if (matrix_->panels.rows() != shapes[0].size()) return "its rows and columns do not fit";
  return {};
}

std::string Lateral::name() const { return name_of(matrix_->panels.rows(), matrix_->panels.columns()); }

}  // namespace hamlet
