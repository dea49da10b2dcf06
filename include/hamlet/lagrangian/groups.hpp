// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/shape.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hamlet {

/// A partition of a layer's neurons into groups of one size, for Grouped. A layer of shape {channels, width, height},
/// or {channels, width}, has its channels fastest: neuron c + channels · (i + width · j) is channel c at position (i,
/// j).
class Groups {
 public:
  /// `size` consecutive neurons each, of any layer that it divides. Throws ValueError when size < 1.
  Groups(Index size);
  /// All channels of one position each. These three are for layers of this shape, or of rank 1 and as many neurons, and
  /// throw ShapeError when the shape has no positions, being of rank 1 itself.
  static Groups channels(const Shape& shape);
  /// All positions of one channel each.
  static Groups positions(const Shape& shape);
  /// The positions of one channel within one window each; windows of this shape, {width, height} or {width}, tile the
  /// layer. Throws ShapeError when the window has another number of axes or does not divide the positions.
  static Groups windows(const Shape& shape, const Shape& window);

  /// Neurons in a group.
  Index size() const { return size_; }
  /// The number of groups in a layer of that many neurons. Throws ShapeError when it cannot be partitioned so.
  Index count(Index neurons) const;
  /// The neurons of all groups, one group after another; empty when that is the order they lie in.
  std::span<const Index> neurons() const { return neurons_; }
  /// "groups of 3", "16 channels of 49 positions", "49 positions of 16 channels", or
  /// "2 × 2 windows of 28 × 28 positions of 16 channels".
  const std::string& text() const { return text_; }
  /// Empty when a layer of this shape can be partitioned so, else why not.
  std::string misfit(const Shape& shape) const;

 private:
  Groups(const Shape& shape, Index size, std::vector<Index> neurons, std::string text);

  Index size_;
  std::optional<Shape> shape_;  // of the layer; any when there is none
  std::vector<Index> neurons_;
  std::string text_;
};

}  // namespace hamlet
