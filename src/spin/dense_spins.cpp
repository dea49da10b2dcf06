// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/dense_spins.hpp>

#include "kernel/bits.hpp"
#include "spin/interaction_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {

DenseSpins::DenseSpins(SpinPatterns&& patterns, std::shared_ptr<const InteractionTable> table, std::string interaction)
    : patterns_(std::move(patterns)),
      columns_(patterns_.transposed()),
      table_(std::move(table)),
      interaction_(std::move(interaction)) {
  if (size() == 0) throw ShapeError("DenseSpins: of 0 spins");
}

void DenseSpins::store(const Spins& pattern) {
  patterns_.append(pattern);
  columns_ = patterns_.transposed();
}

void DenseSpins::forget(Index row) {
  patterns_.remove(row);
  columns_ = patterns_.transposed();
}

std::string DenseSpins::name() const {
  return fmt::format("DenseSpins({} patterns of {} spins, {})", patterns_.rows(), size(), interaction_);
}

DenseSpins::Run DenseSpins::run(const Spins& start) const { return {*this, start}; }

DenseSpins::Run::Run(const DenseSpins& model, const Spins& start)
    : model_(&model),
      spins_(start),
      agreeing_(static_cast<std::size_t>(kernel::padded(model.patterns().rows()))),
      if_one_more_(agreeing_.size()),
      if_one_less_(agreeing_.size()),
      exact_(model.table_->sums_are_exact(model.patterns().rows())),
      counts_(model.table_->differences().size()) {
  const std::span<std::int32_t> overlaps(agreeing_.data(), static_cast<std::size_t>(model.patterns().rows()));
  model.patterns().overlaps(start, overlaps);
  for (std::int32_t& count : overlaps) count = (count + static_cast<std::int32_t>(start.size())) / 2;
  if (model.table_->in_doubles())
    for (const WideReal& difference : model.table_->differences()) differences_.push_back(difference.value());
  else
    rescale();
  look_up();
}

std::span<const std::int32_t> DenseSpins::Run::agreeing() const {
  return {agreeing_.data(), static_cast<std::size_t>(model_->patterns_.rows())};
}

/// In units so large that the largest difference of the present overlaps is below 1.
void DenseSpins::Run::rescale() {
  const std::vector<WideReal>& all = model_->table_->differences();
  scale_ = std::numeric_limits<std::int64_t>::min();
  for (const std::int32_t h : agreeing())
    for (const WideReal& difference : {all[static_cast<std::size_t>(h)], all[static_cast<std::size_t>(h) + 1]})
      if (difference.sign() != 0) scale_ = std::max(scale_, difference.exponent());
  if (scale_ == std::numeric_limits<std::int64_t>::min()) scale_ = 0;
  differences_.clear();
  for (const WideReal& d : all) differences_.push_back(WideReal(d.mantissa(), d.exponent() - scale_).value());
}

void DenseSpins::Run::look_up() {
  if (looked_up()) return;
  rescale();
  looked_up();
}

/// Whether no difference was far from 1, where it would overflow or be subnormal.
bool DenseSpins::Run::looked_up() {
  double sum = 0, largest = 0;
  for (std::size_t k = 0; k < agreeing().size(); ++k) {
    const auto h = static_cast<std::size_t>(agreeing_[k]);
    if_one_more_[k] = differences_[h + 1];
    if_one_less_[k] = -differences_[h];
    const double size = std::max(std::abs(if_one_more_[k]), std::abs(if_one_less_[k]));
    sum += size;
    largest = std::max(largest, size);
  }
  // Each is rounded once, and so is every sum of them: (K + 1) u Σ; twice that for the rounding of `sum`.
  const auto K = static_cast<double>(agreeing().size());
  bound_ = exact_ ? 0 : (K + 2) * std::numeric_limits<double>::epsilon() * sum;
  if (model_->table_->in_doubles()) return true;
  bound_ += K * std::numeric_limits<double>::min();
  return largest < 0x1p400 && largest > 0x1p-400;
}

DenseSpins::Run::Gain DenseSpins::Run::gain(Index i) const {
  // ξ_μi = σ_i: one less will agree.
  const bool up = spins_[i] > 0;
  const std::uint64_t* const bits = model_->columns_.words(i).data();
  const double* const if_set = (up ? if_one_less_ : if_one_more_).data();
  const double* const else_ = (up ? if_one_more_ : if_one_less_).data();
  return {kernel::sum_of_either(bits, if_set, else_, model_->patterns_.rows()), bound_};
}

WideReal DenseSpins::Run::exact_gain(Index i) const {
  std::fill(counts_.begin(), counts_.end(), 0);
  for (std::size_t k = 0; k < agreeing().size(); ++k) {
    const auto h = static_cast<std::size_t>(agreeing_[k]);
    if (model_->columns_(i, static_cast<Index>(k)) == spins_[i])
      --counts_[h];
    else
      ++counts_[h + 1];
  }
  return model_->table_->sum(counts_).nearest();
}

int DenseSpins::Run::pull(Index i) const {
  const auto [sum, bound] = gain(i);
  const int sign = sum > bound ? 1 : sum < -bound ? -1 : exact_ ? 0 : exact_gain(i).sign();
  return -sign * spins_[i];
}

WideReal DenseSpins::Run::difference(Index i) const {
  const auto [sum, bound] = gain(i);
  return exact_ || std::abs(sum) > bound ? -WideReal(sum, scale_) : -exact_gain(i);
}

void DenseSpins::Run::flip(Index i) {
  kernel::step_by_sign(model_->columns_.words(i).data(), -spins_[i], agreeing_.data(), model_->patterns_.rows());
  spins_.flip(i);
  look_up();
}

WideReal DenseSpins::Run::energy() const {
  const std::vector<WideReal>& values = model_->table_->values();
  WideReal sum = 0;
  for (const std::int32_t h : agreeing()) sum += values[static_cast<std::size_t>(h)];
  return -sum;
}

}  // namespace hamlet
