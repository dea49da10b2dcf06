// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/system.hpp>

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace hamlet {

void System::operator()(const State& x, State& dxdt, double t) {
  ++whole_calls_;
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

long System::right_hand_sides(double since) const {
  constexpr double rounding_of_parts = 1e-6;
  return static_cast<long>(std::ceil(cost() - since - rounding_of_parts));
}

void System::derivative_of(std::span<const Rows> layers, std::span<const Rows> moved, const State& x, State& dxdt) {
  parts_ += abilities_->derivative_of(referent_, layers, moved, x, dxdt);
}

void System::currents(const State& g, State& u) {
  ++whole_calls_;
  abilities_->currents(referent_, g, u);
}

void System::potential(const State& g, Energies& energies) {
  parts_ += 0.5;
  abilities_->potential(referent_, g, energies);
}

void System::piece(const State& x, Piece& piece) const {
  abilities_->piece(referent_, x, piece);
  for (const State* bound : {&piece.lower, &piece.upper})
    if (bound->rows() != x.rows() || bound->cols() != x.cols())
      throw ShapeError(fmt::format("the piece of a state of {} × {} has a bound of {} × {}", x.rows(), x.cols(),
                                   bound->rows(), bound->cols()));
}

double System::residual(const State& derivative) const {
  return abilities_->residual ? abilities_->residual(referent_, derivative) : derivative.lpNorm<Eigen::Infinity>();
}

double System::smallest_time_constant() const {
  return abilities_->smallest_time_constant ? abilities_->smallest_time_constant(referent_)
                                            : std::numeric_limits<double>::infinity();
}

}  // namespace hamlet
