// SPDX-License-Identifier: MIT
#include "monitor/slope.hpp"

#include <cmath>
#include <limits>
#include <random>

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

// The slopes of E along d to either side, (E(x ± δ_b d) − E(x)) / ±δ_b, every column with its own δ.
struct OneSided {
  OneSided(const Flow& flow, const State& x, const Energies& energy, const State& direction, const Energies& delta) {
    const State step = direction * delta.asDiagonal();
    const Energies forward = flow.energy(x + step);
    const Energies backward = flow.energy(x - step);
    central = (forward - backward).cwiseQuotient(2 * delta);
    difference = (forward - 2 * energy + backward).cwiseQuotient(delta);
  }
  Energies central;     // their mean
  Energies difference;  // the right one minus the left one
};

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

bool precise(const Slope& slope) { return (slope.error.array() <= 1e-4 * slope.predicted.array().abs()).all(); }

// Of weights that are summed in f32 the energy is known to six digits or so, and only long steps tell its slope: three
// of them, and what their differences extrapolate to, in error by O(δ⁴). No neuron may have a jump within such steps.
void measure_widely(const Flow& flow, const State& x, const Energies& energy, const State& d, const Energies& scale,
                    Slope& slope) {
  for (const LayerHandle handle : flow.network().layers()) {
    if (!flow.network().layer(handle).lagrangian.discontinuities().empty()) return;
  }
  const Energies delta = 0.2 * scale;
  const OneSided coarse(flow, x, energy, d, delta), middle(flow, x, energy, d, delta / 2),
      fine(flow, x, energy, d, delta / 4);
  const Energies rounding = flow.rounding(x)
                                .cwiseMax(flow.rounding(x + d * delta.asDiagonal()))
                                .cwiseMax(flow.rounding(x - d * delta.asDiagonal()));
  // (4 c(δ/2) − c(δ))/3
  const Energies before = (4 * middle.central - coarse.central) / 3,
                 extrapolated = (4 * fine.central - middle.central) / 3;
  // The right slope minus the left one, without what it has of δ and δ³.
  const Energies kink = (coarse.difference - 10 * middle.difference + 16 * fine.difference).cwiseAbs() / 7;
  // An eighth of what rounding makes of the extrapolation at the most, 6 times the bound by δ: users allow 8 errors.
  const Energies error = (extrapolated - before).cwiseAbs() + kink + rounding.cwiseQuotient(delta);
  for (Index sample = 0; sample < x.cols(); ++sample) {
    if (error[sample] < slope.error[sample]) {
      slope.error[sample] = error[sample];
      slope.measured[sample] = extrapolated[sample];
    }
  }
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

  // The δ that measures best differs from state to state: of several, each sample keeps the one of least error.
  for (const double relative : {1e-4, largest, 1e-6}) {
    const Energies delta = relative * scale;
    const OneSided coarse(flow, x, at_x.energy, d, delta);
    const OneSided fine(flow, x, at_x.energy, d, delta / 2);
    // The right slope minus the left one halves with δ, to third order, unless E has a kink in between, as it has where
    // a ReLU sets in or an eliminated activation jumps. Just beside one all central differences agree, and are wrong.
    const Energies kink = (coarse.difference - 2 * fine.difference).cwiseAbs();
    const Energies error = (coarse.central - fine.central).cwiseAbs() + kink + 4 * at_x.rounding.cwiseQuotient(delta);
    for (Index sample = 0; sample < x.cols(); ++sample) {
      if (error[sample] < slope.error[sample]) {
        slope.error[sample] = error[sample];
        slope.measured[sample] = fine.central[sample];
      }
    }
    if (precise(slope)) return slope;
  }
  const Energies unseen = at_x.rounding.cwiseQuotient(largest * scale);
  if ((unseen.array() > 1e-5 * slope.predicted.array().abs()).any())
    measure_widely(flow, x, at_x.energy, d, scale, slope);
  return slope;
}

}  // namespace

Slope measure_slope(const Flow& flow, const State& x, const State& derivative, const State& direction) {
  return measure(flow, x, {flow.energy(x), flow.rounding(x)}, derivative, direction);
}

std::optional<WrongSlope> wrong_gradient(const Flow& flow, const State& x, const State& derivative, unsigned seed) {
  const RoundedEnergy at_x{flow.energy(x), flow.rounding(x)};
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
