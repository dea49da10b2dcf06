// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/convolution.hpp>

#include "core/scratch.hpp"
#include "synapse/dot_product.hpp"
#include "synapse/patches.hpp"
#include "synapse/sliding.hpp"
#include "synapse/weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hamlet {

struct Convolution::Bank {
  State kernels;
  Energies norms;  // ‖kernel_k‖, 1 × K
  Window window;
  Patches patches;
  Shape output;
  Index chunk;  // how many patches are gathered at a time
};

namespace {

std::string name_of(Index kernels, const Window& window) {
  return fmt::format("Convolution({} kernels of {} × {})", kernels, window.over[0], window.text());
}

/// About as many patches as stay in a core's cache between the two products, in chunks of one width, a multiple of the
/// four columns that Eigen multiplies at a time: each position then gets the same operations wherever it is. On a
/// circle all at once, for the same reason (see Patches::scatter).
Index chunk_of(const Patches& patches, bool circular) {
  constexpr Index in_cache = Index{32} * 1024;  // numbers
  const Index all = patches.positions();
  const Index most = circular ? all : std::clamp<Index>(in_cache / patches.rows(), 1, all);
  const Index chunks = (all + most - 1) / most, even = (all + chunks - 1) / chunks;
  return (even + 3) / 4 * 4;
}

}  // namespace

Convolution::Convolution(State kernels, Window window) {
  Patches patches(window);
  const std::string name = name_of(kernels.rows(), window);
  require_finite_weights(kernels, name);
  if (kernels.cols() != patches.rows()) {
    throw ShapeError(fmt::format("{} is given {} weights a kernel: {} channels of {} places make {}", name,
                                 kernels.cols(), patches.channels(), patches.places(), patches.rows()));
  }
  Energies norms = row_norms(kernels);
  Shape output = window.output(kernels.rows());
  const Index chunk = chunk_of(patches, window.circular);
  bank_ = std::make_shared<const Bank>(
      Bank{std::move(kernels), std::move(norms), std::move(window), std::move(patches), std::move(output), chunk});
}

const State& Convolution::kernels() const { return bank_->kernels; }
const Window& Convolution::window() const { return bank_->window; }
const Shape& Convolution::output() const { return bank_->output; }

void Convolution::apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
  const ConstView &g_a = activations[0], &g_b = activations[1];
  View &into_a = currents[0], &into_b = currents[1];
  const Patches& patches = bank_->patches;
  const Index K = kernels().rows(), chunk = bank_->chunk;
  Scratch patch(patches.rows(), chunk), of_b(K, chunk);
  energies.setZero();
  for (Index sample = 0; sample < energies.size(); ++sample) {
    for (Index first = 0; first < patches.positions(); first += chunk) {
      const Index count = std::min(chunk, patches.positions() - first);
      const ConstView g = positions(g_b, K, sample, first, count);
      // E = −⟨g_b, K ∗ g_a⟩
      patches.gather(g_a.data() + sample * g_a.outerStride(), first, patch);
      of_b.noalias() = kernels() * patch;
      energies[sample] -= g.cwiseProduct(of_b.leftCols(count)).sum();
      if (wanted(into_b)) positions(into_b, K, sample, first, count) += of_b.leftCols(count);
      if (!wanted(into_a)) continue;
      // Kᵀ g_b
      of_b.leftCols(count) = g;
      of_b.rightCols(chunk - count).setZero();
      patch.noalias() = kernels().transpose() * of_b;
      patches.scatter(patch, first, into_a.data() + sample * into_a.outerStride());
    }
  }
}

void Convolution::rounding(Activations activations, Eigen::Ref<Energies> bound) const {
  const ConstView &g_a = activations[0], &g_b = activations[1];
  const Patches& patches = bank_->patches;
  const Index K = kernels().rows(), chunk = bank_->chunk;
  Scratch patch(patches.rows(), chunk);
  bound.setZero();
  for (Index sample = 0; sample < bound.size(); ++sample) {
    for (Index first = 0; first < patches.positions(); first += chunk) {
      const Index count = std::min(chunk, patches.positions() - first);
      // Σ_kp |g_bkp| ‖kernel_k‖ ‖patch_p‖
      patches.gather(g_a.data() + sample * g_a.outerStride(), first, patch);
      bound[sample] += (bank_->norms * positions(g_b, K, sample, first, count).cwiseAbs())
                           .cwiseProduct(patch.leftCols(count).colwise().norm())
                           .sum();
    }
  }
  // As many terms in every product as a patch has rows, then one a neuron of b.
  bound *= dot_product_rounding(patches.rows()) + dot_product_rounding(g_b.rows());
}

std::string Convolution::misfit(std::span<const Shape> shapes) const {
  return misfit_of_sliding(window(), output(), shapes);
}

Index Convolution::parameters() const { return kernels().size(); }

std::string Convolution::name() const { return name_of(kernels().rows(), window()); }

}  // namespace hamlet
