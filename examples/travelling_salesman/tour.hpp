// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/hamlet.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <vector>

namespace tours {

using hamlet::Index;
using hamlet::State;
using Tour = std::vector<Index>;  // cities in the order of their visits

inline double length(const Tour& tour, const State& distances) {
  double sum = 0;
  for (std::size_t i = 0; i < tour.size(); ++i) sum += distances(tour[i], tour[(i + 1) % tour.size()]);
  return sum;
}

/// What N² activities (city X as the i-th at row N X + i) say; nothing unless every city is visited once, one at a
/// time.
inline std::optional<Tour> read(const hamlet::Vector<double>& activities, Index cities) {
  Tour tour(static_cast<std::size_t>(cities), -1);
  for (Index X = 0; X < cities; ++X) {
    Index of_this = 0;
    for (Index i = 0; i < cities; ++i) {
      if (activities[cities * X + i] < 0.5) continue;
      if (tour[static_cast<std::size_t>(i)] >= 0) return {};
      tour[static_cast<std::size_t>(i)] = X;
      ++of_this;
    }
    if (of_this != 1) return {};
  }
  return tour;
}

/// The best of the tours that go on to the nearest city not yet seen, over all cities to start from.
inline Tour nearest_neighbour(const State& distances) {
  Tour best;
  for (Index start = 0; start < distances.rows(); ++start) {
    Tour tour{start};
    while (static_cast<Index>(tour.size()) < distances.rows()) {
      Index next = -1;
      for (Index city = 0; city < distances.rows(); ++city) {
        if (std::find(tour.begin(), tour.end(), city) != tour.end()) continue;
        if (next < 0 || distances(tour.back(), city) < distances(tour.back(), next)) next = city;
      }
      tour.push_back(next);
    }
    if (best.empty() || length(tour, distances) < length(best, distances)) best = tour;
  }
  return best;
}

/// A shortest tour, by dynamic programming: best[S, c] is the length of the shortest way from the last city through all
/// of the set S that ends at c in S. Time 2ᴺ N², memory 2ᴺ N.
/// Source: Held & Karp, "A Dynamic Programming Approach to Sequencing Problems", Journal of SIAM 10, 1962.
inline Tour held_karp(const State& distances) {
  const std::size_t others = static_cast<std::size_t>(distances.rows()) - 1;
  const auto d = [&](std::size_t a, std::size_t b) { return distances(static_cast<Index>(a), static_cast<Index>(b)); };
  const std::size_t sets = std::size_t{1} << others;
  std::vector<double> best(sets * others, std::numeric_limits<double>::infinity());
  std::vector<std::uint8_t> before(sets * others);
  for (std::size_t c = 0; c < others; ++c) best[(std::size_t{1} << c) * others + c] = d(others, c);
  for (std::size_t set = 1; set < sets; ++set) {
    for (std::size_t c = 0; c < others; ++c) {
      if ((set >> c & 1) == 0) continue;
      const std::size_t without = set ^ (std::size_t{1} << c);
      for (std::size_t last = 0; last < others; ++last) {
        if ((without >> last & 1) == 0) continue;
        const double longer = best[without * others + last] + d(last, c);
        if (longer >= best[set * others + c]) continue;
        best[set * others + c] = longer;
        before[set * others + c] = static_cast<std::uint8_t>(last);
      }
    }
  }
  std::size_t set = sets - 1, last = 0;
  for (std::size_t c = 1; c < others; ++c) {
    if (best[set * others + c] + d(c, others) < best[set * others + last] + d(last, others)) last = c;
  }
  Tour tour{static_cast<Index>(others)};
  while (set != 0) {
    tour.push_back(static_cast<Index>(last));
    const std::size_t previous = before[set * others + last];
    set ^= std::size_t{1} << last;
    last = previous;
  }
  return tour;
}

}  // namespace tours
