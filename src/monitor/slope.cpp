// SPDX-License-Identifier: MIT
#include "monitor/slope.hpp"

#include "core/scratch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace hamlet {
SlopeMeter::SlopeMeter(const Flow& flow, Index samples)
    : flow_(flow), of_few_(flow.network()), of_displaced_(flow.network()) {
  const Index rows = flow.network().size();
  const Index few = std::clamp<Index>(most_numbers / (displacements * rows), 1, std::min(samples, most_samples));
  few_.resize(static_cast<std::size_t>(few));
  repeated_.resize(displacements * few_.size());
  x_.resize(rows, few);
  derivative_.resize(rows, few);
  aside_.resize(rows, few);
  energy_.resize(few);
  aside_rounding_.resize(few);
  displaced_.resize(rows, displacements * few);
  for (Direction& direction : directions_) direction.d.resize(rows, few);
  const Network& network = flow.network();
  for (const LayerHandle layer : network.layers())
    parts_.push_back({layer, network.layer(layer).lagrangian.discontinuities()});
}

// Each sample keeps the measurement of least error.
void SlopeMeter::Direction::keep_better(const Few& measurement, const Few& its_error) {
  for (Index i = 0; i < error.size(); ++i) {
    if (!(its_error[i] < error[i])) continue;
    error[i] = its_error[i];
    measured[i] = measurement[i];
  }
}

bool SlopeMeter::Direction::precise(Index i) const { return error[i] <= 1e-4 * std::abs(predicted[i]); }

// As many of them as there is room for, and what is left. Columns without a sample of their own show the first again.
std::span<const Index> SlopeMeter::take(std::span<const Index> samples, const State& x, const Energies& energy,
                                        const State& derivative) {
  const std::size_t taken = std::min(samples.size(), few_.size());
  for (std::size_t i = 0; i < few_.size(); ++i) few_[i] = samples[i < taken ? i : 0];
  for (std::size_t i = 0; i < repeated_.size(); ++i) repeated_[i] = few_[i % few_.size()];
  flow_.restricted_to(few_, of_few_);
  flow_.restricted_to(repeated_, of_displaced_);
  for (std::size_t i = 0; i < few_.size(); ++i) {
    const auto column = static_cast<Index>(i);
    x_.col(column) = x.col(few_[i]);
    derivative_.col(column) = derivative.col(few_[i]);
    energy_[column] = energy[few_[i]];
  }
  of_few_.rounding(x_, rounding_);
  return samples.subspan(taken);
}

// Of a direction whose d is known.
void SlopeMeter::start(Direction& direction) {
  State& d = direction.d;
  d = (derivative_.array() == 0).select(0, d);
  const Few reach = d.colwise().lpNorm<Eigen::Infinity>().cwiseMax(std::numeric_limits<double>::min());
  const Few extent = x_.colwise().lpNorm<Eigen::Infinity>();
  direction.scale = (extent == 0).select(1.0, extent) / reach;
  direction.measured.setZero(x_.cols());
  direction.error.setConstant(x_.cols(), std::numeric_limits<double>::infinity());
  direction.predicted.setZero(x_.cols());
  const Network& network = flow_.network();
  for (const auto& [handle, jumps] : parts_) {
    const Layer& layer = network.layer(handle);
    const ConstView x = network.block(std::as_const(x_), handle),
                    velocity = network.block(std::as_const(derivative_), handle),
                    direction_here = network.block(std::as_const(d), handle);
    View along = network.block(d, handle);
    // Where x_i could cross a jump of its activation, E has no slope: such a neuron stays.
    for (const double at : jumps) {
      for (Index i = 0; i < x.cols(); ++i) {
        for (Index neuron = 0; neuron < x.rows(); ++neuron) {
          if (std::abs(x(neuron, i) - at) <= std::abs(longest * direction.scale[i] * along(neuron, i)))
            along(neuron, i) = 0;
        }
      }
    }
    Scratch product(x.rows(), x.cols());
    layer.lagrangian.hessian_product(x, direction_here, product);
    for (Index neuron = 0; neuron < x.rows(); ++neuron)
      direction.predicted -= layer.tau[neuron] * velocity.row(neuron).array() * product.row(neuron).array();
  }
}

// x + δ d, δ so many times the scale of each sample.
void SlopeMeter::displace(Index place, const Direction& direction, double relative) {
  for (Index i = 0; i < x_.cols(); ++i)
    displaced_.col(place * x_.cols() + i) = x_.col(i) + relative * direction.scale[i] * direction.d.col(i);
}

// Of the displacements by δ and −δ in two places that follow each other.
SlopeMeter::OneSided SlopeMeter::one_sided(Index place, const Direction& direction, double relative) const {
  const Index count = x_.cols();
  const Few delta = relative * direction.scale, at_x = energy_.array(),
            forward = displaced_energy_.segment(place * count, count).array(),
            backward = displaced_energy_.segment((place + 1) * count, count).array();
  return {(forward - backward) / (2 * delta), (forward - 2 * at_x + backward) / delta};
}

// Whether the slopes needed long steps to be known.
bool SlopeMeter::measure(std::span<Direction> directions) {
  const auto precise = [&](const Direction& direction) {
    for (Index i = 0; i < x_.cols(); ++i)
      if (!direction.precise(i)) return false;
    return true;
  };

  for (Direction& direction : directions) start(direction);
  // The δ that measures best differs from state to state: several are tried, until the error is small.
  for (const double relative : {1e-4, longest, 1e-6}) {
    if (std::all_of(directions.begin(), directions.end(), precise)) return false;
    for (Index place = 0; place < displacements; ++place) {
      const Direction& direction = directions[static_cast<std::size_t>(place / 4) % directions.size()];
      displace(place, direction, (place % 2 == 0 ? relative : -relative) / (place % 4 < 2 ? 1 : 2));
    }
    of_displaced_.energy(displaced_, displaced_energy_);
    for (std::size_t at = 0; at < directions.size(); ++at) {
      Direction& direction = directions[at];
      const Index place = 4 * static_cast<Index>(at);
      const OneSided coarse = one_sided(place, direction, relative),
                     fine = one_sided(place + 2, direction, relative / 2);
      // The right slope minus the left one halves with δ, to third order, unless E has a kink in between, as it has
      // where a ReLU sets in or an eliminated activation jumps. Just beside one all central differences agree, and are
      // wrong.
      const Few kink = (coarse.difference - 2 * fine.difference).abs();
      const Few rounding = 4 * rounding_.array() / (relative * direction.scale);
      direction.keep_better(fine.central, (coarse.central - fine.central).abs() + kink + rounding);
    }
  }
  bool widely = false;
  for (Direction& direction : directions) {
    for (Index i = 0; i < x_.cols(); ++i) {
      const double unseen = rounding_[i] / (longest * direction.scale[i]);
      if (direction.precise(i) || !(unseen > 1e-5 * std::abs(direction.predicted[i]))) continue;
      measure_widely(direction);
      widely = true;
      break;
    }
  }
  return widely;
}

// Of weights that are summed in f32 the energy is known to six digits or so, and only long steps tell its slope: three
// of them, and what their differences extrapolate to, in error by O(δ⁴). No neuron may have a jump within such steps.
void SlopeMeter::measure_widely(Direction& direction) {
  if (std::any_of(parts_.begin(), parts_.end(), [](const Part& part) { return !part.jumps.empty(); })) return;
  constexpr double wide = 0.2;
  for (Index place = 0; place < displacements; ++place)  // the last two are of no use, and do no harm
    displace(place, direction, std::ldexp(place % 2 == 0 ? wide : -wide, -static_cast<int>(place / 2)));
  of_displaced_.energy(displaced_, displaced_energy_);
  const OneSided coarse = one_sided(0, direction, wide), middle = one_sided(2, direction, wide / 2),
                 fine = one_sided(4, direction, wide / 4);
  // (4 c(δ/2) − c(δ))/3
  const Few before = (4 * middle.central - coarse.central) / 3, extrapolated = (4 * fine.central - middle.central) / 3;
  // The right slope minus the left one, without what it has of δ and δ³.
  const Few kink = (coarse.difference - 10 * middle.difference + 16 * fine.difference).abs() / 7;
  Few rounding = rounding_.array();
  for (const Index place : {0, 1}) {
    aside_ = displaced_.middleCols(place * x_.cols(), x_.cols());
    of_few_.rounding(aside_, aside_rounding_);
    rounding = rounding.max(aside_rounding_.array());
  }
  // An eighth of what rounding makes of the extrapolation at the most, 6 times the bound by δ: users allow 8 errors.
  const Few error = (extrapolated - before).abs() + kink + rounding / (wide * direction.scale);
  direction.keep_better(extrapolated, error);
}

std::optional<WrongSlope> SlopeMeter::wrong(const Direction& direction) const {
  std::optional<WrongSlope> worst;
  for (Index i = 0; i < x_.cols(); ++i) {
    const double difference = std::abs(direction.measured[i] - direction.predicted[i]);
    const double allowed = 8 * direction.error[i] + 1e-5 * std::abs(direction.predicted[i]);
    if (std::isfinite(direction.error[i]) && difference > allowed) {
      const double size = difference / std::abs(direction.predicted[i]);
      if (!worst || size > worst->size) worst = WrongSlope{few_[static_cast<std::size_t>(i)], size};
    }
  }
  return worst;
}

// A random direction sees what dissipation does not: the parts of the gradient that ẋ hardly touches. Each layer moves
// as much as its own ẋ does, so that none hides behind a faster one.
void SlopeMeter::point_anywhere(Direction& direction, std::mt19937_64& generator) const {
  State& d = direction.d;
  for (Index i = 0; i < d.size(); ++i)
    d.data()[i] = std::ldexp(static_cast<double>(generator() >> 10), -53) - 1;  // uniform in [−1, 1)
  for (const Part& part : parts_) {
    View of_layer = flow_.network().block(d, part.layer);
    const ConstView velocity = flow_.network().block(derivative_, part.layer);
    for (Index i = 0; i < d.cols(); ++i) of_layer.col(i) *= velocity.col(i).lpNorm<Eigen::Infinity>();
  }
}

std::optional<WrongSlope> SlopeMeter::wrong_gradient(std::span<const Index> samples, const State& x,
                                                     const Energies& energy, const State& derivative, unsigned seed) {
  constexpr int more_directions = 4;
  std::mt19937_64 generator(seed);
  std::optional<WrongSlope> worst;
  const auto judge = [&](const Direction& direction) {
    const std::optional<WrongSlope> found = wrong(direction);
    if (found && (!worst || found->size > worst->size)) worst = found;
  };
  while (!samples.empty()) {
    samples = take(samples, x, energy, derivative);
    auto& [along_flow, anywhere] = directions_;
    along_flow.d = derivative_;
    point_anywhere(anywhere, generator);
    const bool widely = measure(directions_);
    judge(along_flow);
    judge(anywhere);
    // Of weights that are summed in f32 one direction tells little.
    for (int more = 0; widely && more < more_directions; ++more) {
      point_anywhere(anywhere, generator);
      start(anywhere);
      measure_widely(anywhere);
      judge(anywhere);
    }
  }
  return worst;
}

std::optional<Index> SlopeMeter::rising(std::span<const Index> samples, const State& x, const Energies& energy,
                                        const State& derivative) {
  std::optional<Index> worst;
  double largest_slope = 0;
  while (!samples.empty()) {
    samples = take(samples, x, energy, derivative);
    Direction& along_flow = directions_.front();
    along_flow.d = derivative_;
    measure({&along_flow, 1});
    for (Index i = 0; i < x_.cols(); ++i) {
      if (!(along_flow.measured[i] > 8 * along_flow.error[i])) continue;
      if (worst && along_flow.predicted[i] <= largest_slope) continue;
      worst = few_[static_cast<std::size_t>(i)];
      largest_slope = along_flow.predicted[i];
    }
  }
  return worst;
}

}  // namespace hamlet
