// SPDX-License-Identifier: MIT
#include <hamlet/synapse/synapse.hpp>

#include "core/scratch.hpp"

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {
namespace {

using ManyActivations = boost::container::small_vector<ConstView, 8>;
using ManyCurrents = boost::container::small_vector<View, 8>;

/// Layers of memory one below the other, as many rows each as in `like`.
template <class Part>
auto stacked(Scratch& all, std::span<Part> like) {
  boost::container::small_vector<View, 8> parts;
  Index first = 0;
  for (const auto& part : like) {
    parts.emplace_back(all.data() + first, part.rows(), part.cols(), all.outerStride());
    first += part.rows();
  }
  return parts;
}

Index neurons(Activations g) {
  Index sum = 0;
  for (const ConstView& of_slot : g) sum += of_slot.rows();
  return sum;
}

}  // namespace

void Synapse::rounding_by_magnitude(const Erased& synapse, Activations activations, Eigen::Ref<Energies> bound) {
  Scratch all(neurons(activations), bound.cols());
  all.setZero();
  ManyCurrents currents = stacked(all, activations);
  synapse.apply(activations, {currents.data(), currents.size()}, bound);
  // 16 u (|E| + Σ|g·current|)
  bound = bound.cwiseAbs().eval();
  for (std::size_t slot = 0; slot < activations.size(); ++slot) {
    bound += activations[slot].cwiseProduct(currents[slot]).cwiseAbs().colwise().sum();
  }
  bound *= 8 * std::numeric_limits<double>::epsilon();
}

void Synapse::differential_by_currents(const Erased& synapse, Activations g, Activations dg, Currents dcurrents) {
  const Index samples = g.front().cols();
  const std::size_t slots = g.size();
  ScratchEnergies energies(samples);
  bool multilinear = true;
  for (std::size_t slot = 0; slot < slots; ++slot) multilinear = multilinear && synapse.linear_in(slot);
  if (multilinear && slots == 2) {
    // Each current is linear in the other activation.
    synapse.apply(dg, dcurrents, energies);
    return;
  }
  if (multilinear) {
    // d current_k = Σ_{j ≠ k} current_k(…, dg_j, …)
    for (std::size_t moved = 0; moved < slots; ++moved) {
      ManyActivations replaced;
      ManyCurrents others;
      for (std::size_t slot = 0; slot < slots; ++slot) {
        replaced.push_back(slot == moved ? dg[slot] : g[slot]);
        others.push_back(slot == moved ? unwanted(dcurrents[slot].rows(), dcurrents[slot].cols()) : dcurrents[slot]);
      }
      if (std::none_of(others.begin(), others.end(), wanted)) continue;
      synapse.apply({replaced.data(), slots}, {others.data(), slots}, energies);
    }
    return;
  }
  if (std::none_of(dcurrents.begin(), dcurrents.end(), wanted)) return;
  // (8 (c(h) − c(−h)) − (c(2h) − c(−2h))) / 12h, with h ‖dg‖∞ = u^{1/5} max(1, ‖g‖∞): errors of h⁴ and u/h are then as
  // small as they get together
  static const double fifth_root = std::pow(std::numeric_limits<double>::epsilon() / 2, 0.2);
  ScratchEnergies size(samples), speed(samples), step(samples);
  size.setOnes();
  speed.setZero();
  for (std::size_t slot = 0; slot < slots; ++slot) {
    size = size.cwiseMax(g[slot].cwiseAbs().colwise().maxCoeff());
    speed = speed.cwiseMax(dg[slot].cwiseAbs().colwise().maxCoeff());
  }
  // What does not move has no step, and nothing to add.
  step = (speed.array() > 0).select(fifth_root * size.array() / speed.array(), 1);
  Scratch moved(neurons(g), samples), all(neurons(g), samples);
  ManyCurrents at = stacked(moved, g), currents;
  ManyActivations moved_g;
  for (const View& part : at) moved_g.emplace_back(part.data(), part.rows(), samples, part.outerStride());
  for (const View& part : stacked(all, g)) {
    const bool asked = wanted(dcurrents[currents.size()]);
    currents.push_back(asked ? part : unwanted(part.rows(), part.cols()));
  }
  for (const auto& [along, weight] : {std::pair{1.0, 8.0}, {-1.0, -8.0}, {2.0, -1.0}, {-2.0, 1.0}}) {
    for (std::size_t slot = 0; slot < slots; ++slot) {
      at[slot] = g[slot] + dg[slot] * (along * step).asDiagonal();
    }
    all.setZero();
    synapse.apply({moved_g.data(), slots}, {currents.data(), slots}, energies);
    for (std::size_t slot = 0; slot < slots; ++slot) {
      if (!wanted(dcurrents[slot])) continue;
      dcurrents[slot] += currents[slot] * (weight / 12 / step.array()).matrix().asDiagonal();
    }
  }
}

}  // namespace hamlet
