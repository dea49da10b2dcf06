// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/groups.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace hamlet {

namespace {

/// The sizes of a shape but for its channels: {width, height}.
std::vector<Index> positions_of(const Shape& shape) {
  if (shape.rank() < 2) {
    throw ShapeError(fmt::format(
        "a layer of shape {} has no channels and positions: {{channels, width, height}} or {{channels, width}} has",
        shape.text()));
  }
  std::vector<Index> sizes;
  for (Index axis = 1; axis < shape.rank(); ++axis) sizes.push_back(shape[axis]);
  return sizes;
}

/// The neurons of every window of every channel, the positions of a window from its first axis to its last.
std::vector<Index> tiled(const Shape& shape, const std::vector<Index>& window, Index size) {
  std::vector<Index> neurons(static_cast<std::size_t>(shape.size()));
  const Index channels = shape[0];
  for (Index neuron = 0; neuron < shape.size(); ++neuron) {
    // The digits of the position, axis by axis, say which window it is in and which place of it.
    Index position = neuron / channels, group = neuron % channels, place = 0, groups = channels, places = 1;
    for (std::size_t axis = 0; axis < window.size(); ++axis) {
      const Index length = shape[static_cast<Index>(axis) + 1], at = position % length;
      group += groups * (at / window[axis]);
      place += places * (at % window[axis]);
      groups *= length / window[axis];
      places *= window[axis];
      position /= length;
    }
    neurons[static_cast<std::size_t>(group * size + place)] = neuron;
  }
  return neurons;
}

}  // namespace

Groups::Groups(Index size) : size_(size), text_(fmt::format("groups of {}", size)) {
  if (size < 1) throw ValueError(fmt::format("groups of {}: a group needs at least one neuron", size));
}

Groups::Groups(const Shape& shape, Index size, std::vector<Index> neurons, std::string text)
    : size_(size), shape_(shape), neurons_(std::move(neurons)), text_(std::move(text)) {}

Groups Groups::channels(const Shape& shape) {
  static_cast<void>(positions_of(shape));
  return {shape, shape[0], {}, fmt::format("{} channels of {} positions", shape[0], shape.size() / shape[0])};
}

Groups Groups::positions(const Shape& shape) {
  const Index size = shape.size() / shape[0];
  return {shape, size, tiled(shape, positions_of(shape), size),
          fmt::format("{} positions of {} channels", size, shape[0])};
}

Groups Groups::windows(const Shape& shape, const Shape& window) {
  const std::vector<Index> layer = positions_of(shape);
  std::vector<Index> sizes;
  for (Index axis = 0; axis < window.rank(); ++axis) sizes.push_back(window[axis]);
  bool tiles = sizes.size() == layer.size();
  for (std::size_t axis = 0; tiles && axis < sizes.size(); ++axis) tiles = layer[axis] % sizes[axis] == 0;
  const std::string text = fmt::format("{}", fmt::join(sizes, " × "));
  if (!tiles) {
    throw ShapeError(fmt::format("windows of {} do not tile the {} positions of {} channels", text,
                                 fmt::join(layer, " × "), shape[0]));
  }
  return {shape, window.size(), tiled(shape, sizes, window.size()),
          fmt::format("{} windows of {} positions of {} channels", text, fmt::join(layer, " × "), shape[0])};
}

Index Groups::count(Index neurons) const {
  const bool fits = shape_ ? neurons == shape_->size() : neurons % size_ == 0;
  if (!fits) throw ShapeError(fmt::format("{} cannot be made of {} neurons", text_, neurons));
  return neurons / size_;
}

std::string Groups::misfit(const Shape& shape) const {
  // A layer of rank 1 says nothing of how it is laid out.
  if (shape_ && shape != *shape_ && (shape.rank() > 1 || shape.size() != shape_->size()))
    return fmt::format("{} are of a layer of {}, not of {}", text_, shape_->text(), shape.text());
  if (shape.size() % size_ != 0) return fmt::format("{} do not divide {}", text_, shape.size());
  return {};
}

}  // namespace hamlet
