// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <algorithm>
#include <random>

namespace hamlet::laws {

using Random = std::mt19937_64;

/// Independent numbers of mean 0 and this standard deviation.
inline State normal(Index rows, Index columns, Random& random, double deviation = 1) {
  std::normal_distribution<double> distribution(0, deviation);
  return State::NullaryExpr(rows, columns, [&] { return distribution(random); });
}

/// A symmetric matrix of such numbers.
inline State symmetric(Index size, Random& random, double deviation = 1) {
  const State half = normal(size, size, random, deviation / 2);
  return half + half.transpose();
}

/// ‖a − b‖∞ relative to the larger of ‖a‖∞, ‖b‖∞ and `floor`.
template <class A, class B>
double distance(const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b, double floor = 1e-300) {
  const double scale =
      std::max({a.cwiseAbs().template maxCoeff<Eigen::PropagateNaN>(), b.cwiseAbs().maxCoeff(), floor});
  return (a - b).cwiseAbs().template maxCoeff<Eigen::PropagateNaN>() / scale;
}

}  // namespace hamlet::laws
