// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <Eigen/QR>

#include <vector>

namespace hamlet {

/// γ = argmin ‖f − A γ‖ for few columns A, in memory of its own, so that no call allocates.
class LeastSquares {
 public:
  /// Of 1, 2, … `most` columns of `rows`.
  LeastSquares(Index rows, Index most);

  /// As many numbers as A has columns, until the next call. Those of columns that depend on others up to rounding are
  /// 0.
  Eigen::Ref<const Vector<double>> operator()(const Eigen::Ref<const State>& A, const Vector<double>& f);

 private:
  std::vector<Eigen::ColPivHouseholderQR<State>> decompositions_;
  Vector<double> projected_, gamma_;
};

/// Anderson's acceleration of a fixed-point iteration x ← G(x) of one column:
///   x ← x + f − (ΔX + ΔF) γ,  f = G(x) − x,  γ = argmin ‖f − ΔF γ‖,
/// over the last few differences of x and f. Source: Anderson, "Iterative Procedures for Nonlinear Integral Equations",
/// Journal of the ACM 12, 1965; Walker & Ni, "Anderson Acceleration for Fixed-Point Iterations", SIAM Journal on
/// Numerical Analysis 49, 2011, section 2.
class Anderson {
 public:
  /// Of columns of `rows`, with at most `memory` differences.
  Anderson(Index rows, Index memory);

  /// The point after x, of which f = G(x) − x is known, into `to`, which is neither. `least_squares` is for as many
  /// rows and differences.
  void next(const Vector<double>& x, const Vector<double>& f, LeastSquares& least_squares,
            Eigen::Ref<Vector<double>> to);
  /// Begins anew.
  void forget();
  /// Whether the next point will differ from G(x).
  bool remembers() const { return count_ > 0; }

 private:
  State dx_, df_;  // rows × memory, a ring of columns
  Vector<double> last_x_, last_f_;
  Index count_ = 0, place_ = 0;
  bool began_ = false;
};

}  // namespace hamlet
