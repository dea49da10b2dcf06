// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/shape.hpp>

#include <string>

namespace hamlet {

/// How a window slides over the positions of a layer of shape {channels, width} or {channels, width, height}, channels
/// fastest. At position p it sees, for each of its places t, the position stride · p + dilation · t − padding along
/// each axis. What lies outside the layer counts as 0, or, on a circle, is found at the other end.
struct Window {
  Shape over;             ///< The layer it slides over.
  Shape size;             ///< {width} or {width, height} of the window itself, in positions.
  Index stride = 1;       ///< How far it moves at a time, ≥ 1.
  Index padding = 0;      ///< How many positions before the layer it begins, and after it ends, ≥ 0.
  Index dilation = 1;     ///< How far its places lie apart, ≥ 1.
  bool circular = false;  ///< Whether each axis is a circle, all round which it moves.

  /// The layer of its positions, {channels, positions along each axis}: where the layer has n, there are
  /// ⌊(n + 2 padding − reach)/stride⌋ + 1 of them, reach = dilation (size − 1) + 1, and n/stride on a circle.
  /// Throws ValueError for a stride, padding or dilation out of range, ShapeError when the window has not one axis less
  /// than the layer (its channels), reaches over more than the padded layer or the circle, or its stride does not
  /// divide the circle.
  Shape output(Index channels) const;

  /// "5 × 5, stride 2, padding 1".
  std::string text() const;
};

}  // namespace hamlet
