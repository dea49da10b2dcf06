// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/coupled_spins.hpp>

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace hamlet {

CoupledSpins::CoupledSpins(State weights, Vector<double> bias, double scale) : scale_(scale) {
  const Index size = weights.rows();
  if (size == 0 || weights.cols() != size)
    throw ShapeError(fmt::format("CoupledSpins: weights are {} × {}", size, weights.cols()));
  if (bias.size() == 0) bias = Vector<double>::Zero(size);
  if (bias.size() != size) throw ShapeError(fmt::format("CoupledSpins: a bias of {} for {} spins", bias.size(), size));
  if (!weights.allFinite() || !bias.allFinite()) throw ValueError("CoupledSpins: weights or bias are not finite");
  if (!(scale > 0 && std::isfinite(scale)))
    throw ValueError(fmt::format("CoupledSpins: the scale is {}: it must be positive and finite", scale));
  bias /= scale;

  // No sum below exceeds 2⁵¹ units: neither fields, nor 2E, nor what they are made of.
  const double all = weights.cwiseAbs().sum() + 2 * bias.cwiseAbs().sum();
  if (!(all < 0x1p1000)) throw ValueError("CoupledSpins: weights or bias are so large that their sum overflows");
  int exponent = 0;
  std::frexp(all, &exponent);
  // A sum with this, and no smaller, has the unit for its last bit.
  const double rounder = std::ldexp(1.5, exponent - 51 + 52);
  weights = (weights.array() + rounder) - rounder;
  bias = (bias.array() + rounder) - rounder;
  const bool symmetric = weights == weights.transpose();
  parts_ = std::make_shared<const Parts>(Parts{std::move(weights), std::move(bias), symmetric});
}

std::string CoupledSpins::name() const {
  return fmt::format("CoupledSpins({} spins{})", size(), symmetric() ? "" : ", not symmetric");
}

CoupledSpins::Run CoupledSpins::run(const Spins& start) const {
  if (start.size() != size()) throw ShapeError(fmt::format("{}: the state has {} spins", name(), start.size()));
  return {*this, start};
}

CoupledSpins::Run::Run(const CoupledSpins& model, const Spins& start)
    : parts_(model.parts_), scale_(model.scale_), spins_(start) {
  const Vector<double> sigma = start.column();
  field_ = parts_->weights * sigma + parts_->bias;
  if (!parts_->symmetric) back_ = parts_->weights.transpose() * sigma + parts_->bias;
}

// σ_i Σ_{j≠i} (W_ij + W_ji) σ_j + 2 b_i σ_i
WideReal CoupledSpins::Run::difference(Index i) const {
  const double both = field_[i] + (parts_->symmetric ? field_[i] : back_[i]);
  return scale_ * (spins_[i] * both - 2 * parts_->weights(i, i));
}

void CoupledSpins::Run::flip(Index i) {
  const double change = -2 * spins_[i];
  field_ += change * parts_->weights.col(i);
  if (!parts_->symmetric) back_ += change * parts_->weights.row(i).transpose();
  spins_.flip(i);
}

// −½ σ·(Wσ + b) − ½ b·σ
WideReal CoupledSpins::Run::energy() const { return -0.5 * scale_ * (field_ + parts_->bias).dot(spins_.column()); }

}  // namespace hamlet
