// SPDX-License-Identifier: MIT
#include "dynamics/anderson.hpp"

#include <algorithm>

namespace hamlet {

Anderson::Anderson(Index rows, Index memory)
    : dx_(rows, std::min(rows, memory)), df_(rows, std::min(rows, memory)), gamma_(std::min(rows, memory)) {
  for (Index count = 1; count <= df_.cols(); ++count) {
    decompositions_.emplace_back(rows, count);
    // Differences that depend on one another up to rounding say nothing more.
    decompositions_.back().setThreshold(1e-10);
  }
}

void Anderson::forget() {
  count_ = place_ = 0;
  began_ = false;
}

void Anderson::next(const Vector<double>& x, const Vector<double>& f, Eigen::Ref<Vector<double>> to) {
  if (began_ && dx_.cols() > 0) {
    dx_.col(place_) = x - last_x_;
    df_.col(place_) = f - last_f_;
    place_ = (place_ + 1) % dx_.cols();
    count_ = std::min(count_ + 1, dx_.cols());
  }
  began_ = true;
  last_x_ = x;
  last_f_ = f;
  to = x + f;
  if (count_ == 0) return;

  Eigen::ColPivHouseholderQR<State>& decomposition = decompositions_[static_cast<std::size_t>(count_ - 1)];
  decomposition.compute(df_.leftCols(count_));
  // Qᵀf by its reflections, then Rγ = Qᵀf, in place: `solve` allocates.
  const State& qr = decomposition.matrixQR();
  const Index rank = decomposition.rank();
  projected_ = f;
  for (Index k = 0; k < rank; ++k) {
    double workspace = 0;
    projected_.tail(f.size() - k)
        .applyHouseholderOnTheLeft(qr.col(k).tail(f.size() - k - 1), decomposition.hCoeffs()[k], &workspace);
  }
  qr.topLeftCorner(rank, rank).triangularView<Eigen::Upper>().solveInPlace(projected_.head(rank));
  auto gamma = gamma_.head(count_);
  gamma.setZero();
  for (Index k = 0; k < rank; ++k) gamma[decomposition.colsPermutation().indices()[k]] = projected_[k];

  to.noalias() -= dx_.leftCols(count_) * gamma;
  to.noalias() -= df_.leftCols(count_) * gamma;
}

}  // namespace hamlet
