// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/convolution.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>

#include "laws/throws.hpp"
#include "synapse/windows.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

constexpr Index K = 5, samples = 3;

/// Every window with random kernels.
template <class Law>
void for_every_convolution(const Law& law) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Window& window : windows()) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << window.over << ", " << window.text()) {
        law(Convolution{laws::normal(K, window.over[0] * window.size.size(), random), window}, random);
      }
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(convolution)

// (K ∗ g)_kp = Σ_tc K_ktc g_c,seen(p, t), term by term
BOOST_AUTO_TEST_CASE(the_current_is_the_sum_over_the_window) {
  for_every_convolution([](const Convolution& convolution, laws::Random& random) {
    const Window& window = convolution.window();
    const Shape& b = convolution.output();
    const State g_a = laws::normal(window.over.size(), samples, random), g_b = laws::normal(b.size(), samples, random);
    State expected = State::Zero(b.size(), samples);
    for (Index of_b = 0; of_b < b.size(); ++of_b) {
      const Place p = place_of(b, of_b);
      for (Index column = 0; column < convolution.kernels().cols(); ++column) {
        const Index place = column / window.over[0];
        Place from{column % window.over[0], 0, 0};
        if (!seen(window, p.x, p.y, place % window.size[0], place / window.size[0], from)) continue;
        expected.row(of_b) += convolution.kernels()(p.channel, column) * g_a.row(neuron(window.over, from));
      }
    }
    const Applied applied(convolution, g_a, g_b);
    BOOST_TEST(laws::distance(applied.into_b, expected) < 1e-13);
    BOOST_TEST(laws::distance(applied.energies, -expected.cwiseProduct(g_b).colwise().sum(), 1.0) < 1e-13);
  });
}

// ⟨y, K ∗ x⟩ = ⟨Kᵀ y, x⟩
BOOST_AUTO_TEST_CASE(the_current_back_is_the_adjoint) {
  for_every_convolution([](const Convolution& convolution, laws::Random& random) {
    const State x = laws::normal(convolution.window().over.size(), samples, random),
                y = laws::normal(convolution.output().size(), samples, random);
    const Applied applied(convolution, x, y);
    const Energies there = y.cwiseProduct(applied.into_b).colwise().sum(),
                   back = applied.into_a.cwiseProduct(x).colwise().sum();
    const Energies size = y.colwise().norm().cwiseProduct(applied.into_b.colwise().norm());
    BOOST_TEST(((there - back).array().abs() <= 1e-13 * size.array()).all());
  });
}

// On a circle, what is turned comes out turned, to the last bit, whatever the sizes.
BOOST_AUTO_TEST_CASE(on_a_circle_it_is_shift_equivariant_exactly) {
  laws::Random random(4);
  // Sixteen kernels and odd numbers of positions: there Eigen multiplies the last columns of a matrix in another way.
  constexpr Index many = 16;
  std::vector<Window> circles{
      {{1, 90, 70}, {5, 5}, 1, 2, 1, true}, {{4, 31, 33}, {7, 3}, 1, 3, 1, true}, {{2, 5, 9}, {3, 3}, 1, 1, 1, true}};
  for (const Window& window : windows()) {
    if (window.circular) circles.push_back(window);
  }
  for (const Window& window : circles) {
    BOOST_TEST_CONTEXT(window.over << ", " << window.text()) {
      const Convolution convolution{laws::normal(many, window.over[0] * window.size.size(), random), window};
      const Shape &a = window.over, &b = convolution.output();
      const State g_a = laws::normal(a.size(), samples, random), g_b = laws::normal(b.size(), samples, random);
      const Applied before(convolution, g_a, g_b);
      for (const auto& [x, y] : {std::pair<Index, Index>{1, 0}, {0, 1}, {3, 2}}) {
        const Applied after(convolution, turned(a, g_a, window.stride * x, window.stride * y), turned(b, g_b, x, y));
        BOOST_TEST((after.into_b.array() == turned(b, before.into_b, x, y).array()).all());
        BOOST_TEST(
            (after.into_a.array() == turned(a, before.into_a, window.stride * x, window.stride * y).array()).all());
        BOOST_TEST(laws::distance(after.energies, before.energies, 1.0) < 1e-12);
      }
    }
  }
}

// Away from the border the same holds without a circle.
BOOST_AUTO_TEST_CASE(inside_it_is_shift_equivariant_exactly) {
  laws::Random random(5);
  const Window window{.over = {2, 40, 40}, .size = {5, 3}, .padding = 2};
  const Convolution convolution{laws::normal(K, 30, random), window};
  const Shape &a = window.over, &b = convolution.output();
  // Only positions that no window sees together with the border are active.
  State g_a = laws::normal(a.size(), samples, random), g_b = State::Zero(b.size(), samples);
  for (Index i = 0; i < a.size(); ++i) {
    const Place p = place_of(a, i);
    if (p.x < 8 || p.x >= 30 || p.y < 8 || p.y >= 30) g_a.row(i).setZero();
  }
  const State before = Applied(convolution, g_a, g_b).into_b;
  const State after = Applied(convolution, turned(a, g_a, 3, 1), g_b).into_b;
  BOOST_TEST((after.array() == turned(b, before, 3, 1).array()).all());
}

// What a sample gets does not depend on the others beside it.
BOOST_AUTO_TEST_CASE(a_batch_is_its_samples_exactly) {
  for_every_convolution([](const Convolution& convolution, laws::Random& random) {
    const State g_a = laws::normal(convolution.window().over.size(), 8, random),
                g_b = laws::normal(convolution.output().size(), 8, random);
    const Applied together(convolution, g_a, g_b);
    for (Index sample = 0; sample < 8; ++sample) {
      const Applied alone(convolution, g_a.col(sample), g_b.col(sample));
      BOOST_TEST((alone.into_a.array() == together.into_a.col(sample).array()).all());
      BOOST_TEST((alone.into_b.array() == together.into_b.col(sample).array()).all());
      BOOST_TEST(alone.energies[0] == together.energies[sample]);
    }
  });
}

BOOST_AUTO_TEST_CASE(the_layer_that_fits_is_known) {
  const Convolution plane{State::Ones(16, 75), {.over = {3, 28, 20}, .size = {5, 5}, .stride = 2, .padding = 1}};
  BOOST_TEST(plane.output() == (Shape{16, 13, 9}));
  BOOST_TEST(plane.name() == "Convolution(16 kernels of 3 × 5 × 5, stride 2, padding 1)");
  BOOST_TEST(Synapse{plane}.parameters() == 1200);
  const std::vector<Shape> fitting{{3, 28, 20}, {16, 13, 9}}, first{{28, 20, 3}, {16, 13, 9}},
      second{{3, 28, 20}, {16, 28, 20}}, one{{3, 28, 20}};
  BOOST_TEST(plane.misfit(fitting) == "");
  BOOST_TEST(plane.misfit(first) == "it slides over a first layer of 3 × 28 × 20 = 1680");
  BOOST_TEST(plane.misfit(second) == "it needs a second layer of 16 × 13 × 9 = 1872");
  BOOST_TEST(plane.misfit(one) == "it joins two layers, not 1");
  const Convolution line{State::Ones(2, 9), {.over = {3, 10}, .size = {3}, .dilation = 2, .circular = true}};
  BOOST_TEST(line.output() == (Shape{2, 10}));
  BOOST_TEST(line.name() == "Convolution(2 kernels of 3 × 3, dilation 2, circular)");
}

BOOST_AUTO_TEST_CASE(what_cannot_slide_is_refused_with_its_numbers) {
  const auto refusal = [](Index columns, const Window& window) {
    return message<Error>([&] { Convolution{State::Ones(2, columns), window}; });
  };
  BOOST_TEST(names(refusal(25, {.over = {1, 4, 9}, .size = {5, 5}}),
                   {"5 × 5 reaches over 5 positions", "1 × 4 × 9", "has 4"}));
  BOOST_TEST(names(refusal(9, {.over = {1, 4}, .size = {3}, .padding = 0, .dilation = 3}), {"7 positions", "has 4"}));
  BOOST_TEST(names(refusal(7, {.over = {1, 4}, .size = {7}, .padding = 1}), {"7 positions", "has 4 and its padding"}));
  BOOST_TEST(names(refusal(5, {.over = {1, 4}, .size = {5}, .padding = 2, .circular = true}), {"has 4 on its circle"}));
  BOOST_TEST(names(refusal(3, {.over = {1, 10}, .size = {3}, .stride = 4, .circular = true}), {"stride", "10"}));
  BOOST_TEST(names(refusal(9, {.over = {1, 4, 4}, .size = {3, 3}, .stride = 0}), {"stride", "0", "at least 1"}));
  BOOST_TEST(names(refusal(9, {.over = {1, 4, 4}, .size = {3, 3}, .padding = -1}), {"padding", "-1", "at least 0"}));
  BOOST_TEST(names(refusal(9, {.over = {1, 4, 4}, .size = {3, 3}, .dilation = 0}), {"dilation", "0", "at least 1"}));
  BOOST_TEST(
      names(refusal(9, {.over = {1, 4, 4}, .size = {3, 3}, .dilation = Index{1} << 62}), {"dilation", "at most"}));
  BOOST_TEST(names(refusal(9, {.over = {1, 4, 4}, .size = {3, 3}, .padding = Index{1} << 62}), {"padding", "at most"}));
  BOOST_TEST(
      names(refusal(9, {.over = {28, 28}, .size = {3, 3}}), {"3 × 3", "28 × 28", "channels and one or two axes"}));
  BOOST_TEST(names(refusal(3, {.over = {784}, .size = {3}}), {"window of 3", "784", "channels and one axis"}));
  BOOST_TEST(names(refusal(9, {.over = {2, 4, 4}, .size = {3, 3}}), {"9 weights", "2 channels of 9 places", "18"}));
  State kernels = State::Ones(2, 9);
  kernels(1, 7) = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(names(message<ValueError>([&] {
                     Convolution{kernels, {.over = {1, 4, 4}, .size = {3, 3}}};
                   }),
                   {"(1, 7)", "nan", "Convolution(2 kernels of 1 × 3 × 3)"}));
  BOOST_TEST(names(message<ValueError>([&] {
                     Convolution{State(0, 9), {.over = {1, 4, 4}, .size = {3, 3}}};
                   }),
                   {"Convolution(0 kernels", "no weights"}));
}

BOOST_AUTO_TEST_SUITE_END()
