// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/system.hpp>

#include <fmt/format.h>

#include <limits>

namespace hamlet {

void System::operator()(const State& x, State& dxdt, double t) {
  ++right_hand_sides_;
  abilities_->call(referent_, x, dxdt, t);
  if (dxdt.rows() != x.rows() || dxdt.cols() != x.cols())
    throw ShapeError(fmt::format("the right-hand side at t = {} made a derivative of {} × {} for a state of {} × {}", t,
                                 dxdt.rows(), dxdt.cols(), x.rows(), x.cols()));
}

void System::jacobian_product(const State& x, const State& v, State& product) {
  ++jacobian_products_;
  abilities_->jacobian_product(referent_, x, v, product);
  if (product.rows() != x.rows() || product.cols() != x.cols())
    throw ShapeError(fmt::format("the Jacobian-vector product is {} × {} for a state of {} × {}", product.rows(),
                                 product.cols(), x.rows(), x.cols()));
}

double System::residual(const State& derivative) const {
  return abilities_->residual ? abilities_->residual(referent_, derivative) : derivative.lpNorm<Eigen::Infinity>();
}

double System::smallest_time_constant() const {
  return abilities_->smallest_time_constant ? abilities_->smallest_time_constant(referent_)
                                            : std::numeric_limits<double>::infinity();
}

}  // namespace hamlet
