// SPDX-License-Identifier: MIT
// Where the activations of a flow jump, and how they go on beyond; the motion itself is in flow.cpp.
#include <hamlet/network/flow.hpp>

#include "core/scratch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace hamlet {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The number nearest to x that lies strictly between the bounds, or on them where they are one.
double inside(double x, double lower, double upper) {
  if (lower == upper) return lower;
  return std::min(std::max(x, std::nextafter(lower, infinity)), std::nextafter(upper, -infinity));
}

}  // namespace

void Flow::piece(const State& x, Piece& piece) const {
  require_fit(x);
  piece.lower.setConstant(x.rows(), x.cols(), -infinity);
  piece.upper.setConstant(x.rows(), x.cols(), infinity);
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    const ConstView of_layer = block(x, at);
    View below = view(piece.lower), above = view(piece.upper);
    View lower = block(below, at), upper = block(above, at);
    for (const double jump : layer_at(at).lagrangian.discontinuities()) {
      for (Index sample = 0; sample < x.cols(); ++sample) {
        for (Index neuron = 0; neuron < of_layer.rows(); ++neuron) {
          if (jump <= of_layer(neuron, sample)) lower(neuron, sample) = std::max(lower(neuron, sample), jump);
          if (jump >= of_layer(neuron, sample)) upper(neuron, sample) = std::min(upper(neuron, sample), jump);
        }
      }
    }
  }
}

void Flow::continue_from(const Piece& piece, const State& x, View g) const {
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    const Lagrangian& lagrangian = layer_at(at).lagrangian;
    if (lagrangian.discontinuities().empty()) continue;
    const ConstView of_layer = block(x, at), lower = block(piece.lower, at), upper = block(piece.upper, at);
    Scratch near(of_layer.rows(), of_layer.cols());
    bool left = false;
    for (Index sample = 0; sample < of_layer.cols(); ++sample) {
      for (Index neuron = 0; neuron < of_layer.rows(); ++neuron) {
        const double stays = inside(of_layer(neuron, sample), lower(neuron, sample), upper(neuron, sample));
        near(neuron, sample) = stays;
        left = left || stays != of_layer(neuron, sample);
      }
    }
    if (!left) continue;
    // g = g(y) + (∂²L/∂y²)(x − y), y the nearest point of the piece
    Scratch beyond(of_layer.rows(), of_layer.cols()), tangent(of_layer.rows(), of_layer.cols());
    beyond = of_layer - near;
    View of_g = block(g, at);
    lagrangian.activation(near, of_g);
    lagrangian.hessian_product(near, beyond, tangent);
    of_g += tangent;
  }
}

}  // namespace hamlet
