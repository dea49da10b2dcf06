// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/bidirectional_spins.hpp>

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

BidirectionalSpins::Run::Run(const BidirectionalSpins& model, const Spins& start)
    : model_(&model),
      spins_(start),
      first_(model.first_, model.first_of(start)),
      second_(model.second_, model.second_of(start)) {
  for (Index row = 0; row < first_.size(); ++row) energy_ -= first_[row] * second_[row];
}

// Σ_μ ξ_μi (η_μ·y), of a spin of x
std::int64_t BidirectionalSpins::Run::field(Index i) const {
  return (in_first(i) ? second_ : first_).along(model_->columns_.words(i).data());
}

int BidirectionalSpins::Run::pull(Index i) const {
  const std::int64_t h = field(i);
  return h > 0 ? 1 : h < 0 ? -1 : 0;
}

WideReal BidirectionalSpins::Run::difference(Index i) const { return static_cast<double>(2 * spins_[i] * field(i)); }

void BidirectionalSpins::Run::flip(Index i) {
  energy_ += 2 * spins_[i] * field(i);
  (in_first(i) ? first_ : second_).flip(model_->columns_.words(i).data(), spins_[i]);
  spins_.flip(i);
}

}  // namespace hamlet
