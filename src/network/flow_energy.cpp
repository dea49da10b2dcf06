// SPDX-License-Identifier: MIT
// What a flow says of a state's energy; the motion itself is in flow.cpp.
#include <hamlet/core/error.hpp>
#include <hamlet/network/flow.hpp>

#include "core/scratch.hpp"
#include "synapse/dot_product.hpp"

#include <fmt/format.h>
#include <boost/container/small_vector.hpp>

namespace hamlet {
namespace {

/// x − I of one layer.
void displace(const ConstView& x, const State& input, View displacement) {
  if (input.cols() == 1) {
    displacement = x.colwise() - input.col(0);
  } else {
    displacement = x - input;
  }
}

}  // namespace

void Flow::layer_energies(std::size_t at, const ConstView& x, const ConstView& g, Eigen::Ref<Energies> energies) const {
  // (x − I)·g − L(x)
  Scratch displacement(x.rows(), x.cols());
  displace(x, groups_[at].input, displacement);
  ScratchEnergies values(x.cols());
  layer_at(at).lagrangian.value(x, values);
  energies = displacement.cwiseProduct(g).colwise().sum() - values;
}

void Flow::energy_at_last(const State& x, Energies& energies) const {
  energies.setZero(x.cols());
  ScratchEnergies term(x.cols());
  for (std::size_t synapse = 0; synapse < synapses_.size(); ++synapse) {
    if (outdated_[synapse]) {
      apply(synapse, view(g_), nullptr, term);
      energies += term;
    } else {
      energies += synaptic_.row(static_cast<Index>(synapse));
    }
  }
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    layer_energies(at, block(x, at), block(g_, at), term);
    energies += term;
  }
}

Energies Flow::energy(const State& x) const {
  Energies energies;
  energy(x, energies);
  return energies;
}

void Flow::energy(const State& x, Energies& energies) const {
  require_fit(x);
  Scratch g(x.rows(), x.cols());
  activate(x, g);
  energies.setZero(x.cols());
  ScratchEnergies term(x.cols());
  for (std::size_t synapse = 0; synapse < synapses_.size(); ++synapse) {
    apply(synapse, g, nullptr, term);
    energies += term;
  }
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    layer_energies(at, block(x, at), block(ConstView(g), at), term);
    energies += term;
  }
}

std::map<std::string, Energies> Flow::energy_terms(const State& x) const {
  require_fit(x);
  Scratch g(x.rows(), x.cols());
  activate(x, g);
  std::map<std::string, Energies> terms;
  Energies term(x.cols());
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    layer_energies(at, block(x, at), block(ConstView(g), at), term);
    terms.emplace(layer_at(at).name, term);
  }
  for (std::size_t synapse = 0; synapse < synapses_.size(); ++synapse) {
    apply(synapse, g, nullptr, term);
    terms.emplace(network_.name(synapses_[synapse]), term);
  }
  return terms;
}

Energies Flow::dissipation(const State& x) const {
  Energies rate;
  dissipation(x, rate);
  return rate;
}

void Flow::dissipation(const State& x, Energies& rate) const {
  require_fit(x);
  Scratch g(x.rows(), x.cols()), derivative(x.rows(), x.cols());
  Scratch synaptic(static_cast<Index>(synapses_.size()), x.cols());
  activate(x, g);
  evaluate(x, g, derivative, synaptic);
  dissipated(x, derivative, rate);
}

Energies Flow::dissipation(const State& x, const State& derivative) const {
  Energies rate;
  dissipation(x, derivative, rate);
  return rate;
}

void Flow::dissipation(const State& x, const State& derivative, Energies& rate) const {
  require_fit(x);
  require_fit(derivative);
  if (derivative.cols() != x.cols()) {
    throw ShapeError(fmt::format("the derivative is of {} samples, the state of {}", derivative.cols(), x.cols()));
  }
  dissipated(x, view(derivative), rate);
}

void Flow::dissipated(const State& x, const ConstView& derivative, Energies& rate) const {
  rate.setZero(x.cols());
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    const Group& group = groups_[at];
    if (group.held == group.inertia.size()) continue;
    // Ė = −Σ τẋ·(∂²L/∂x²) ẋ
    const ConstView velocity = block(derivative, at);
    Scratch product(velocity.rows(), velocity.cols());
    layer_at(at).lagrangian.hessian_product(block(x, at), velocity, product);
    product.array() *= velocity.array();
    rate.noalias() -= group.inertia.transpose() * product;
  }
}

Energies Flow::rounding(const State& x) const {
  Energies bound;
  rounding(x, bound);
  return bound;
}

void Flow::rounding(const State& x, Energies& bound) const {
  require_fit(x);
  Scratch g(x.rows(), x.cols());
  activate(x, g);
  bound.setZero(x.cols());
  ScratchEnergies term(x.cols());
  // Adding up the terms costs a rounding of each, which its own bound, of several, contains.
  for (std::size_t at = 0; at < groups_.size(); ++at) {
    const ConstView of_layer = block(x, at);
    Scratch displacement(of_layer.rows(), of_layer.cols());
    displace(of_layer, groups_[at].input, displacement);
    layer_at(at).lagrangian.rounding(of_layer, term);
    // c Σ|x − I||g|
    bound += term + dot_product_rounding(of_layer.rows()) *
                        displacement.cwiseProduct(block(ConstView(g), at)).cwiseAbs().colwise().sum();
  }
  for (std::size_t synapse = 0; synapse < synapses_.size(); ++synapse) {
    boost::container::small_vector<ConstView, 8> activations;
    for (const std::size_t at : joins_[synapse]) activations.push_back(block(ConstView(g), at));
    network_.synapse(synapses_[synapse]).rounding({activations.data(), activations.size()}, term);
    bound += term;
  }
}

}  // namespace hamlet
