// SPDX-License-Identifier: MIT
#include "attractor/symmetric_jacobian.hpp"

#include "core/spectrum.hpp"

#include <hamlet/core/error.hpp>

#include <fmt/format.h>

#include <cmath>

namespace hamlet {
namespace {

/// Below this part of the largest an eigenvalue of a Hessian is 0, and rounding may have made it negative.
constexpr double null = 1e-12;

[[noreturn]] void throw_not_convex(const Layer& layer, double eigenvalue) {
  throw ModelError(
      fmt::format("classify: {} of '{}' is not convex at this point: its Hessian has the eigenvalue {:.3g}",
                  layer.lagrangian.name(), layer.name, eigenvalue));
}

}  // namespace

SymmetricJacobian::SymmetricJacobian(const Flow& flow, const State& x) : flow_(flow), g_(flow.activations(x)) {
  const Network& net = flow.network();
  const Vector<double> rates = flow.decay_rates();
  for (Index neuron = 0; neuron < rates.size(); ++neuron)
    if (rates[neuron] > 0) free_.push_back(neuron);
  if (free_.empty()) throw ModelError("classify: every neuron is clamped: nothing moves, and nothing is stable or not");
  rates_ = rates(free_);
  for (const LayerHandle handle : net.layers()) {
    const Rows where = net.rows(handle);
    const auto of_layer = rates.segment(where.first, where.count);
    if ((of_layer.array() == 0).all()) continue;
    const Layer& layer = net.layer(handle);
    Part part = make_part(layer, net.block(x, handle));
    part.rows = where;
    Index unseen = 0;
    if (part.root.size() == 0) {
      unseen = (part.diagonal.array() == 0 && of_layer.array() > 0).count();
      // What is clamped does not move.
      part.diagonal.array() *= (of_layer.array() > 0).cast<double>();
    } else {
      unseen = part.diagonal.size();
    }
    if (unseen > 0) unseen_.push_back({layer.name, unseen});
    parts_.push_back(std::move(part));
  }
}

SymmetricJacobian::Part SymmetricJacobian::make_part(const Layer& layer, const ConstView& x) {
  const Index size = x.rows();
  Part part{layer.name, {}, {}, {}};
  if (layer.lagrangian.elementwise()) {
    const State ones = State::Ones(size, 1);
    State curvature(size, 1);
    layer.lagrangian.hessian_product(x, view(ones), view(curvature));
    if (curvature.minCoeff() < 0) throw_not_convex(layer, curvature.minCoeff());
    part.diagonal = curvature.cwiseSqrt();
    return part;
  }
  const State unit = State::Identity(size, size), here = x.replicate(1, size);
  State hessian(size, size);
  layer.lagrangian.hessian_product(view(here), view(unit), view(hessian));
  const auto [values, vectors] = spectrum(0.5 * (hessian + hessian.transpose()));
  const double rounding = null * values.cwiseAbs().maxCoeff();
  if (const double least = values[size - 1]; least < -rounding) throw_not_convex(layer, least);
  // R = H^½; what is 0 but for rounding is 0
  const Vector<double> roots = (values.array() > rounding).select(values.cwiseMax(0).cwiseSqrt(), 0);
  part.root = vectors * roots.asDiagonal() * vectors.transpose();
  part.diagonal = Vector<double>::Zero((values.array() <= rounding).count());
  return part;
}

void SymmetricJacobian::by_root(State& v) const {
  for (const Part& part : parts_) {
    auto of_layer = v.middleRows(part.rows.first, part.rows.count);
    if (part.root.size() == 0) {
      of_layer.array().colwise() *= part.diagonal.array();
    } else {
      of_layer = (part.root * of_layer).eval();
    }
  }
}

State SymmetricJacobian::multiply(const State& v) const {
  // T^{−½} v, among the clamped neurons
  const auto scaled = rates_.cwiseSqrt().asDiagonal();
  moved_.setZero(g_.rows(), v.cols());
  moved_(free_, Eigen::all) = scaled * v;
  // R D R
  by_root(moved_);
  if (v.cols() == 1) {
    flow_.differential(g_, moved_, product_);
  } else {
    flow_.differential(g_.replicate(1, v.cols()), moved_, product_);
  }
  by_root(product_);
  return scaled * State(product_(free_, Eigen::all)) - rates_.asDiagonal() * v;
}

State SymmetricJacobian::matrix() const {
  const State product = multiply(State::Identity(rows(), rows()));
  return 0.5 * (product + product.transpose());
}

std::string SymmetricJacobian::home(const Vector<double>& v) const {
  Vector<double> all = Vector<double>::Zero(g_.rows());
  all(free_) = v;
  const Part* most = &parts_.front();
  for (const Part& part : parts_) {
    const auto size = [&](const Part& of) { return all.segment(of.rows.first, of.rows.count).squaredNorm(); };
    if (size(part) > size(*most)) most = &part;
  }
  return most->name;
}

}  // namespace hamlet
