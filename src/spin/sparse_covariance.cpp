// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/sparse_covariance.hpp>

#include "kernel/bits.hpp"
#include "spin/chance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>

namespace hamlet {
namespace {

Index active_of(const Spins& spins) { return (spins.sum() + spins.size()) / 2; }

}  // namespace

SparseCovariance::SparseCovariance(Index neurons, Index active)
    : active_(active), patterns_(std::max<Index>(neurons, 1)) {
  // N n_μ, with n_μ ≤ N, must be within 31 bits.
  if (active <= 0 || active >= neurons || neurons > 46'340)
    throw ValueError(
        fmt::format("SparseCovariance: {} active of {} neurons: 0 < active < neurons ≤ 46340", active, neurons));
  prepare();
}

void SparseCovariance::prepare() {
  columns_ = patterns_.transposed();
  sizes_.clear();
  for (Index row = 0; row < patterns_.rows(); ++row) sizes_.push_back(active_of(patterns_[row]));
}

Spins SparseCovariance::random_pattern(Spins::Random& random) const {
  return Spins(size()).with_flips(active_, random);
}

void SparseCovariance::store(const Spins& pattern) {
  patterns_.append(pattern);
  prepare();
}

void SparseCovariance::store(const SpinPatterns& patterns) {
  for (Index row = 0; row < patterns.rows(); ++row) patterns_.append(patterns[row]);
  prepare();
}

void SparseCovariance::forget(Index row) {
  patterns_.remove(row);
  prepare();
}

// N² Σ_μ (ξ_μi − a) M_μ − own part, M_μ = Σ_j (ξ_μj − a) s_j, whole numbers:
// Σ_μ (N ξ_μi − A) (N n_μ − A n) − s_i Σ_μ (N ξ_μi − A)², n_μ active in both, n active in s.
std::vector<Index> SparseCovariance::fields(const Spins& spins) const {
  const Index N = size(), A = active_, K = patterns_.rows(), n = active_of(spins);
  std::vector<std::int32_t> M(static_cast<std::size_t>(kernel::padded(K)));
  patterns_.overlaps(spins, std::span(M.data(), static_cast<std::size_t>(K)));
  for (std::size_t k = 0; k < static_cast<std::size_t>(K); ++k) {
    // ξ·s of signs is N − 2 (n + n_ξ) + 4 n_μ.
    const Index both = (M[k] - N + 2 * (n + sizes_[k])) / 4;
    M[k] = static_cast<std::int32_t>(N * both - A * n);
  }
  const std::int64_t all = std::accumulate(M.begin(), M.end(), std::int64_t{0});
  std::vector<Index> result;
  for (Index i = 0; i < N; ++i) {
    const std::uint64_t* const bits = columns_.words(i).data();
    Index h = N * kernel::sum_where_set(bits, M.data(), K, static_cast<std::int32_t>(N * N)) - A * all;
    if (spins[i] > 0) {
      const Index with = (columns_[i].sum() + K) / 2;
      h -= with * (N - A) * (N - A) + (K - with) * A * A;
    }
    result.push_back(h);
  }
  return result;
}

Spins SparseCovariance::updated(const Spins& spins) const {
  const std::vector<Index> h = fields(spins);
  const auto field = [&](Index i) { return h[static_cast<std::size_t>(i)]; };
  std::vector<Index> order(h.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::nth_element(order.begin(), order.begin() + active_ - 1, order.end(), [&](Index a, Index b) {
    if (field(a) != field(b)) return field(a) > field(b);
    return spins[a] != spins[b] ? spins[a] > spins[b] : a < b;
  });
  Spins winners(size());
  for (Index k = 0; k < active_; ++k) winners.flip(order[static_cast<std::size_t>(k)]);
  return winners;
}

SpinOutcome SparseCovariance::recall(Spins& spins, long most_updates) const {
  if (most_updates <= 0)
    throw ValueError(fmt::format("SparseCovariance::recall: most_updates is {}: it must be positive", most_updates));
  std::optional<Spins> before;
  SpinOutcome outcome{SpinStatus::too_many_sweeps, 0, 0, 0};
  while (outcome.status == SpinStatus::too_many_sweeps && outcome.sweeps < most_updates) {
    Spins next = updated(spins);
    ++outcome.sweeps;
    outcome.flips += (spins.size() - hamlet::overlap(spins, next)) / 2;
    if (next == spins)
      outcome.status = SpinStatus::settled;
    else if (before && next == *before)
      outcome.status = SpinStatus::two_cycle;
    before = std::move(spins);
    spins = std::move(next);
  }
  const auto N = static_cast<double>(size()), A = static_cast<double>(active_);
  const std::vector<Index> h = fields(spins);
  Index sum = 0;
  for (Index i = 0; i < size(); ++i) sum += spins[i] > 0 ? h[static_cast<std::size_t>(i)] : 0;
  outcome.energy = -0.5 * static_cast<double>(sum) / (N * A * (1 - A / N)) / N;
  return outcome;
}

double SparseCovariance::overlap(const Spins& pattern, const Spins& spins) const {
  const Index signs = hamlet::overlap(pattern, spins);
  const auto N = static_cast<double>(size()), A = static_cast<double>(active_);
  const Index n = active_of(spins), both = (signs - size() + 2 * (n + active_of(pattern))) / 4;
  return (static_cast<double>(both) - A / N * static_cast<double>(n)) / (A * (1 - A / N));
}

}  // namespace hamlet
