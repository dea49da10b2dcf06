// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/dense.hpp>

#include "core/scratch.hpp"
#include "synapse/dot_product.hpp"
#include "synapse/product.hpp"
#include "synapse/weights.hpp"

#include <fmt/format.h>

namespace hamlet {
namespace {

std::string name_of(const State& weights) { return fmt::format("Dense({} × {})", weights.rows(), weights.cols()); }

}  // namespace

Dense::Dense(State weights) {
  require_finite_weights(weights, name_of(weights));
  Energies norms = row_norms(weights);
  matrix_ = std::make_shared<const Matrix>(Matrix{std::move(weights), std::move(norms)});
}

void Dense::apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
  const ConstView &g_a = activations[0], &g_b = activations[1];
  View &into_a = currents[0], &into_b = currents[1];
  if (wanted(into_a) && !wanted(into_b)) {
    // E = −g_a·(ξᵀ g_b)
    Scratch current(g_a.rows(), g_a.cols());
    multiply(weights().transpose(), g_b, current);
    energies = -g_a.cwiseProduct(current).colwise().sum();
    into_a += current;
    return;
  }
  // E = −g_b·(ξ g_a)
  Scratch current(g_b.rows(), g_b.cols());
  multiply(weights(), g_a, current);
  energies = -g_b.cwiseProduct(current).colwise().sum();
  if (wanted(into_b)) into_b += current;
  if (wanted(into_a)) add_product(weights().transpose(), g_b, into_a);
}

void Dense::rounding(Activations activations, Eigen::Ref<Energies> bound) const {
  const ConstView &g_a = activations[0], &g_b = activations[1];
  // c Σ_μ |g_bμ| ‖ξ_μ‖ ‖g_a‖: N terms in every ξ_μ·g_a, then K terms
  const double c = dot_product_rounding(g_a.rows()) + dot_product_rounding(g_b.rows());
  bound.noalias() = matrix_->row_norms * g_b.cwiseAbs();
  bound.array() *= c * g_a.colwise().norm().array();
}

std::string Dense::misfit(std::span<const Shape> shapes) const {
  if (shapes.size() != 2) return fmt::format("it joins two layers, not {}", shapes.size());
  const bool columns = weights().cols() == shapes[0].size(), rows = weights().rows() == shapes[1].size();
  if (!columns && !rows) {
    const bool swapped = weights().rows() == shapes[0].size() && weights().cols() == shapes[1].size();
    return swapped ? "its columns belong to the first layer and its rows to the second: swap the layers or transpose it"
                   : "neither its columns nor its rows fit";
  }
  if (!columns) return "its columns do not fit";
  if (!rows) return "its rows do not fit";
  return {};
}

std::string Dense::name() const { return name_of(weights()); }

}  // namespace hamlet
