// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/error.hpp>
#include <hamlet/core/state.hpp>
#include <hamlet/io/element.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace hamlet {

/// How the elements of an Array lie one after another: C has the last axis fastest, Fortran the first.
enum class Order { C, Fortran };

/// Numbers of one type on any number of axes, as files hold them; a value that owns its bytes. Rank 0 is one number.
///
///     save_npy("state.npy", Array::from(state));
///     State images = load_idx("train-images-idx3-ubyte.gz").head(1000).slices() / 255;   // 1000 × 784
class Array {
 public:
  /// Zeros. Throws ValueError when a size is negative or the bytes cannot be counted.
  Array(Element type, std::vector<Index> sizes, Order order = Order::C);
  /// The elements in `order`, in the machine's byte order. Throws ShapeError when `bytes` is of another length than the
  /// sizes ask for, ValueError as above or when a Bool is neither 0 nor 1.
  Array(Element type, std::vector<Index> sizes, Order order, std::vector<std::byte> bytes);

  /// A copy of a matrix, rows × columns, in its own order (a State is Fortran); of a vector, column or row, rank 1.
  template <class Derived>
  requires Elemental<typename Derived::Scalar>
  static Array from(const Eigen::MatrixBase<Derived>& matrix);
  /// Rank 1.
  template <Elemental T>
  static Array from(const std::vector<T>& values);
  /// Rank 0.
  template <Elemental T>
  static Array from(T value);
  /// Matrices of one shape along a new first axis: T states of N × B give T × N × B, T vectors of N give T × N, in C
  /// order. Throws ShapeError when there is none or one differs from the first.
  template <class Matrix>
  static Array stack(const std::vector<Matrix>& slices);

  Element type() const { return type_; }
  Order order() const { return order_; }
  Index rank() const { return static_cast<Index>(sizes_.size()); }
  /// The size along every axis, slowest first as numpy's `shape`.
  const std::vector<Index>& sizes() const { return sizes_; }
  /// The number of elements, 1 at rank 0.
  Index size() const { return size_; }
  /// "uint8 60000 × 28 × 28", "float64 scalar".
  std::string text() const;

  /// The elements in place, in order(). Throws ValueError when they are not of type `T`.
  template <Elemental T>
  std::span<T> values();
  template <Elemental T>
  std::span<const T> values() const;
  std::span<const std::byte> bytes() const { return bytes_; }

  /// A matrix of the same indices; rank 1 is a column, rank 0 is 1 × 1. Throws ShapeError at a higher rank, ValueError
  /// when a number does not survive: an integer beyond 2⁵³ in magnitude as double (2²⁴ as float), one out of the range
  /// of `T`, a fraction as an integer, a finite double beyond float. A double that is only rounded to float passes.
  template <Elemental T = double>
  Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> matrix() const;
  /// All elements, last axis fastest whatever the order. Throws ValueError as matrix().
  template <Elemental T = double>
  Vector<T> vector() const;
  /// One slice of the first axis a row, flattened with the last axis fastest: images, count × pixels. Throws ShapeError
  /// at rank 0, ValueError as matrix().
  template <Elemental T = double>
  Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> slices() const;

  /// The first `count` slices of the first axis. Throws ShapeError at rank 0 or when there are fewer.
  Array head(Index count) const;

  /// The same type, sizes, order and bits.
  friend bool operator==(const Array&, const Array&) = default;

 private:
  template <Elemental T>
  void copy(const std::vector<Index>& strides, T* out) const;
  void check_type(Element wanted) const;

  Element type_;
  std::vector<Index> sizes_;
  Order order_;
  Index size_;
  std::vector<std::byte> bytes_;
};

template <class Derived>
requires Elemental<typename Derived::Scalar> Array Array::from(const Eigen::MatrixBase<Derived>& matrix) {
  using Scalar = typename Derived::Scalar;
  constexpr bool rows_first = Derived::IsRowMajor && !Derived::IsVectorAtCompileTime;
  std::vector<Index> sizes{matrix.rows(), matrix.cols()};
  if constexpr (Derived::IsVectorAtCompileTime) sizes = {matrix.size()};
  Array array(element_of<Scalar>, sizes, rows_first || Derived::IsVectorAtCompileTime ? Order::C : Order::Fortran);
  using Plain = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, rows_first ? Eigen::RowMajor : Eigen::ColMajor>;
  Eigen::Map<Plain>(array.values<Scalar>().data(), matrix.rows(), matrix.cols()) = matrix;
  return array;
}

template <Elemental T>
Array Array::from(const std::vector<T>& values) {
  Array array(element_of<T>, {static_cast<Index>(values.size())});
  std::copy(values.begin(), values.end(), array.values<T>().begin());
  return array;
}

template <Elemental T>
Array Array::from(T value) {
  Array array(element_of<T>, {});
  array.values<T>().front() = value;
  return array;
}

template <class Matrix>
Array Array::stack(const std::vector<Matrix>& slices) {
  using Scalar = typename Matrix::Scalar;
  if (slices.empty()) throw ShapeError("there is no slice to stack");
  const Index rows = slices.front().rows();
  const Index columns = slices.front().cols();
  std::vector<Index> sizes{static_cast<Index>(slices.size()), rows, columns};
  if constexpr (Matrix::IsVectorAtCompileTime) sizes = {sizes[0], rows * columns};
  Array array(element_of<Scalar>, sizes);
  Scalar* next = array.values<Scalar>().data();
  for (const Matrix& slice : slices) {
    if (slice.rows() != rows || slice.cols() != columns) {
      throw ShapeError("slice " + std::to_string(&slice - slices.data()) + " of a stack is " +
                       std::to_string(slice.rows()) + " × " + std::to_string(slice.cols()) + ", the first is " +
                       std::to_string(rows) + " × " + std::to_string(columns));
    }
    using Rows = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Eigen::Map<Rows>(next, rows, columns) = slice;
    next += rows * columns;
  }
  return array;
}

template <Elemental T>
std::span<T> Array::values() {
  check_type(element_of<T>);
  return {reinterpret_cast<T*>(bytes_.data()), static_cast<std::size_t>(size_)};
}

template <Elemental T>
std::span<const T> Array::values() const {
  check_type(element_of<T>);
  return {reinterpret_cast<const T*>(bytes_.data()), static_cast<std::size_t>(size_)};
}

}  // namespace hamlet
