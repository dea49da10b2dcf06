// SPDX-License-Identifier: MIT
#include "synapse/sliding.hpp"

#include <fmt/format.h>

namespace hamlet {

std::string misfit_of_sliding(const Window& window, const Shape& output, std::span<const Shape> shapes) {
  if (shapes.size() != 2) return fmt::format("it joins two layers, not {}", shapes.size());
  if (shapes[0] != window.over) return fmt::format("it slides over a first layer of {}", window.over.text());
  if (shapes[1] != output) return fmt::format("it needs a second layer of {}", output.text());
  return {};
}

}  // namespace hamlet
