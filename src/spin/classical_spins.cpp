// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/classical_spins.hpp>

#include "kernel/bits.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>
#include <utility>

namespace hamlet {

ClassicalSpins::ClassicalSpins(SpinPatterns patterns) : ClassicalSpins(std::move(patterns), Options{}) {}

ClassicalSpins::ClassicalSpins(SpinPatterns patterns, Options options)
    : patterns_(std::move(patterns)), options_(std::move(options)) {
  if (size() == 0) throw ShapeError("ClassicalSpins: of 0 spins");
  if (options_.bias.size() != 0 && options_.bias.size() != size())
    throw ShapeError(fmt::format("ClassicalSpins: a bias of {} for {} spins", options_.bias.size(), size()));
  if (!options_.bias.allFinite()) throw ValueError("ClassicalSpins: the bias is not finite");
  prepare();
}

void ClassicalSpins::prepare() {
  columns_ = patterns_.transposed();
  column_sums_.clear();
  for (Index i = 0; i < size(); ++i) column_sums_.push_back(columns_[i].sum());
}

void ClassicalSpins::store(const Spins& pattern) {
  patterns_.append(pattern);
  prepare();
}

void ClassicalSpins::forget(Index row) {
  patterns_.remove(row);
  prepare();
}

State ClassicalSpins::weights() const {
  const State xi = patterns_.matrix();
  State weights = xi.transpose() * xi;
  if (options_.diagonal == SelfCoupling::none) weights.diagonal().setZero();
  return weights / static_cast<double>(size());
}

std::string ClassicalSpins::name() const {
  return fmt::format("ClassicalSpins({} patterns of {} spins{}{})", patterns_.rows(), size(),
                     options_.diagonal == SelfCoupling::kept ? ", self-coupled" : "",
                     options_.bias.size() > 0 ? ", biased" : "");
}

ClassicalSpins::Run ClassicalSpins::run(const Spins& start) const { return {*this, start}; }

ClassicalSpins::Run::Run(const ClassicalSpins& model, const Spins& start)
    : model_(&model), spins_(start), overlaps_(static_cast<std::size_t>(kernel::padded(model.patterns().rows()))) {
  const std::span<std::int32_t> overlaps(overlaps_.data(), static_cast<std::size_t>(model.patterns().rows()));
  model.patterns().overlaps(start, overlaps);
  for (const std::int64_t m : overlaps) {
    sum_ += m;
    squares_ += m * m;
  }
}

// Σ_μ ξ_μi m_μ
std::int64_t ClassicalSpins::Run::weighted_overlaps(Index i) const {
  return 2 * kernel::sum_where_set(model_->columns_.words(i).data(), overlaps_.data(), model_->patterns_.rows(),
                                   static_cast<std::int32_t>(spins_.size())) -
         sum_;
}

// N (Σ_j W_ij σ_j + b_i); one rounding, which keeps the sign.
double ClassicalSpins::Run::field(Index i) const {
  const Options& options = model_->options_;
  const std::int64_t own = options.diagonal == SelfCoupling::none ? model_->patterns_.rows() * spins_[i] : 0;
  const auto coupled = static_cast<double>(weighted_overlaps(i) - own);
  return options.bias.size() == 0 ? coupled : std::fma(static_cast<double>(spins_.size()), options.bias[i], coupled);
}

int ClassicalSpins::Run::pull(Index i) const {
  const double h = field(i);
  return h > 0 ? 1 : h < 0 ? -1 : 0;
}

// 2 σ_i (Σ_{j≠i} W_ij σ_j + b_i)
WideReal ClassicalSpins::Run::difference(Index i) const {
  const auto coupled =
      static_cast<double>(weighted_overlaps(i) - model_->patterns_.rows() * spins_[i]);  // without the diagonal
  const auto n = static_cast<double>(spins_.size());
  const Vector<double>& bias = model_->options_.bias;
  return 2 * spins_[i] * (bias.size() == 0 ? coupled : std::fma(n, bias[i], coupled)) / n;
}

void ClassicalSpins::Run::flip(Index i) {
  const int spin = spins_[i];
  const Index K = model_->patterns_.rows();
  // m_μ ← m_μ − 2 σ_i ξ_μi
  squares_ += 4 * (K - spin * weighted_overlaps(i));
  sum_ -= 2 * spin * model_->column_sums_[static_cast<std::size_t>(i)];
  kernel::step_by_sign(model_->columns_.words(i).data(), -2 * spin, overlaps_.data(), K);
  spins_.flip(i);
}

WideReal ClassicalSpins::Run::energy() const {
  const Options& options = model_->options_;
  const Index n = spins_.size();
  // Σ_i W_ii σ_i² = K
  const std::int64_t own = options.diagonal == SelfCoupling::none ? model_->patterns_.rows() * n : 0;
  const double coupled = -static_cast<double>(squares_ - own) / (2 * static_cast<double>(n));
  return options.bias.size() == 0 ? coupled : coupled - options.bias.dot(spins_.column());
}

}  // namespace hamlet
