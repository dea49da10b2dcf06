// SPDX-License-Identifier: MIT
#include "monitor/slope.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

namespace hamlet {
namespace {

// dE/ds along d = −Σ_A (τ_A ẋ_A)ᵀ (∂²L_A/∂x_A²) d_A
Energies predicted_slope(const Network& network, const State& x, const State& derivative, const State& direction) {
  Energies slope = Energies::Zero(x.cols());
  State product;
  for (const LayerHandle handle : network.layers()) {
    const Layer& layer = network.layer(handle);
    const ConstView velocity = network.block(derivative, handle);
    product.resize(layer.shape.size(), x.cols());
    layer.lagrangian.hessian_product(network.block(x, handle), network.block(direction, handle), view(product));
    for (Index neuron = 0; neuron < product.rows(); ++neuron) {
      slope.array() -= layer.tau[neuron] * velocity.row(neuron).array() * product.row(neuron).array();
    }
  }
  return slope;
}

// States of several samples, along a direction each.
struct Samples {
  Flow flow;
  State x, direction;

  Samples some(const std::vector<Index>& samples) const {
    return {flow.restricted_to(samples), x(Eigen::all, samples), direction(Eigen::all, samples)};
  }

  // E(x + δ_b d) of every sample b, a row for every row of δ; of few samples all at once, since their weights are then
  // read once.
  State energies(const State& delta) const {
    constexpr Index together = 32;
    const Index count = x.cols(), distances = delta.rows();
    State energies(distances, count);
    if (count * distances > together) {
      for (Index k = 0; k < distances; ++k) energies.row(k) = flow.energy(x + direction * delta.row(k).asDiagonal());
      return energies;
    }
    std::vector<Index> repeated;
    for (Index k = 0; k < distances; ++k) {
      for (Index sample = 0; sample < count; ++sample) repeated.push_back(sample);
    }
    State displaced = x.replicate(1, distances);
    for (Index k = 0; k < distances; ++k) {
      displaced.middleCols(k * count, count) += direction * delta.row(k).asDiagonal();
    }
    const Energies of_all = flow.restricted_to(repeated).energy(displaced);
    for (Index k = 0; k < distances; ++k) energies.row(k) = of_all.segment(k * count, count);
    return energies;
  }
};

// The slopes of E along d to either side, (E(x ± δ_b d) − E(x)) / ±δ_b, every column with its own δ.
struct OneSided {
  OneSided(const Energies& energy, const Energies& forward, const Energies& backward, const Energies& delta)
      : central((forward - backward).cwiseQuotient(2 * delta)),
        difference((forward - 2 * energy + backward).cwiseQuotient(delta)) {}
  Energies central;     // their mean
  Energies difference;  // the right one minus the left one
};

// The same for δ, δ/2, δ/4, …
std::vector<OneSided> one_sided(const Samples& samples, const Energies& energy, const Energies& delta, Index halvings) {
  State distances(2 * halvings, delta.size());
  for (Index k = 0; k < halvings; ++k) {
    distances.row(2 * k) = std::ldexp(1.0, static_cast<int>(-k)) * delta;
    distances.row(2 * k + 1) = -distances.row(2 * k);
  }
  const State E = samples.energies(distances);
  std::vector<OneSided> slopes;
  for (Index k = 0; k < halvings; ++k)
    slopes.emplace_back(energy, E.row(2 * k), E.row(2 * k + 1), distances.row(2 * k));
  return slopes;
}

// Where x_i could cross a jump of its activation, E has no slope: such a neuron stays.
void hold_near_jumps(const Network& network, const State& x, const Energies& delta, State& direction) {
  for (const LayerHandle handle : network.layers()) {
    const ConstView near = network.block(x, handle);
    View d = network.block(direction, handle);
    for (const double at : network.layer(handle).lagrangian.discontinuities()) {
      for (Index sample = 0; sample < d.cols(); ++sample) {
        for (Index neuron = 0; neuron < d.rows(); ++neuron) {
          if (std::abs(near(neuron, sample) - at) <= std::abs(delta[sample] * d(neuron, sample))) d(neuron, sample) = 0;
        }
      }
    }
  }
}

// Samples whose slope is not known precisely yet.
std::vector<Index> imprecise(const Slope& slope, const std::vector<Index>& among) {
  std::vector<Index> samples;
  for (const Index sample : among) {
    if (!(slope.error[sample] <= 1e-4 * std::abs(slope.predicted[sample]))) samples.push_back(sample);
  }
  return samples;
}

// Each sample keeps the measurement of least error.
void keep_better(const std::vector<Index>& samples, const Energies& measured, const Energies& error, Slope& slope) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto at = static_cast<Index>(i);
    if (error[at] < slope.error[samples[i]]) {
      slope.error[samples[i]] = error[at];
      slope.measured[samples[i]] = measured[at];
    }
  }
}

// Of weights that are summed in f32 the energy is known to six digits or so, and only long steps tell its slope: three
// of them, and what their differences extrapolate to, in error by O(δ⁴). No neuron may have a jump within such steps.
void measure_widely(const Samples& some, const std::vector<Index>& samples, const Energies& energy,
                    const Energies& scale, Slope& slope) {
  const Network& network = some.flow.network();
  for (const LayerHandle handle : network.layers()) {
    if (!network.layer(handle).lagrangian.discontinuities().empty()) return;
  }
  const Energies delta = 0.2 * scale;
  const std::vector<OneSided> slopes = one_sided(some, energy, delta, 3);
  const OneSided &coarse = slopes[0], &middle = slopes[1], &fine = slopes[2];
  const Energies rounding = some.flow.rounding(some.x)
                                .cwiseMax(some.flow.rounding(some.x + some.direction * delta.asDiagonal()))
                                .cwiseMax(some.flow.rounding(some.x - some.direction * delta.asDiagonal()));
  // (4 c(δ/2) − c(δ))/3
  const Energies before = (4 * middle.central - coarse.central) / 3,
                 extrapolated = (4 * fine.central - middle.central) / 3;
  // The right slope minus the left one, without what it has of δ and δ³.
  const Energies kink = (coarse.difference - 10 * middle.difference + 16 * fine.difference).cwiseAbs() / 7;
  // An eighth of what rounding makes of the extrapolation at the most, 6 times the bound by δ: users allow 8 errors.
  const Energies error = (extrapolated - before).cwiseAbs() + kink + rounding.cwiseQuotient(delta);
  keep_better(samples, extrapolated, error, slope);
}

std::optional<WrongSlope> wrong_slope(const Slope& slope) {
  std::optional<WrongSlope> worst;
  for (Index sample = 0; sample < slope.measured.size(); ++sample) {
    const double difference = std::abs(slope.measured[sample] - slope.predicted[sample]);
    const double allowed = 8 * slope.error[sample] + 1e-5 * std::abs(slope.predicted[sample]);
    if (std::isfinite(slope.error[sample]) && difference > allowed) {
      const double size = difference / std::abs(slope.predicted[sample]);
      if (!worst || size > worst->size) worst = WrongSlope{sample, size};
    }
  }
  return worst;
}

// E of every sample, and how far it is rounded.
struct RoundedEnergy {
  Energies energy, rounding;
};

Slope measure(const Flow& flow, const State& x, const RoundedEnergy& at_x, const State& derivative,
              const State& direction) {
  const double largest = 1e-2;  // of the steps below, relative to x
  State d = (derivative.array() == 0).select(State::Zero(x.rows(), x.cols()), direction);
  const Energies reach = d.colwise().lpNorm<Eigen::Infinity>().cwiseMax(std::numeric_limits<double>::min());
  const Energies extent = x.colwise().lpNorm<Eigen::Infinity>();
  const Energies scale = (extent.array() == 0).select(1.0, extent.array()) / reach.array();
  hold_near_jumps(flow.network(), x, largest * scale, d);
  Slope slope{Energies::Zero(x.cols()), Energies::Constant(x.cols(), std::numeric_limits<double>::infinity()),
              predicted_slope(flow.network(), x, derivative, d)};

  // The δ that measures best differs from state to state: of several, each sample keeps the one of least error, until
  // that is small.
  std::vector<Index> left(static_cast<std::size_t>(x.cols()));
  std::iota(left.begin(), left.end(), Index{0});
  Samples some{flow, x, d};
  for (const double relative : {1e-4, largest, 1e-6}) {
    const Energies delta = relative * scale(left), energy = at_x.energy(left);
    const std::vector<OneSided> slopes = one_sided(some, energy, delta, 2);
    const OneSided &coarse = slopes[0], &fine = slopes[1];
    // The right slope minus the left one halves with δ, to third order, unless E has a kink in between, as it has where
    // a ReLU sets in or an eliminated activation jumps. Just beside one all central differences agree, and are wrong.
    const Energies kink = (coarse.difference - 2 * fine.difference).cwiseAbs();
    const Energies rounding = at_x.rounding(left);
    const Energies error = (coarse.central - fine.central).cwiseAbs() + kink + 4 * rounding.cwiseQuotient(delta);
    keep_better(left, fine.central, error, slope);
    std::vector<Index> still = imprecise(slope, left);
    if (still.empty()) return slope;
    if (still.size() < left.size()) some = Samples{flow, x, d}.some(still);
    left = std::move(still);
  }
  const Energies unseen = at_x.rounding.cwiseQuotient(largest * scale);
  if ((unseen(left).array() > 1e-5 * slope.predicted(left).array().abs()).any())
    measure_widely(some, left, at_x.energy(left), scale(left), slope);
  return slope;
}

}  // namespace

Slope measure_slope(const Flow& flow, const State& x, const State& derivative, const State& direction) {
  return measure(flow, x, {flow.energy(x), flow.rounding(x)}, derivative, direction);
}

std::optional<WrongSlope> wrong_gradient(const Flow& flow, const State& x, const Energies& energy,
                                         const State& derivative, unsigned seed) {
  const RoundedEnergy at_x{energy, flow.rounding(x)};
  if (const auto wrong = wrong_slope(measure(flow, x, at_x, derivative, derivative))) return wrong;

  // A random direction sees what dissipation does not: the parts of the gradient that ẋ hardly touches. Each layer
  // moves as much as its own ẋ does, so that none hides behind a faster one.
  std::mt19937_64 generator(seed);
  std::normal_distribution<double> normal;
  State direction(x.rows(), x.cols());
  for (Index i = 0; i < direction.size(); ++i) direction.data()[i] = normal(generator);
  for (const LayerHandle layer : flow.network().layers()) {
    View part = flow.network().block(direction, layer);
    part *= flow.network().block(derivative, layer).colwise().lpNorm<Eigen::Infinity>().asDiagonal();
  }
  return wrong_slope(measure(flow, x, at_x, derivative, direction));
}

}  // namespace hamlet
