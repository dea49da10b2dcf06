// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <Eigen/QR>

#include <vector>

namespace hamlet {

/// Anderson's acceleration of a fixed-point iteration x ← G(x) of one column:
///   x ← x + f − (ΔX + ΔF) γ,  f = G(x) − x,  γ = argmin ‖f − ΔF γ‖,
/// over the last few differences of x and f. Source: Anderson, "Iterative Procedures for Nonlinear Integral Equations",
/// Journal of the ACM 12, 1965; Walker & Ni, "Anderson Acceleration for Fixed-Point Iterations", SIAM Journal on
/// Numerical Analysis 49, 2011, section 2.
class Anderson {
 public:
  /// Of columns of `rows`, with at most `memory` differences.
  Anderson(Index rows, Index memory);

  /// The point after x, of which f = G(x) − x is known; `to` is neither.
  void next(const Vector<double>& x, const Vector<double>& f, Eigen::Ref<Vector<double>> to);
  /// Begins anew.
  void forget();
  /// Whether the next point will differ from G(x).
  bool remembers() const { return count_ > 0; }

 private:
  State dx_, df_;  // rows × memory, a ring of columns
  Vector<double> last_x_, last_f_;
  std::vector<Eigen::ColPivHouseholderQR<State>> decompositions_;  // of 1, 2, … differences, each with its own memory
  Vector<double> projected_, gamma_;
  Index count_ = 0, place_ = 0;
  bool began_ = false;
};

}  // namespace hamlet
