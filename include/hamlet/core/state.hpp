// SPDX-License-Identifier: MIT
#pragma once

#include <Eigen/Core>

namespace hamlet {

/// A signed size or position.
using Index = Eigen::Index;

/// States x of all neurons, N × B: layers are row blocks, samples are columns. Always f64, because an energy
/// computed in f32 cannot show descent.
using State = Eigen::MatrixXd;

/// One number a sample, 1 × B: an energy, a dissipation, a rounding bound.
using Energies = Eigen::RowVectorXd;

/// A column of scalars of any type a Lagrangian or an energy may be evaluated with: double, Dual, Reverse, Rounding.
template <class T>
using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

/// A layer's rows of a State, seen in place (rows × samples; the columns are a stride apart). Copying a view shares the
/// numbers, assigning to one writes them. A view whose data() is null stands for a result nobody asked for.
using View = Eigen::Map<State, Eigen::Unaligned, Eigen::OuterStride<>>;

/// The same, for reading.
using ConstView = Eigen::Map<const State, Eigen::Unaligned, Eigen::OuterStride<>>;

/// Whether somebody asked for this result.
inline bool wanted(const View& result) { return result.data() != nullptr; }
/// A result of this shape that nobody asked for.
inline View unwanted(Index rows, Index columns) { return {nullptr, rows, columns, Eigen::OuterStride<>(rows)}; }

/// The rows [first, first + count) of all columns of `state`. Unchecked; the state must outlive the view.
inline View rows(State& state, Index first, Index count) {
  return {state.data() + first, count, state.cols(), Eigen::OuterStride<>(state.rows())};
}
inline ConstView rows(const State& state, Index first, Index count) {
  return {state.data() + first, count, state.cols(), Eigen::OuterStride<>(state.rows())};
}
ConstView rows(State&&, Index, Index) = delete;

/// The whole of `state` as a view. Unchecked; the state must outlive the view.
inline View view(State& state) { return rows(state, 0, state.rows()); }
inline ConstView view(const State& state) { return rows(state, 0, state.rows()); }
ConstView view(State&&) = delete;

}  // namespace hamlet
