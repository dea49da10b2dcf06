// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/pseudo_inverse.hpp>

#include <Eigen/QR>

#include <utility>

namespace hamlet {

CoupledSpins pseudo_inverse(const SpinPatterns& patterns, SelfCoupling diagonal) {
  if (patterns.rows() == 0) throw ShapeError("pseudo_inverse: there is no pattern");
  // With an orthonormal basis U of the span, the projector is U Uᵀ.
  const Eigen::ColPivHouseholderQR<State> factors(patterns.matrix().transpose());
  const State basis = factors.householderQ() * State::Identity(patterns.spins(), factors.rank());
  State weights = State::Zero(patterns.spins(), patterns.spins());
  weights.selfadjointView<Eigen::Lower>().rankUpdate(basis);
  weights = State(weights.selfadjointView<Eigen::Lower>());
  if (diagonal == SelfCoupling::none) weights.diagonal().setZero();
  return CoupledSpins(std::move(weights));
}

}  // namespace hamlet
