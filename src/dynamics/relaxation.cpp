// SPDX-License-Identifier: MIT
#include "dynamics/relaxation.hpp"

#include <hamlet/core/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hamlet {

std::vector<IndependentSet> sets_with_cue_last(std::vector<IndependentSet> sets, const std::optional<Rows>& cue) {
  if (!cue) return sets;
  const auto held = std::find_if(sets.begin(), sets.end(), [&](const IndependentSet& set) {
    return std::find(set.layers.begin(), set.layers.end(), *cue) != set.layers.end();
  });
  if (held == sets.end())
    throw ShapeError(
        fmt::format("the cue's rows [{}, {}) are no layer that moves: give net.rows(layer) of one that is not clamped",
                    cue->first, cue->first + cue->count));
  const auto at = held - sets.begin();
  std::rotate(held, held + 1, sets.end());
  for (IndependentSet& set : sets) {
    auto& depends = set.depends_on;
    std::rotate(depends.begin() + at, depends.begin() + at + 1, depends.end());
  }
  return sets;
}

}  // namespace hamlet
