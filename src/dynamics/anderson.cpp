// SPDX-License-Identifier: MIT
#include "dynamics/anderson.hpp"

#include <algorithm>

namespace hamlet {

LeastSquares::LeastSquares(Index rows, Index most) : projected_(rows), gamma_(std::min(rows, most)) {
  for (Index count = 1; count <= gamma_.size(); ++count) {
    decompositions_.emplace_back(rows, count);
    decompositions_.back().setThreshold(1e-10);
  }
}

Eigen::Ref<const Vector<double>> LeastSquares::operator()(const Eigen::Ref<const State>& A, const Vector<double>& f) {
  Eigen::ColPivHouseholderQR<State>& decomposition = decompositions_[static_cast<std::size_t>(A.cols() - 1)];
  decomposition.compute(A);
  // Qᵀf by its reflections, then R γ = Qᵀf, in place: Eigen's `solve` allocates, and takes no notice of the threshold.
  const State& qr = decomposition.matrixQR();
  const Index rank = decomposition.rank();
  projected_ = f;
  for (Index k = 0; k < rank; ++k) {
    double workspace = 0;
    projected_.tail(f.size() - k)
        .applyHouseholderOnTheLeft(qr.col(k).tail(f.size() - k - 1), decomposition.hCoeffs()[k], &workspace);
  }
  qr.topLeftCorner(rank, rank).triangularView<Eigen::Upper>().solveInPlace(projected_.head(rank));
  auto gamma = gamma_.head(A.cols());
  gamma.setZero();
  for (Index k = 0; k < rank; ++k) gamma[decomposition.colsPermutation().indices()[k]] = projected_[k];
  return gamma;
}

Anderson::Anderson(Index rows, Index memory) : dx_(rows, std::min(rows, memory)), df_(rows, std::min(rows, memory)) {}

void Anderson::forget() {
  count_ = place_ = 0;
  began_ = false;
}

void Anderson::next(const Vector<double>& x, const Vector<double>& f, LeastSquares& least_squares,
                    Eigen::Ref<Vector<double>> to) {
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
  const Eigen::Ref<const Vector<double>> gamma = least_squares(df_.leftCols(count_), f);
  to.noalias() -= dx_.leftCols(count_) * gamma;
  to.noalias() -= df_.leftCols(count_) * gamma;
}

}  // namespace hamlet
