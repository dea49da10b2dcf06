// SPDX-License-Identifier: MIT
#include "io/files.hpp"

#include <hamlet/io/array.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <random>
#include <tuple>

using namespace hamlet;
using hamlet::test::random_array;
using hamlet::test::shapes;

namespace {

using Types = std::tuple<bool, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
                         std::uint32_t, std::uint64_t, float, double>;

template <class T>
using Plain = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

// Small numbers that every type of element holds.
template <class T>
Plain<T> random_matrix(Index rows, Index columns, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> digit(0, std::is_same_v<T, bool> ? 1 : 100);
  return Plain<T>::NullaryExpr(rows, columns, [&] { return static_cast<T>(digit(random)); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(array)

BOOST_AUTO_TEST_CASE_TEMPLATE(matrices_go_in_and_come_out, T, Types) {
  for (unsigned seed = 0; seed < 5; ++seed) {
    const Plain<T> matrix = random_matrix<T>(1 + seed, 7 - seed, seed);
    const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> by_rows = matrix;
    const Array fortran = Array::from(matrix);
    const Array c = Array::from(by_rows);
    BOOST_TEST((fortran.type() == element_of<T> && c.type() == element_of<T>));
    BOOST_TEST((fortran.order() == Order::Fortran && c.order() == Order::C));
    BOOST_TEST(fortran.sizes() == (std::vector<Index>{1 + seed, 7 - seed}));
    for (const Array& array : {fortran, c, Array::from(matrix.block(0, 0, 1 + seed, 7 - seed))}) {
      BOOST_TEST((array.template matrix<T>() == matrix));
      BOOST_TEST((array.matrix() == matrix.template cast<double>()));
      BOOST_TEST((array.template slices<T>() == matrix));
    }
    const Vector<T> vector = matrix.col(0);
    BOOST_TEST((Array::from(vector).template vector<T>() == vector));
    BOOST_TEST((Array::from(matrix.row(0)).template vector<T>() == matrix.row(0).transpose()));
    BOOST_TEST((Array::from(matrix.row(0)).template matrix<T>() == matrix.row(0).transpose()));
    const std::vector<T> list(vector.begin(), vector.end());
    BOOST_TEST((Array::from(list) == Array::from(vector)));
    BOOST_TEST((Array::from(list[0]).template matrix<T>()(0, 0) == list[0]));
    BOOST_TEST(Array::from(list[0]).rank() == 0);
  }
}

// vector() is by definition the elements with the last axis fastest, slices() the same numbers cut into rows.
BOOST_AUTO_TEST_CASE(flattening_has_the_last_axis_fastest_in_either_order) {
  for (const auto& sizes : shapes) {
    for (const Order order : {Order::C, Order::Fortran}) {
      const Array array = random_array(Element::UInt32, sizes, order, 3);
      const auto flat = array.vector<std::uint32_t>();
      BOOST_TEST(flat.size() == array.size());
      for (Index k = 0; k < array.size(); ++k) BOOST_TEST(flat[k] == test::bits(array, k));
      if (array.rank() == 0) continue;
      const auto slices = array.slices<std::uint32_t>();
      BOOST_TEST(slices.rows() == sizes[0]);
      for (Index k = 0; k < array.size(); ++k) BOOST_TEST(slices(k / slices.cols(), k % slices.cols()) == flat[k]);
      for (Index count = 0; count <= sizes[0]; ++count) {
        BOOST_TEST((array.head(count).slices<std::uint32_t>() == slices.topRows(count)));
        BOOST_TEST((array.head(count).order() == order));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stack_has_its_slices_along_the_first_axis) {
  std::vector<State> states;
  std::vector<Energies> energies;
  for (unsigned seed = 0; seed < 4; ++seed) {
    states.push_back(random_matrix<double>(3, 2, seed));
    energies.emplace_back(states.back().colwise().sum());
  }
  const Array path = Array::stack(states);
  BOOST_TEST(path.sizes() == (std::vector<Index>{4, 3, 2}));
  for (Index t = 0; t < 4; ++t) {
    for (Index i = 0; i < 3; ++i) {
      for (Index b = 0; b < 2; ++b) {
        BOOST_TEST(path.values<double>()[static_cast<std::size_t>((t * 3 + i) * 2 + b)] ==
                   states[static_cast<std::size_t>(t)](i, b));
      }
    }
  }
  const Array energy = Array::stack(energies);
  BOOST_TEST(energy.sizes() == (std::vector<Index>{4, 2}));
  BOOST_TEST((energy.matrix().row(3) == energies[3]));
  states[2].resize(3, 1);
  CHECK_MESSAGE_OF(ShapeError, Array::stack(states), "slice 2", "3 × 1", "3 × 2");
  BOOST_CHECK_THROW(Array::stack(std::vector<State>{}), ShapeError);
}

BOOST_AUTO_TEST_CASE(integers_pass_up_to_the_significand_and_no_further) {
  const std::int64_t most = std::int64_t{1} << 53;
  BOOST_TEST(Array::from(most).matrix()(0, 0) == std::ldexp(1.0, 53));
  BOOST_TEST(Array::from(-most).matrix()(0, 0) == -std::ldexp(1.0, 53));
  CHECK_MESSAGE_OF(ValueError, Array::from(most + 1).matrix(), "element 0", "int64", "9007199254740993", "float64");
  BOOST_CHECK_THROW(Array::from(-most - 1).matrix(), ValueError);
  BOOST_CHECK_THROW(Array::from(std::numeric_limits<std::int64_t>::min()).matrix(), ValueError);
  BOOST_CHECK_THROW(Array::from(std::numeric_limits<std::uint64_t>::max()).matrix(), ValueError);
  BOOST_TEST(Array::from(std::int32_t{1 << 24}).matrix<float>()(0, 0) == 16777216.0F);
  BOOST_CHECK_THROW(Array::from(std::int32_t{(1 << 24) + 1}).matrix<float>(), ValueError);
}

BOOST_AUTO_TEST_CASE(a_number_that_the_type_cannot_hold_is_refused) {
  const double huge = std::ldexp(1.0, 63);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  BOOST_TEST(Array::from(-huge).matrix<std::int64_t>()(0, 0) == std::numeric_limits<std::int64_t>::min());
  BOOST_TEST(Array::from(huge).matrix<std::uint64_t>()(0, 0) == std::uint64_t{1} << 63);
  for (const double wrong : {huge, nan, infinity, -infinity, 0.5, std::nextafter(-huge, -infinity)}) {
    BOOST_CHECK_THROW(Array::from(wrong).matrix<std::int64_t>(), ValueError);
  }
  for (const double wrong : {2 * huge, -1.0, -0.5, nan}) {
    BOOST_CHECK_THROW(Array::from(wrong).matrix<std::uint64_t>(), ValueError);
  }
  BOOST_TEST(Array::from(255.0).matrix<std::uint8_t>()(0, 0) == 255);
  BOOST_CHECK_THROW(Array::from(256.0).matrix<std::uint8_t>(), ValueError);
  BOOST_TEST(Array::from(-128).matrix<std::int8_t>()(0, 0) == -128);
  BOOST_CHECK_THROW(Array::from(-129).matrix<std::int8_t>(), ValueError);
  BOOST_CHECK_THROW(Array::from(-1).matrix<std::uint64_t>(), ValueError);
  BOOST_TEST(Array::from(1.0).matrix<bool>()(0, 0));
  BOOST_CHECK_THROW(Array::from(2).matrix<bool>(), ValueError);
  BOOST_TEST(Array::from(0.1).matrix<float>()(0, 0) == 0.1F);
  BOOST_CHECK_THROW(Array::from(1e39).matrix<float>(), ValueError);
  BOOST_TEST(std::isnan(Array::from(nan).matrix<float>()(0, 0)));
  BOOST_TEST(std::isinf(Array::from(infinity).matrix<float>()(0, 0)));
}

BOOST_AUTO_TEST_CASE(what_has_the_wrong_shape_or_type_is_refused) {
  const Array cube(Element::Float32, {2, 3, 4});
  CHECK_MESSAGE_OF(ShapeError, cube.matrix(), "float32 2 × 3 × 4", "3 axes");
  CHECK_MESSAGE_OF(ValueError, cube.values<double>(), "float32", "float64");
  CHECK_MESSAGE_OF(ShapeError, cube.head(3), "2 × 3 × 4", "3");
  BOOST_CHECK_THROW(cube.head(-1), ShapeError);
  BOOST_CHECK_THROW(Array::from(1.0).slices(), ShapeError);
  BOOST_CHECK_THROW(Array::from(1.0).head(0), ShapeError);
  CHECK_MESSAGE_OF(ValueError, Array(Element::Int8, {2, -1}), "-1");
  const Index half = Index{1} << 32;
  CHECK_MESSAGE_OF(ValueError, Array(Element::Int8, {half, half}), "4294967296 × 4294967296");
  BOOST_CHECK_THROW(Array(Element::Float64, {Index{1} << 60}), ValueError);
  BOOST_CHECK_THROW(Array(Element::Int8, {0, half, half}), ValueError);
  BOOST_CHECK_THROW(Array(Element::Int8, {half, half, 0}), ValueError);
  CHECK_MESSAGE_OF(ShapeError, Array(Element::Int16, {3}, Order::C, std::vector<std::byte>(5)), "int16 3", "6", "5");
  CHECK_MESSAGE_OF(ValueError, Array(Element::Bool, {2}, Order::C, {std::byte{1}, std::byte{2}}), "element 1", "is 2");
}

BOOST_AUTO_TEST_SUITE_END()
