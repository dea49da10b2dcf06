// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/classical_spins.hpp>

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

namespace hamlet {

ClassicalSpins::ClassicalSpins(SpinPatterns patterns) : ClassicalSpins(std::move(patterns), Options{}) {}

ClassicalSpins::ClassicalSpins(SpinPatterns patterns, Options options)
    : patterns_(std::move(patterns)), options_(std::move(options)) {
  if (size() == 0) throw ShapeError("ClassicalSpins: of 0 spins");
  if (options_.bias.size() != 0 && options_.bias.size() != size())
    throw ShapeError(fmt::format("ClassicalSpins: a bias of {} for {} spins", options_.bias.size(), size()));
  if (!options_.bias.allFinite()) throw ValueError("ClassicalSpins: the bias is not finite");
  columns_ = patterns_.transposed();
}

void ClassicalSpins::store(const Spins& pattern) {
  patterns_.append(pattern);
  columns_ = patterns_.transposed();
}

void ClassicalSpins::forget(Index row) {
  patterns_.remove(row);
  columns_ = patterns_.transposed();
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
    : model_(&model), spins_(start), overlaps_(model.patterns(), start) {
  for (Index row = 0; row < overlaps_.size(); ++row) squares_ += overlaps_[row] * overlaps_[row];
}

// The sign of N (Σ_j W_ij σ_j + b_i), of which `along` is Σ_μ ξ_μi m_μ.
int ClassicalSpins::Run::pull(Index i, std::int64_t along) const {
  const Options& options = model_->options_;
  const auto sign = [](auto h) { return h > 0 ? 1 : h < 0 ? -1 : 0; };
  const std::int64_t coupled =
      options.diagonal == SelfCoupling::none ? along - model_->patterns_.rows() * spins_[i] : along;
  if (options.bias.size() == 0) return sign(coupled);
  // One rounding, which keeps the sign
  return sign(std::fma(static_cast<double>(spins_.size()), options.bias[i], static_cast<double>(coupled)));
}

int ClassicalSpins::Run::pull(Index i) const { return pull(i, overlaps_.along(model_->columns_.words(i).data())); }

std::size_t ClassicalSpins::Run::staying(std::span<const Index> sites) const {
  const auto column = [this](Index i) { return model_->columns_.words(i).data(); };
  std::size_t k = 0;
  for (; k + 4 <= sites.size(); k += 4) {
    const std::array<std::int64_t, 4> along =
        overlaps_.along({column(sites[k]), column(sites[k + 1]), column(sites[k + 2]), column(sites[k + 3])});
    for (std::size_t j = 0; j < 4; ++j)
      if (pull(sites[k + j], along[j]) == -spins_[sites[k + j]]) return k + j;
  }
  while (k < sites.size() && pull(sites[k]) != -spins_[sites[k]]) ++k;
  return k;
}

// 2 σ_i (Σ_{j≠i} W_ij σ_j + b_i)
WideReal ClassicalSpins::Run::difference(Index i) const {
  const auto coupled = static_cast<double>(overlaps_.along(model_->columns_.words(i).data()) -
                                           model_->patterns_.rows() * spins_[i]);  // without the diagonal
  const auto n = static_cast<double>(spins_.size());
  const Vector<double>& bias = model_->options_.bias;
  return 2 * spins_[i] * (bias.size() == 0 ? coupled : std::fma(n, bias[i], coupled)) / n;
}

void ClassicalSpins::Run::flip(Index i) {
  const int spin = spins_[i];
  const std::uint64_t* const column = model_->columns_.words(i).data();
  squares_ += 4 * (model_->patterns_.rows() - spin * overlaps_.along(column));
  overlaps_.flip(column, spin);
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
