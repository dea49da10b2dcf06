// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/window.hpp>

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace hamlet {
namespace {

// Positions are counted without overflow when no stretch is longer.
constexpr Index longest = Index{1} << 30;

void require_within(Index least, const char* name, Index value) {
  if (value < least)
    throw ValueError(fmt::format("the {} of a window is {}: it must be at least {}", name, value, least));
  if (value > longest)
    throw ValueError(fmt::format("the {} of a window is {}: it must be at most {}", name, value, longest));
}

}  // namespace

Shape Window::output(Index channels) const {
  require_within(1, "stride", stride);
  require_within(0, "padding", padding);
  require_within(1, "dilation", dilation);
  for (Index axis = 0; axis < size.rank(); ++axis) require_within(1, "size", size[axis]);
  if (size.rank() > 2 || over.rank() != size.rank() + 1) {
    throw ShapeError(fmt::format("a window of {} cannot slide over a layer of {}: it needs channels and {}",
                                 size.text(), over.text(),
                                 size.rank() == 1 ? "one axis" : "one or two axes, as the window has"));
  }
  std::vector<Index> sizes{channels};
  for (Index axis = 0; axis < size.rank(); ++axis) {
    const Index count = over[axis + 1], reach = dilation * (size[axis] - 1) + 1;
    const Index room = circular ? count : count + 2 * padding;
    if (reach > room) {
      throw ShapeError(fmt::format("a window of {} reaches over {} positions: {} has {}{}", text(), reach, over.text(),
                                   count,
                                   circular      ? " on its circle"
                                   : padding > 0 ? " and its padding"
                                                 : ""));
    }
    if (circular && count % stride != 0) {
      throw ShapeError(
          fmt::format("a window of {} cannot go round {}: its stride does not divide {}", text(), over.text(), count));
    }
    sizes.push_back(circular ? count / stride : (room - reach) / stride + 1);
  }
  return Shape(std::move(sizes));
}

std::string Window::text() const {
  std::string text = size.rank() == 1 ? fmt::format("{}", size[0]) : fmt::format("{} × {}", size[0], size[1]);
  if (stride != 1) text += fmt::format(", stride {}", stride);
  if (padding != 0) text += fmt::format(", padding {}", padding);
  if (dilation != 1) text += fmt::format(", dilation {}", dilation);
  if (circular) text += ", circular";
  return text;
}

}  // namespace hamlet
