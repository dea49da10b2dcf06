// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/average_pooling.hpp>
#include <hamlet/synapse/convolution.hpp>

#include <boost/test/unit_test.hpp>

#include "laws/throws.hpp"
#include "synapse/windows.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

constexpr Index samples = 3;

/// The same map as a convolution: a kernel for each channel that sees this channel alone, 1/places everywhere.
Convolution as_convolution(const Window& window) {
  const Index C = window.over[0], places = window.size.size();
  State kernels = State::Zero(C, C * places);
  for (Index c = 0; c < C; ++c) {
    for (Index place = 0; place < places; ++place) kernels(c, place * C + c) = 1.0 / static_cast<double>(places);
  }
  return Convolution{kernels, window};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(average_pooling)

BOOST_AUTO_TEST_CASE(it_is_the_convolution_with_equal_weights) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Window& window : windows()) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << window.over << ", " << window.text()) {
        const AveragePooling pooling{window};
        const Convolution convolution = as_convolution(window);
        BOOST_TEST(pooling.output() == convolution.output());
        const State g_a = laws::normal(window.over.size(), samples, random),
                    g_b = laws::normal(pooling.output().size(), samples, random);
        const Applied pooled(pooling, g_a, g_b), convolved(convolution, g_a, g_b);
        BOOST_TEST(laws::distance(pooled.into_b, convolved.into_b) < 1e-13);
        BOOST_TEST(laws::distance(pooled.into_a, convolved.into_a) < 1e-13);
        BOOST_TEST(laws::distance(pooled.energies, convolved.energies, 1.0) < 1e-13);
      }
    }
  }
}

// ⟨y, P x⟩ = ⟨Pᵀ y, x⟩
BOOST_AUTO_TEST_CASE(the_current_back_is_the_adjoint) {
  laws::Random random(4);
  for (const Window& window : windows()) {
    const AveragePooling pooling{window};
    const State x = laws::normal(window.over.size(), samples, random),
                y = laws::normal(pooling.output().size(), samples, random);
    const Applied applied(pooling, x, y);
    const Energies there = y.cwiseProduct(applied.into_b).colwise().sum(),
                   back = applied.into_a.cwiseProduct(x).colwise().sum();
    const Energies size = y.colwise().norm().cwiseProduct(applied.into_b.colwise().norm());
    BOOST_TEST(((there - back).array().abs() <= 1e-13 * size.array()).all());
  }
}

BOOST_AUTO_TEST_CASE(on_a_circle_it_is_shift_equivariant_exactly) {
  laws::Random random(5);
  for (const Window& window : windows()) {
    if (!window.circular) continue;
    BOOST_TEST_CONTEXT(window.over << ", " << window.text()) {
      const AveragePooling pooling{window};
      const Shape &a = window.over, &b = pooling.output();
      const State g_a = laws::normal(a.size(), samples, random), g_b = laws::normal(b.size(), samples, random);
      const Applied before(pooling, g_a, g_b);
      for (const auto& [x, y] : {std::pair<Index, Index>{1, 0}, {0, 1}, {3, 2}}) {
        const Applied after(pooling, turned(a, g_a, window.stride * x, window.stride * y), turned(b, g_b, x, y));
        BOOST_TEST((after.into_b.array() == turned(b, before.into_b, x, y).array()).all());
        BOOST_TEST(
            (after.into_a.array() == turned(a, before.into_a, window.stride * x, window.stride * y).array()).all());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(it_names_itself_and_what_it_does_not_fit) {
  const AveragePooling pooling{{.over = {16, 14, 14}, .size = {2, 2}, .stride = 2}};
  BOOST_TEST(pooling.output() == (Shape{16, 7, 7}));
  BOOST_TEST(pooling.name() == "AveragePooling(2 × 2, stride 2)");
  BOOST_TEST(Synapse{pooling}.parameters() == 0);
  const std::vector<Shape> second{{16, 14, 14}, {8, 7, 7}};
  BOOST_TEST(pooling.misfit(second) == "it needs a second layer of 16 × 7 × 7 = 784");
  BOOST_TEST(names(message<ShapeError>([] {
                     AveragePooling{{.over = {16, 3, 3}, .size = {4, 4}, .stride = 4}};
                   }),
                   {"4 × 4", "16 × 3 × 3", "4 positions", "has 3"}));
  BOOST_TEST(names(message<ValueError>([] {
                     AveragePooling{{.over = {16, 3, 3}, .size = {2, 2}, .stride = 0}};
                   }),
                   {"stride", "0"}));
}

BOOST_AUTO_TEST_SUITE_END()
