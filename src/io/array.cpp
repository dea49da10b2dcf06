// SPDX-License-Identifier: MIT
#include "io/convert.hpp"
#include "io/elements.hpp"
#include "io/visit.hpp"

#include <hamlet/io/array.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hamlet {
namespace {

// strideₖ = Π_{j>k} size_j, for k from `first`: the last axis is fastest.
std::vector<Index> c_strides(const std::vector<Index>& sizes, std::size_t first) {
  std::vector<Index> strides(sizes.size());
  Index stride = 1;
  for (std::size_t axis = sizes.size(); axis-- > first;) {
    strides[axis] = stride;
    stride *= sizes[axis];
  }
  return strides;
}

}  // namespace

Array::Array(Element type, std::vector<Index> sizes, Order order)
    : type_(type),
      sizes_(std::move(sizes)),
      order_(order),
      size_(io::count(sizes_, type)),
      bytes_(static_cast<std::size_t>(size_) * size_of(type)) {}

Array::Array(Element type, std::vector<Index> sizes, Order order, std::vector<std::byte> bytes)
    : type_(type), sizes_(std::move(sizes)), order_(order), size_(io::count(sizes_, type)), bytes_(std::move(bytes)) {
  const std::size_t wanted = static_cast<std::size_t>(size_) * size_of(type);
  if (bytes_.size() != wanted) {
    throw ShapeError(fmt::format("an array {} is {} bytes, {} were given", text(), wanted, bytes_.size()));
  }
  if (type_ != Element::Bool) return;
  const auto wrong = std::find_if(bytes_.begin(), bytes_.end(), [](std::byte value) { return value > std::byte{1}; });
  if (wrong != bytes_.end()) {
    throw ValueError(fmt::format("element {} of an array of bool is {}: it must be 0 or 1", wrong - bytes_.begin(),
                                 std::to_integer<int>(*wrong)));
  }
}

std::string Array::text() const {
  return rank() == 0 ? fmt::format("{} scalar", name_of(type_))
                     : fmt::format("{} {}", name_of(type_), fmt::join(sizes_, " × "));
}

void Array::check_type(Element wanted) const {
  if (type_ != wanted) throw ValueError(fmt::format("an array {} does not hold {}", text(), name_of(wanted)));
}

// The element of indices i goes to out[Σ iₖ strideₖ].
template <Elemental T>
void Array::copy(const std::vector<Index>& strides, T* out) const {
  std::vector<std::size_t> axes(sizes_.size());  // fastest first, as they are stored
  for (std::size_t k = 0; k < axes.size(); ++k) axes[k] = order_ == Order::Fortran ? k : axes.size() - 1 - k;
  io::visit(type_, [&]<class S>(std::type_identity<S>) {
    std::vector<Index> index(sizes_.size());
    Index target = 0;
    std::size_t position = 0;
    for (const S value : values<S>()) {
      out[target] = io::converted<T>(value, position++);
      for (const std::size_t axis : axes) {
        target += strides[axis];
        if (++index[axis] < sizes_[axis]) break;
        target -= strides[axis] * sizes_[axis];
        index[axis] = 0;
      }
    }
  });
}

template <Elemental T>
Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> Array::matrix() const {
  if (rank() > 2) {
    throw ShapeError(
        fmt::format("an array {} has {} axes, a matrix two: slices() flattens all but the first", text(), rank()));
  }
  const Index rows = rank() > 0 ? sizes_[0] : 1;
  const Index columns = rank() > 1 ? sizes_[1] : 1;
  Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> result(rows, columns);
  std::vector<Index> strides{1, rows};
  strides.resize(sizes_.size());
  copy(strides, result.data());
  return result;
}

template <Elemental T>
Vector<T> Array::vector() const {
  Vector<T> result(size_);
  copy(c_strides(sizes_, 0), result.data());
  return result;
}

template <Elemental T>
Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> Array::slices() const {
  if (rank() == 0) throw ShapeError(fmt::format("an array {} has no axis to slice", text()));
  Index columns = 1;
  for (std::size_t axis = 1; axis < sizes_.size(); ++axis) columns *= sizes_[axis];
  Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> result(sizes_[0], columns);
  // row + count · (position in the slice): Eigen's matrices have the first index fastest.
  std::vector<Index> strides = c_strides(sizes_, 1);
  for (Index& stride : strides) stride *= sizes_[0];
  strides[0] = 1;
  copy(strides, result.data());
  return result;
}

Array Array::head(Index count) const {
  if (rank() == 0 || count < 0 || count > sizes_[0]) {
    throw ShapeError(fmt::format("an array {} has no first {} slices", text(), count));
  }
  std::vector<Index> sizes = sizes_;
  sizes[0] = count;
  Array result(type_, std::move(sizes), order_);
  if (result.size_ == 0) return result;
  // In C order the head is one run of bytes, in Fortran order a run for every index of the other axes.
  const Index runs = order_ == Order::C ? 1 : size_ / sizes_[0];
  const auto run = result.bytes_.size() / static_cast<std::size_t>(runs);
  const auto step = bytes_.size() / static_cast<std::size_t>(runs);
  for (std::size_t i = 0; i < static_cast<std::size_t>(runs); ++i) {
    std::copy_n(bytes_.data() + i * step, run, result.bytes_.data() + i * run);
  }
  return result;
}

#define HAMLET_CONVERSIONS(T)                                                         \
  template Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> Array::matrix<T>() const; \
  template Vector<T> Array::vector<T>() const;                                        \
  template Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> Array::slices<T>() const

HAMLET_CONVERSIONS(bool);
HAMLET_CONVERSIONS(std::int8_t);
HAMLET_CONVERSIONS(std::int16_t);
HAMLET_CONVERSIONS(std::int32_t);
HAMLET_CONVERSIONS(std::int64_t);
HAMLET_CONVERSIONS(std::uint8_t);
HAMLET_CONVERSIONS(std::uint16_t);
HAMLET_CONVERSIONS(std::uint32_t);
HAMLET_CONVERSIONS(std::uint64_t);
HAMLET_CONVERSIONS(float);
HAMLET_CONVERSIONS(double);

#undef HAMLET_CONVERSIONS

}  // namespace hamlet
