// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/spins.hpp>

#include <boost/random/uniform_int_distribution.hpp>

#include <utility>
#include <vector>

namespace hamlet {

/// One of 0, …, count − 1, each as likely; unlike std's, the same on every machine.
inline Index chance(Index count, Spins::Random& random) {
  return boost::random::uniform_int_distribution<Index>(0, count - 1)(random);
}

/// Every order as likely.
inline void shuffle(std::vector<Index>& order, Spins::Random& random) {
  for (std::size_t k = order.size(); k > 1; --k)
    std::swap(order[k - 1], order[static_cast<std::size_t>(chance(static_cast<Index>(k), random))]);
}

}  // namespace hamlet
