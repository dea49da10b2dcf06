// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/core/shape.hpp>

#include <boost/test/unit_test.hpp>

#include "laws/throws.hpp"

using hamlet::Shape;

BOOST_AUTO_TEST_SUITE(shape)

BOOST_AUTO_TEST_CASE(size_is_the_product_and_text_shows_it) {
  BOOST_TEST(Shape{784}.text() == "784");
  BOOST_TEST((Shape{3, 28, 28}).text() == "3 × 28 × 28 = 2352");
  BOOST_TEST((Shape{3, 28, 28}).size() == 2352);
  BOOST_TEST((Shape{3, 28, 28}[1]) == 28);
}

BOOST_AUTO_TEST_CASE(sizes_that_mean_nothing_are_refused) {
  BOOST_CHECK_THROW(Shape({}), hamlet::ValueError);
  BOOST_TEST(hamlet::laws::message<hamlet::ValueError>([] {
               Shape{3, 0};
             }) == "a shape is 3 × 0: every size must be positive");
  BOOST_CHECK_THROW((Shape{-1}), hamlet::ValueError);
  BOOST_CHECK_THROW((Shape{1L << 40, 1L << 40}), hamlet::ValueError);
  BOOST_CHECK_THROW((Shape{3}[1]), hamlet::ValueError);
}

BOOST_AUTO_TEST_SUITE_END()
