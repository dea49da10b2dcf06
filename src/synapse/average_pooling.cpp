// SPDX-License-Identifier: MIT
#include <hamlet/synapse/average_pooling.hpp>

#include "core/scratch.hpp"
#include "synapse/dot_product.hpp"
#include "synapse/patches.hpp"
#include "synapse/sliding.hpp"

#include <fmt/format.h>

#include <utility>

namespace hamlet {

struct AveragePooling::Pool {
  Window window;
  Patches patches;
  Shape output;

  /// Σ over the places of the window of one sample of a layer a: C × positions.
  void sum(const double* a, View sums) const {
    sums.setZero();
    for (Index place = 0; place < patches.places(); ++place) {
      patches.for_each_run(place, 0, patches.positions(), [&](Index position, Index neuron, Index count, Index step) {
        for (Index k = 0; k < count; ++k) {
          for (Index c = 0; c < patches.channels(); ++c) sums(c, position + k) += a[neuron + k * step + c];
        }
      });
    }
  }
};

AveragePooling::AveragePooling(Window window) {
  Patches patches(window);
  Shape output = window.output(patches.channels());
  pool_ = std::make_shared<const Pool>(Pool{std::move(window), std::move(patches), std::move(output)});
}

const Window& AveragePooling::window() const { return pool_->window; }
const Shape& AveragePooling::output() const { return pool_->output; }

void AveragePooling::apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
  const ConstView &g_a = activations[0], &g_b = activations[1];
  View &into_a = currents[0], &into_b = currents[1];
  const Patches& patches = pool_->patches;
  const Index C = patches.channels(), P = patches.positions();
  const double places = static_cast<double>(patches.places());
  Scratch means(C, P);
  for (Index sample = 0; sample < energies.size(); ++sample) {
    const ConstView g = positions(g_b, C, sample, 0, P);
    // E = −⟨g_b, P g_a⟩
    pool_->sum(g_a.data() + sample * g_a.outerStride(), means);
    means /= places;
    energies[sample] = -g.cwiseProduct(means).sum();
    if (wanted(into_b)) positions(into_b, C, sample, 0, P) += means;
    if (!wanted(into_a)) continue;
    // Pᵀ g_b
    double* const a = into_a.data() + sample * into_a.outerStride();
    for (Index place = 0; place < patches.places(); ++place) {
      patches.for_each_run(place, 0, P, [&](Index position, Index neuron, Index count, Index step) {
        for (Index k = 0; k < count; ++k) {
          for (Index c = 0; c < C; ++c) a[neuron + k * step + c] += g(c, position + k) / places;
        }
      });
    }
  }
}

void AveragePooling::rounding(Activations activations, Eigen::Ref<Energies> bound) const {
  const ConstView &g_a = activations[0], &g_b = activations[1];
  const Patches& patches = pool_->patches;
  const Index C = patches.channels(), P = patches.positions();
  Scratch magnitudes(g_a.rows(), 1), means(C, P);
  for (Index sample = 0; sample < bound.size(); ++sample) {
    // Σ_cp |g_bcp| (P |g_a|)_cp
    magnitudes = g_a.col(sample).cwiseAbs();
    pool_->sum(magnitudes.data(), means);
    bound[sample] =
        positions(g_b, C, sample, 0, P).cwiseAbs().cwiseProduct(means).sum() / static_cast<double>(patches.places());
  }
  bound *= dot_product_rounding(patches.places()) + dot_product_rounding(g_b.rows());
}

std::string AveragePooling::misfit(std::span<const Shape> shapes) const {
  return misfit_of_sliding(window(), output(), shapes);
}

std::string AveragePooling::name() const { return fmt::format("AveragePooling({})", window().text()); }

}  // namespace hamlet
