// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/general.hpp>
#include <hamlet/synapse/multilinear.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <limits>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message;

namespace {

/// The energy written once more, weight by weight, for any scalar.
struct OfThree {
  std::array<Index, 3> n;
  Vector<double> weights;

  template <class T>
  T operator()(const Vector<T>& g_a, const Vector<T>& g_b, const Vector<T>& g_c) const {
    T energy(0.0);
    for (Index i = 0; i < n[0]; ++i) {
      for (Index j = 0; j < n[1]; ++j) {
        for (Index k = 0; k < n[2]; ++k) energy -= weights[i + n[0] * (j + n[1] * k)] * g_a[i] * g_b[j] * g_c[k];
      }
    }
    return energy;
  }
};

struct OfFour {
  std::array<Index, 4> n;
  Vector<double> weights;

  template <class T>
  T operator()(const Vector<T>& g_a, const Vector<T>& g_b, const Vector<T>& g_c, const Vector<T>& g_d) const {
    T energy(0.0);
    for (Index l = 0; l < n[3]; ++l) {
      const OfThree slice{{n[0], n[1], n[2]}, weights.segment(n[0] * n[1] * n[2] * l, n[0] * n[1] * n[2])};
      energy += slice(g_a, g_b, g_c) * g_d[l];
    }
    return energy;
  }
};

/// Whether two synapses give the same energies and, each asked for alone and all together, the same currents.
void compare(const Synapse& synapse, const Synapse& other, const std::vector<Index>& sizes, laws::Random& random) {
  std::vector<State> g, before;
  std::vector<ConstView> activations;
  for (const Index size : sizes) {
    g.push_back(laws::normal(size, 3, random));
    before.push_back(laws::normal(size, 3, random));
  }
  for (const State& part : g) activations.push_back(view(part));
  for (unsigned wanted = 0; wanted < 1u << sizes.size(); ++wanted) {
    std::array<std::vector<State>, 2> currents{before, before};
    std::array<Energies, 2> energies{Energies(3), Energies(3)};
    for (const std::size_t which : {0u, 1u}) {
      std::vector<View> into;
      for (std::size_t slot = 0; slot < sizes.size(); ++slot) {
        State& current = currents[which][slot];
        into.emplace_back((wanted >> slot & 1u) != 0 ? current.data() : nullptr, current.rows(), 3,
                          Eigen::OuterStride<>(current.rows()));
      }
      (which == 0 ? synapse : other).apply(activations, into, energies[which]);
    }
    BOOST_TEST(laws::distance(energies[0], energies[1]) < 1e-13);
    for (std::size_t slot = 0; slot < sizes.size(); ++slot) {
      BOOST_TEST(laws::distance(currents[0][slot], currents[1][slot]) < 1e-13);
    }
  }
}

std::string misfit(const Multilinear& multilinear, std::vector<Shape> shapes) { return multilinear.misfit(shapes); }

}  // namespace

BOOST_AUTO_TEST_SUITE(multilinear)

BOOST_AUTO_TEST_CASE(between_two_layers_it_is_dense) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const State xi = laws::normal(5, 7, random);
    const State by_first = xi.transpose();
    compare(Multilinear{{7, 5}, by_first.reshaped()}, Dense{xi}, {7, 5}, random);
  }
}

BOOST_AUTO_TEST_CASE(energy_and_currents_are_those_of_the_tape) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const auto& n : {std::array<Index, 3>{3, 4, 5}, {1, 6, 2}, {4, 1, 1}}) {
      const Vector<double> weights = laws::normal(n[0] * n[1] * n[2], 1, random);
      compare(Multilinear{{n[0], n[1], n[2]}, weights}, General{OfThree{n, weights}}, {n.begin(), n.end()}, random);
    }
    for (const auto& n : {std::array<Index, 4>{3, 2, 4, 2}, {1, 3, 1, 5}}) {
      const Vector<double> weights = laws::normal(n[0] * n[1] * n[2] * n[3], 1, random);
      compare(Multilinear{{n[0], n[1], n[2], n[3]}, weights}, General{OfFour{n, weights}}, {n.begin(), n.end()},
              random);
    }
  }
}

// At h = I + u the full network has the energy and the flow of the effective one, whichever slot the layer fills.
BOOST_AUTO_TEST_CASE(a_layer_it_joins_can_be_integrated_out) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const Index n_a = 4, n_b = 3, n_c = 5;
    const Vector<double> weights = laws::normal(n_a * n_b * n_c, 1, random);
    Network net;
    const std::vector<LayerHandle> layers{net.add({.name = "a", .shape = {n_a}, .lagrangian = LogCosh{}}),
                                          net.add({.name = "b", .shape = {n_b}, .lagrangian = LayerNorm{}}),
                                          net.add({.name = "c", .shape = {n_c}, .lagrangian = LogSumExp{.beta = 2}})};
    net.connect(layers, Multilinear{{n_a, n_b, n_c}, weights});
    for (const LayerHandle hidden : layers) {
      const Vector<double> input = laws::normal(net.layer(hidden).shape.size(), 1, random);
      Flow full{net};
      full.input(hidden) = input;
      State x = laws::normal(net.size(), 1, random);
      // u, weight by weight
      const State all = full.activations(x);
      const State g_a = net.block(all, layers[0]), g_b = net.block(all, layers[1]), g_c = net.block(all, layers[2]);
      Vector<double> h = input;
      for (Index i = 0; i < n_a; ++i) {
        for (Index j = 0; j < n_b; ++j) {
          for (Index k = 0; k < n_c; ++k) {
            const double weight = weights[i + n_a * (j + n_b * k)];
            if (hidden == layers[0]) h[i] += weight * g_b(j) * g_c(k);
            if (hidden == layers[1]) h[j] += weight * g_a(i) * g_c(k);
            if (hidden == layers[2]) h[k] += weight * g_a(i) * g_b(j);
          }
        }
      }
      net.block(x, hidden) = h;
      const Network effective = eliminate(net, hidden, input);
      Flow reduced{effective};
      State rest = effective.zeros(), derivative, of_rest;
      for (const LayerHandle layer : effective.layers()) effective.block(rest, layer) = net.block(x, layer);
      full(x, derivative, 0);
      reduced(rest, of_rest, 0);
      BOOST_TEST(laws::distance(full.energy(x), reduced.energy(rest)) < 1e-13);
      BOOST_TEST(net.block(derivative, hidden).cwiseAbs().maxCoeff() < 1e-13);
      for (const LayerHandle layer : effective.layers()) {
        BOOST_TEST(laws::distance(net.block(derivative, layer), effective.block(of_rest, layer)) < 1e-13);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(weights_that_mean_nothing_are_refused) {
  const auto refused = [](const Shape& sizes, const Vector<double>& weights) {
    return message<hamlet::Error>([&] { Multilinear{sizes, weights}; });
  };
  Vector<double> weights = Vector<double>::Ones(60);
  BOOST_TEST(refused({3, 4, 5}, weights.head(59)) == "Multilinear(3 × 4 × 5) has 59 weights, not 60");
  BOOST_TEST(refused({3, 4, 5}, {}) == "Multilinear(3 × 4 × 5) has 0 weights, not 60");
  BOOST_TEST(refused({60}, weights) == "Multilinear(60): it joins two layers or more, not 1");
  weights[2 + 3 * (1 + 4 * 3)] = std::nan("");
  BOOST_TEST(refused({3, 4, 5}, weights) ==
             "weight (2, 1, 3) of Multilinear(3 × 4 × 5) is nan: weights must be finite");
  weights[0] = -std::numeric_limits<double>::infinity();
  BOOST_TEST(refused({3, 4, 5}, weights) ==
             "weight (0, 0, 0) of Multilinear(3 × 4 × 5) is -inf: weights must be finite");
}

BOOST_AUTO_TEST_CASE(the_slots_that_do_not_fit_are_named) {
  const Multilinear multilinear{{3, 4, 5}, Vector<double>::Ones(60)};
  BOOST_TEST(misfit(multilinear, {{3}, {2, 2}, {5, 1}}) == "");
  BOOST_TEST(misfit(multilinear, {{3}, {6}, {5}}) == "the 4 of slot 1 are not the 6 neurons of its layer");
  BOOST_TEST(misfit(multilinear, {{5}, {4}, {3}}) ==
             "the 3 of slot 0 are not the 5 neurons of its layer, the 5 of slot 2 are not the 3 neurons of its layer");
  BOOST_TEST(misfit(multilinear, {{3}, {20}}) == "it joins 3 layers, not 2");
}

BOOST_AUTO_TEST_CASE(copies_share_the_weights) {
  const Multilinear multilinear{{3, 4, 5}, Vector<double>::Ones(60)};
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): the copy is what is tested
  const Multilinear copy = multilinear;
  BOOST_TEST(copy.weights().data() == multilinear.weights().data());
  BOOST_TEST(Synapse{multilinear}.parameters() == 60);
  BOOST_TEST(Synapse{multilinear}.name() == "Multilinear(3 × 4 × 5)");
}

// Neither products of norms nor squares of weights overflow before the energy does.
BOOST_AUTO_TEST_CASE(the_rounding_of_large_weights_is_finite) {
  const Multilinear multilinear{{2, 2, 2}, Vector<double>::Constant(8, 1e200)};
  const State g = State::Ones(2, 1);
  Energies bound(1);
  multilinear.rounding(std::vector<ConstView>{view(g), view(g), view(g)}, bound);
  BOOST_TEST(bound[0] > 0);
  BOOST_TEST(bound[0] < 1e188);
}

BOOST_AUTO_TEST_SUITE_END()
