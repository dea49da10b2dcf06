// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/bidirectional_spins.hpp>

#include "kernel/bits.hpp"

#include <fmt/format.h>

#include <numeric>
#include <utility>

namespace hamlet {
namespace {

Spins part(const Spins& spins, Index first, Index count) {
  Spins result(count);
  for (Index i = 0; i < count; ++i) result.set(i, spins[first + i]);
  return result;
}

SpinPatterns columns_of(const SpinPatterns& first, const SpinPatterns& second) {
  SpinPatterns columns = first.transposed();
  const SpinPatterns more = second.transposed();
  for (Index j = 0; j < more.rows(); ++j) columns.append(more[j]);
  return columns;
}

}  // namespace

BidirectionalSpins::BidirectionalSpins(SpinPatterns first, SpinPatterns second)
    : first_(std::move(first)), second_(std::move(second)) {
  if (first_.rows() != second_.rows())
    throw ShapeError(
        fmt::format("BidirectionalSpins: {} first patterns and {} second ones", first_.rows(), second_.rows()));
  if (first_.spins() == 0 || second_.spins() == 0)
    throw ShapeError(fmt::format("BidirectionalSpins: layers of {} and {} spins", first_.spins(), second_.spins()));
  columns_ = columns_of(first_, second_);
}

void BidirectionalSpins::store(const Spins& first, const Spins& second) {
  if (first.size() != first_.spins() || second.size() != second_.spins())
    throw ShapeError(fmt::format("BidirectionalSpins::store: a pair of {} and {} spins to those of {} and {}",
                                 first.size(), second.size(), first_.spins(), second_.spins()));
  first_.append(first);
  second_.append(second);
  columns_ = columns_of(first_, second_);
}

void BidirectionalSpins::forget(Index row) {
  first_.remove(row);
  second_.remove(row);
  columns_ = columns_of(first_, second_);
}

Spins BidirectionalSpins::joined(const Spins& x, const Spins& y) const {
  if (x.size() != first_.spins() || y.size() != second_.spins())
    throw ShapeError(fmt::format("BidirectionalSpins::joined: {} and {} spins for layers of {} and {}", x.size(),
                                 y.size(), first_.spins(), second_.spins()));
  Spins spins(size());
  for (Index i = 0; i < x.size(); ++i) spins.set(i, x[i]);
  for (Index j = 0; j < y.size(); ++j) spins.set(x.size() + j, y[j]);
  return spins;
}

void BidirectionalSpins::check(const Spins& spins) const {
  if (spins.size() != size())
    throw ShapeError(fmt::format("BidirectionalSpins: {} spins for layers of {} and {}", spins.size(), first_.spins(),
                                 second_.spins()));
}

Spins BidirectionalSpins::first_of(const Spins& spins) const {
  check(spins);
  return part(spins, 0, first_.spins());
}

Spins BidirectionalSpins::second_of(const Spins& spins) const {
  check(spins);
  return part(spins, first_.spins(), second_.spins());
}

std::vector<Index> BidirectionalSpins::second_then_first() const {
  std::vector<Index> sites(static_cast<std::size_t>(size()));
  const auto second = sites.begin() + second_.spins();
  std::iota(sites.begin(), second, first_.spins());
  std::iota(second, sites.end(), Index{0});
  return sites;
}

std::string BidirectionalSpins::name() const {
  return fmt::format("BidirectionalSpins({} pairs of {} and {} spins)", first_.rows(), first_.spins(), second_.spins());
}

BidirectionalSpins::Run BidirectionalSpins::run(const Spins& start) const { return {*this, start}; }

BidirectionalSpins::Run::Run(const BidirectionalSpins& model, const Spins& start) : model_(&model), spins_(start) {
  const auto K = static_cast<std::size_t>(model.first_.rows());
  for (auto [layer, patterns, part] : {std::tuple(&first_, &model.first_, model.first_of(start)),
                                       {&second_, &model.second_, model.second_of(start)}}) {
    layer->overlaps.resize(static_cast<std::size_t>(kernel::padded(patterns->rows())));
    layer->spins = static_cast<std::int32_t>(patterns->spins());
    const std::span<std::int32_t> overlaps(layer->overlaps.data(), K);
    patterns->overlaps(part, overlaps);
    layer->sum = std::accumulate(overlaps.begin(), overlaps.end(), std::int64_t{0});
  }
  for (std::size_t k = 0; k < K; ++k) energy_ -= std::int64_t{first_.overlaps[k]} * second_.overlaps[k];
}

// Σ_μ ξ_μi (η_μ·y), of a spin of x
std::int64_t BidirectionalSpins::Run::field(Index i) const {
  const Layer& other = in_first(i) ? second_ : first_;
  return 2 * kernel::sum_where_set(model_->columns_.words(i).data(), other.overlaps.data(), model_->first_.rows(),
                                   other.spins) -
         other.sum;
}

int BidirectionalSpins::Run::pull(Index i) const {
  const std::int64_t h = field(i);
  return h > 0 ? 1 : h < 0 ? -1 : 0;
}

WideReal BidirectionalSpins::Run::difference(Index i) const { return static_cast<double>(2 * spins_[i] * field(i)); }

void BidirectionalSpins::Run::flip(Index i) {
  Layer& layer = in_first(i) ? first_ : second_;
  energy_ += 2 * spins_[i] * field(i);
  layer.sum -= 2 * spins_[i] * model_->columns_[i].sum();
  kernel::step_by_sign(model_->columns_.words(i).data(), -2 * spins_[i], layer.overlaps.data(), model_->first_.rows());
  spins_.flip(i);
}

}  // namespace hamlet
