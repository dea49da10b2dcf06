// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/recalled.hpp>

#include "core/attractor_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <ostream>

namespace hamlet {
namespace {

void check(const RecallCriteria& criteria) {
  for (const auto& [name, value] : {std::pair{"recalled", criteria.recalled}, {"mixed", criteria.mixed}})
    if (!(value > 0 && value <= 1))
      throw ValueError(fmt::format("recalled: {} is {}: it must be in (0, 1]", name, value));
  if (criteria.most_mixed < 1 || criteria.most_mixed % 2 == 0)
    throw ValueError(fmt::format("recalled: most_mixed is {}: it must be odd and positive", criteria.most_mixed));
}

// sign(Σ s_μ ξ_μ)
Spins mixture_of(const SpinPatterns& memories, const std::vector<Recalled::Member>& members) {
  Spins mixture(memories.spins());
  for (Index i = 0; i < memories.spins(); ++i) {
    int sum = 0;
    for (const auto& [memory, sign] : members) sum += sign * memories(memory, i);
    mixture.set(i, sum);
  }
  return mixture;
}

}  // namespace

Recalled recalled(const SpinPatterns& memories, const Spins& spins, const RecallCriteria& criteria) {
  check(criteria);
  const Vector<int> overlaps = memories.overlaps(spins);
  if (overlaps.size() == 0) return {AttractorKind::other, -1, 0, {}};
  const auto n = static_cast<double>(spins.size());

  const Index most = std::min(criteria.most_mixed, overlaps.size());
  std::vector<Index> order(static_cast<std::size_t>(overlaps.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::partial_sort(order.begin(), order.begin() + most, order.end(), [&](Index a, Index b) {
    const int of_a = std::abs(overlaps[a]), of_b = std::abs(overlaps[b]);
    return of_a != of_b ? of_a > of_b : a < b;
  });
  const Index nearest = order.front();
  const double overlap = overlaps[nearest] / n;
  if (overlap >= criteria.recalled) return {AttractorKind::memory, nearest, overlap, {}};
  if (overlap <= -criteria.recalled) return {AttractorKind::ghost, nearest, overlap, {}};

  std::vector<Recalled::Member> members;
  for (Index k = 0; k < most; ++k) {
    const Index memory = order[static_cast<std::size_t>(k)];
    members.push_back({memory, overlaps[memory] >= 0 ? 1 : -1});
    if (k < 2 || k % 2 == 1) continue;
    const double mixed = static_cast<double>(hamlet::overlap(mixture_of(memories, members), spins)) / n;
    if (mixed < criteria.mixed) continue;
    std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.memory < b.memory; });
    return {AttractorKind::mixture, nearest, mixed, members};
  }
  return {AttractorKind::other, nearest, overlap, {}};
}

std::string Recalled::text() const {
  std::string text = words(kind);
  if (kind == AttractorKind::mixture)
    for (const auto& [member, sign] : members) text += fmt::format(" {}{}", sign > 0 ? '+' : '-', member);
  else if (kind == AttractorKind::other && memory >= 0)
    text += fmt::format(", nearest {}", memory);
  else if (memory >= 0)
    text += fmt::format(" {}", memory);
  return text + fmt::format(", overlap {:.3g}", overlap);
}

std::ostream& operator<<(std::ostream& out, const Recalled& recalled) { return out << recalled.text(); }

}  // namespace hamlet
