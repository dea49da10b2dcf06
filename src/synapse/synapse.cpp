// SPDX-License-Identifier: MIT
#include <hamlet/synapse/synapse.hpp>

#include "core/scratch.hpp"

#include <boost/container/small_vector.hpp>

#include <limits>

namespace hamlet {

void Synapse::rounding_by_magnitude(const Erased& synapse, Activations activations, Eigen::Ref<Energies> bound) {
  Index neurons = 0;
  for (const ConstView& g : activations) neurons += g.rows();
  Scratch all(neurons, bound.cols());
  all.setZero();
  boost::container::small_vector<View, 8> currents;
  Index first = 0;
  for (const ConstView& g : activations) {
    currents.emplace_back(all.data() + first, g.rows(), g.cols(), Eigen::OuterStride<>(neurons));
    first += g.rows();
  }
  synapse.apply(activations, {currents.data(), currents.size()}, bound);
  // 16 u (|E| + Σ|g·current|)
  bound = bound.cwiseAbs().eval();
  for (std::size_t slot = 0; slot < activations.size(); ++slot) {
    bound += activations[slot].cwiseProduct(currents[slot]).cwiseAbs().colwise().sum();
  }
  bound *= 8 * std::numeric_limits<double>::epsilon();
}

}  // namespace hamlet
