// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/core/shape.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>

namespace hamlet {

Shape::Shape(std::initializer_list<Index> sizes) : Shape(std::vector<Index>(sizes)) {}

Shape::Shape(std::vector<Index> sizes) : sizes_(std::move(sizes)) {
  if (sizes_.empty()) throw ValueError("a shape needs at least one size");
  for (const Index size : sizes_) {
    if (size <= 0)
      throw ValueError(fmt::format("a shape is {}: every size must be positive", fmt::join(sizes_, " × ")));
    if (__builtin_mul_overflow(size_, size, &size_))
      throw ValueError(fmt::format("a shape is {}: more neurons than can be counted", fmt::join(sizes_, " × ")));
  }
}

Index Shape::operator[](Index axis) const {
  if (axis < 0 || axis >= rank()) throw ValueError(fmt::format("axis {} of a shape of rank {}", axis, rank()));
  return sizes_[static_cast<std::size_t>(axis)];
}

std::string Shape::text() const {
  std::string product = fmt::format("{}", fmt::join(sizes_, " × "));
  return rank() == 1 ? product : fmt::format("{} = {}", product, size_);
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << shape.text(); }

}  // namespace hamlet
