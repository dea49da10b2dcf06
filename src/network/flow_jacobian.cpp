// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/network/flow.hpp>

#include "core/scratch.hpp"

#include <fmt/format.h>
#include <boost/container/small_vector.hpp>

namespace hamlet {

void Flow::require_direction(const State& v, const State& x) const {
  require_fit(x);
  if (v.rows() == x.rows() && v.cols() == x.cols()) return;
  throw ShapeError(fmt::format("the direction is {} × {}, the state {} × {}", v.rows(), v.cols(), x.rows(), x.cols()));
}

void Flow::jacobian_product(const State& x, const State& v, State& product) const {
  require_direction(v, x);
  product.resize(x.rows(), x.cols());
  Scratch g(x.rows(), x.cols()), dg(x.rows(), x.cols());
  activate(x, g);
  View all_dg = dg, all = view(product);
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    // dg = (∂²L/∂x²) v
    layer_at(at).lagrangian.hessian_product(block(x, at), block(v, at), block(all_dg, at));
  }
  // τ J v = −v + Σ_s d currents
  product = -v;
  add_differential(g, dg, all);
  for (std::size_t at = 0; at < groups_.size(); ++at) divide_by_inertia(at, block(all, at));
}

void Flow::differential(const State& g, const State& dg, State& du) const {
  require_direction(dg, g);
  du.setZero(g.rows(), g.cols());
  add_differential(view(g), view(dg), view(du));
}

void Flow::add_differential(const ConstView& g, const ConstView& dg, View currents) const {
  for (std::size_t synapse = 0; synapse < synapses_.size(); ++synapse) {
    boost::container::small_vector<ConstView, 8> activations, moves;
    boost::container::small_vector<View, 8> into;
    for (const std::size_t at : joins_[synapse]) {
      activations.push_back(block(g, at));
      moves.push_back(block(dg, at));
      into.push_back(wanted_current(currents, at));
    }
    network_.synapse(synapses_[synapse])
        .differential({activations.data(), activations.size()}, {moves.data(), moves.size()},
                      {into.data(), into.size()});
  }
}

}  // namespace hamlet
