// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <initializer_list>
#include <iosfwd>
#include <string>
#include <vector>

namespace hamlet {

/// The sizes of a layer, fastest index first: {784}, or {channels, width, height}.
class Shape {
 public:
  /// Throws ValueError when there is no size or one is not positive.
  Shape(std::initializer_list<Index> sizes);
  explicit Shape(std::vector<Index> sizes);

  /// The number of neurons: the product of the sizes.
  Index size() const { return size_; }
  Index rank() const { return static_cast<Index>(sizes_.size()); }
  /// Throws ValueError when `axis` is not in [0, rank()).
  Index operator[](Index axis) const;

  /// "784", or "3 × 28 × 28 = 2352".
  std::string text() const;

  friend bool operator==(const Shape&, const Shape&) = default;

 private:
  std::vector<Index> sizes_;
  Index size_ = 1;
};

std::ostream& operator<<(std::ostream&, const Shape&);

}  // namespace hamlet
