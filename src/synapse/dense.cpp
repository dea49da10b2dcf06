// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>
#include <hamlet/synapse/dense.hpp>

#include "core/scratch.hpp"
#include "kernel/currents.hpp"
#include "kernel/through.hpp"
#include "synapse/dot_product.hpp"
#include "synapse/weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace hamlet {
namespace {

std::string name_of(Index rows, Index columns, Storage storage) {
  constexpr std::array kept{"", ", f32", ", f16", ", int8"};
  return fmt::format("Dense({} × {}{})", rows, columns, kept[static_cast<std::size_t>(storage)]);
}

}  // namespace

struct Dense::Matrix {
  kernel::Panels panels;
  std::vector<double> row_norms;  // ‖ξ_μ‖ of what is stored

  void append(const State& memories) {
    const Index first = panels.rows();
    panels.append(view(memories));
    State stored(memories.rows(), memories.cols());
    for (Index row = 0; row < stored.rows(); ++row) {
      for (Index column = 0; column < stored.cols(); ++column) stored(row, column) = panels.weight(first + row, column);
    }
    const Energies norms = hamlet::row_norms(stored);
    row_norms.insert(row_norms.end(), norms.begin(), norms.end());
  }
};

Dense::Dense(const State& weights, Storage storage) {
  require_finite_weights(weights, name_of(weights.rows(), weights.cols(), storage));
  matrix_ = std::make_shared<Matrix>(Matrix{kernel::Panels(storage, weights.cols()), {}});
  matrix_->append(weights);
}

void Dense::append(const State& memories) {
  if (memories.cols() != columns())
    throw ShapeError(fmt::format("memories of {} neurons are appended to {}", memories.cols(), name()));
  if (memories.rows() == 0) return;
  require_finite_weights(memories, fmt::format("what is appended to {}", name()));
  if (matrix_.use_count() > 1) matrix_ = std::make_shared<Matrix>(*matrix_);
  matrix_->append(memories);
}

State Dense::weights() const {
  return State::NullaryExpr(rows(), columns(),
                            [&](Index row, Index column) { return matrix_->panels.weight(row, column); });
}

Storage Dense::storage() const { return matrix_->panels.storage(); }
Index Dense::rows() const { return matrix_->panels.rows(); }
Index Dense::columns() const { return matrix_->panels.columns(); }

void Dense::apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
  // h += ξ g_a, c += ξᵀ g_b, E = −g_b·(ξ g_a)
  kernel::currents(matrix_->panels, activations[0], activations[1], currents[1], currents[0], energies.data());
  energies = -energies;
}

bool Dense::integrate_out(std::size_t slot, const Lagrangian& L, const Vector<double>& input, Activations activations,
                          Currents currents, Eigen::Ref<Energies> energies) const {
  if (slot != 1 || !wanted(currents[0])) return false;
  const ConstView& g = activations[0];
  const ConstView I(input.data(), input.size(), 1, Eigen::OuterStride<>(input.size()));
  if (const auto beta = L.inverse_temperature()) {
    // c += ξᵀ softmax(β h), L = β⁻¹ log Σ e^{βh}
    kernel::through_softmax(matrix_->panels, g, I, *beta, unwanted(rows(), g.cols()), currents[0], energies.data());
  } else if (L.uniform()) {
    // c += ξᵀ F′(h), L = Σ F(h)
    Scratch h(rows(), g.cols());
    kernel::through(
        matrix_->panels, g, I, [&](Index, Index, const ConstView& part, View f) { L.activation(part, f); }, h,
        currents[0]);
    L.value(h, energies);
  } else {
    return false;
  }
  energies = -energies;
  return true;
}

void Dense::rounding(Activations activations, Eigen::Ref<Energies> bound) const {
  const ConstView &g_a = activations[0], &g_b = activations[1];
  // c Σ_μ |g_bμ| ‖ξ_μ‖ ‖g_a‖: N terms in every ξ_μ·g_a, then K terms. Where f32 is summed, the second sum is made in
  // f64, whichever is made first: that of N or that of K terms.
  double c = dot_product_rounding(g_a.rows()) + dot_product_rounding(g_b.rows());
  if (storage() != Storage::f64)
    c += dot_product_rounding(std::max(g_a.rows(), g_b.rows()), double{std::numeric_limits<float>::epsilon()});
  Scratch size(g_b.rows(), g_b.cols());
  size = g_b.cwiseAbs();
  bound.noalias() = Eigen::Map<const Energies>(matrix_->row_norms.data(), rows()) * size;
  bound.array() *= c * g_a.colwise().norm().array();
}

std::string Dense::misfit(std::span<const Shape> shapes) const {
  if (shapes.size() != 2) return fmt::format("it joins two layers, not {}", shapes.size());
  const bool columns_fit = columns() == shapes[0].size(), rows_fit = rows() == shapes[1].size();
  if (!columns_fit && !rows_fit) {
    const bool swapped = rows() == shapes[0].size() && columns() == shapes[1].size();
    return swapped ? "its columns belong to the first layer and its rows to the second: swap the layers or transpose it"
                   : "neither its columns nor its rows fit";
  }
  if (!columns_fit) return "its columns do not fit";
  if (!rows_fit) return "its rows do not fit";
  return {};
}

std::string Dense::name() const { return name_of(rows(), columns(), storage()); }

}  // namespace hamlet
