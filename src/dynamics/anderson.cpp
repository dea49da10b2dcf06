// SPDX-License-Identifier: MIT
#include "dynamics/anderson.hpp"

#include <Eigen/QR>

#include <algorithm>

namespace hamlet {

Anderson::Anderson(Index rows, Index memory) : dx_(rows, std::min(rows, memory)), df_(rows, std::min(rows, memory)) {}

void Anderson::forget() {
  count_ = place_ = 0;
  began_ = false;
}

Vector<double> Anderson::next(const Vector<double>& x, const Vector<double>& f) {
  if (began_ && dx_.cols() > 0) {
    dx_.col(place_) = x - last_x_;
    df_.col(place_) = f - last_f_;
    place_ = (place_ + 1) % dx_.cols();
    count_ = std::min(count_ + 1, dx_.cols());
  }
  began_ = true;
  last_x_ = x;
  last_f_ = f;
  if (count_ == 0) return x + f;
  // Differences that depend on one another up to rounding say nothing more.
  Eigen::ColPivHouseholderQR<State> decomposition(df_.leftCols(count_));
  decomposition.setThreshold(1e-10);
  const Vector<double> gamma = decomposition.solve(f);
  return x + f - (dx_.leftCols(count_) + df_.leftCols(count_)) * gamma;
}

}  // namespace hamlet
