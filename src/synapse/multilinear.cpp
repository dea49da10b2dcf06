// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/multilinear.hpp>

#include "core/scratch.hpp"
#include "synapse/dot_product.hpp"
#include "synapse/product.hpp"
#include "synapse/weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hamlet {
namespace {

using Matrix = Eigen::Map<const State>;

std::string name_of(const Shape& sizes) {
  std::vector<Index> each;
  for (Index slot = 0; slot < sizes.rank(); ++slot) each.push_back(sizes[slot]);
  return fmt::format("Multilinear({})", fmt::join(each, " × "));
}

/// "(2, 0, 1)" for a position in the flattened tensor.
std::string indices(const Shape& sizes, Index position) {
  std::vector<Index> each;
  for (Index slot = 0; slot < sizes.rank(); ++slot) {
    each.push_back(position % sizes[slot]);
    position /= sizes[slot];
  }
  return fmt::format("({})", fmt::join(each, ", "));
}

/// The tensors of one sample a column that arise when the slots of a tensor are filled one after the other: level k has
/// the indices of slots 0 … k − 1, so that level 0 is a number. Borrowed memory.
class Levels {
 public:
  Levels(Activations activations, Index samples) : heights_(heights(activations)), all_(first(slots()), samples) {}

  /// One sample a column.
  View level(std::size_t k) { return {all_.data() + first(k), heights_[k], all_.cols(), all_.outerStride()}; }
  /// Level k + 1 of one sample as a matrix: indices of slots 0 … k − 1 × index of slot k.
  View matrix(std::size_t k, Index sample) {
    const Index rows = heights_[k];
    return {&all_(first(k + 1), sample), rows, heights_[k + 1] / rows, Eigen::OuterStride<>(rows)};
  }

 private:
  using Heights = boost::container::small_vector<Index, 8>;

  static Heights heights(Activations activations) {
    Heights products{1};
    for (const ConstView& g : activations.first(activations.size() - 1)) products.push_back(products.back() * g.rows());
    return products;
  }
  std::size_t slots() const { return heights_.size(); }
  Index first(std::size_t k) const { return std::accumulate(heights_.data(), heights_.data() + k, Index{0}); }

  Heights heights_;
  Scratch all_;
};

/// Fills the slots from the last one down: level k is Σ W_…ijk… g_i g_j … over the indices of slots k, k + 1, ….
void contract(const Vector<double>& weights, Activations g, Levels& inner) {
  const std::size_t last = g.size() - 1;
  const Matrix W(weights.data(), weights.size() / g[last].rows(), g[last].rows());
  multiply(W, g[last], inner.level(last));
  for (std::size_t k = last; k-- > 0;) {
    View below = inner.level(k);
    for (Index sample = 0; sample < below.cols(); ++sample) {
      below.col(sample).noalias() = inner.matrix(k, sample) * g[k].col(sample);
    }
  }
}

/// Level k is g_0 ⊗ … ⊗ g_{k − 1}, for k up to `top`.
void multiply_out(Activations g, std::size_t top, Levels& outer) {
  outer.level(0).setOnes();
  for (std::size_t k = 0; k < top; ++k) {
    const View below = outer.level(k);
    for (Index sample = 0; sample < below.cols(); ++sample) {
      outer.matrix(k, sample).noalias() = below.col(sample) * g[k].col(sample).transpose();
    }
  }
}

}  // namespace

Multilinear::Multilinear(Shape sizes, Vector<double> weights) {
  const std::string name = name_of(sizes);
  if (sizes.rank() < 2) throw ShapeError(fmt::format("{}: it joins two layers or more, not {}", name, sizes.rank()));
  if (weights.size() != sizes.size()) {
    throw ShapeError(fmt::format("{} has {} weights, not {}", name, weights.size(), sizes.size()));
  }
  for (Index position = 0; position < weights.size(); ++position) {
    if (std::isfinite(weights[position])) continue;
    throw ValueError(fmt::format("weight {} of {} is {}: weights must be finite", indices(sizes, position), name,
                                 weights[position]));
  }
  Vector<double> norms = row_norms(weights.reshaped(sizes[0], weights.size() / sizes[0]).transpose()).transpose();
  tensor_ = std::make_shared<const Tensor>(Tensor{std::move(sizes), std::move(weights), std::move(norms)});
}

void Multilinear::apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
  const std::size_t last = activations.size() - 1;
  const Index samples = energies.cols();
  const ConstView& g_last = activations[last];
  const Matrix W(weights().data(), weights().size() / g_last.rows(), g_last.rows());
  std::size_t top = activations.size();  // past the last slot that is wanted
  while (top > 0 && !wanted(currents[top - 1])) --top;
  Levels outer(activations, samples);
  if (top > 0) multiply_out(activations, top - 1, outer);
  if (top == last + 1 && std::none_of(currents.begin(), currents.end() - 1, wanted)) {
    // E = −g_last·(Wᵀ (g_0 ⊗ g_1 ⊗ …))
    Scratch current(g_last.rows(), samples);
    multiply(W.transpose(), outer.level(last), current);
    energies = -g_last.cwiseProduct(current).colwise().sum();
    currents[last] += current;
    return;
  }
  Levels inner(activations, samples);
  contract(weights(), activations, inner);
  energies = -inner.level(0);
  // the current into slot k: W, of which the slots after k are filled by `inner` and those before k by `outer`
  for (std::size_t k = 0; k < last; ++k) {
    if (!wanted(currents[k])) continue;
    const View before = outer.level(k);
    for (Index sample = 0; sample < samples; ++sample) {
      currents[k].col(sample).noalias() += inner.matrix(k, sample).transpose() * before.col(sample);
    }
  }
  if (wanted(currents[last])) add_product(W.transpose(), outer.level(last), currents[last]);
}

void Multilinear::rounding(Activations activations, Eigen::Ref<Energies> bound) const {
  // c ‖g_0‖ Σ_jk… ‖W_:jk…‖ |g_1j| |g_2k| …: n terms in every slot that is filled, or all slots but the last at once
  const Index samples = bound.cols();
  Index neurons = 0;
  double c = dot_product_rounding(weights().size() / activations.back().rows());
  for (const ConstView& g : activations) {
    neurons += g.rows();
    c += dot_product_rounding(g.rows());
  }
  Scratch magnitudes(neurons, samples);
  boost::container::small_vector<ConstView, 8> others;
  Index first = 0;
  for (const ConstView& g : activations.subspan(1)) {
    auto magnitude = magnitudes.middleRows(first, g.rows());
    magnitude = g.cwiseAbs();
    others.emplace_back(magnitude.data(), g.rows(), samples, magnitude.outerStride());
    first += g.rows();
  }
  const Activations rest{others.data(), others.size()};
  Levels inner(rest, samples);
  contract(tensor_->norms, rest, inner);
  bound = inner.level(0);
  bound.array() *= c * activations[0].colwise().norm().array();
}

std::string Multilinear::misfit(std::span<const Shape> shapes) const {
  if (static_cast<Index>(shapes.size()) != sizes().rank()) {
    return fmt::format("it joins {} layers, not {}", sizes().rank(), shapes.size());
  }
  std::vector<std::string> slots;
  for (Index slot = 0; slot < sizes().rank(); ++slot) {
    const Index neurons = shapes[static_cast<std::size_t>(slot)].size();
    if (sizes()[slot] == neurons) continue;
    slots.push_back(fmt::format("the {} of slot {} are not the {} neurons of its layer", sizes()[slot], slot, neurons));
  }
  return fmt::format("{}", fmt::join(slots, ", "));
}

std::string Multilinear::name() const { return name_of(sizes()); }

}  // namespace hamlet
