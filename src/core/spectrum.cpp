// SPDX-License-Identifier: MIT
#include "core/spectrum.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

namespace hamlet {
namespace {

// Eigen's come smallest first.
Spectrum descending(const Eigen::SelfAdjointEigenSolver<State>& solver) {
  return {solver.eigenvalues().reverse(), solver.eigenvectors().rowwise().reverse()};
}

}  // namespace

Spectrum spectrum(const State& symmetric) { return descending(Eigen::SelfAdjointEigenSolver<State>(symmetric)); }

Spectrum spectrum(const Vector<double>& diagonal, const Vector<double>& subdiagonal) {
  Eigen::SelfAdjointEigenSolver<State> solver;
  solver.computeFromTridiagonal(diagonal, subdiagonal);
  return descending(solver);
}

State orthonormal(const State& columns) {
  return Eigen::HouseholderQR<State>(columns).householderQ() * State::Identity(columns.rows(), columns.cols());
}

}  // namespace hamlet
