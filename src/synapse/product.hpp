// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

namespace hamlet {

/// W g (or, of W.transpose(), Wᵀ g), sample by sample: a sample is then, bit for bit, what it is alone, and up to some
/// sixty samples it costs no more than one product of matrices.
template <class Weights, class Activation>
void multiply(const Weights& W, const Activation& g, View product) {
  for (Index sample = 0; sample < g.cols(); ++sample) product.col(sample).noalias() = W * g.col(sample);
}
template <class Weights, class Activation>
void add_product(const Weights& W, const Activation& g, View sum) {
  for (Index sample = 0; sample < g.cols(); ++sample) sum.col(sample).noalias() += W * g.col(sample);
}

}  // namespace hamlet
