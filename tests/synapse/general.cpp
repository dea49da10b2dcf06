// SPDX-License-Identifier: MIT
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/general.hpp>

#include <boost/test/unit_test.hpp>

#include <array>

#include "laws/energies.hpp"
#include "laws/random.hpp"

using namespace hamlet;
using laws::Bilinear, laws::LogQuadratic, laws::Threefold;

namespace {

struct OfOne {
  template <class T>
  T operator()(const Vector<T>& g) const {
    return g[0] * g[0];
  }
};
struct OfSix {
  template <class T>
  T operator()(const Vector<T>& a, const Vector<T>& b, const Vector<T>& c, const Vector<T>& d, const Vector<T>& e,
               const Vector<T>& f) const {
    return a[0] * b[0] * c[0] * d[0] * e[0] * f[0];
  }
};
struct OfAnyNumber {
  template <class T, class... Others>
  T operator()(const Vector<T>& g, const Others&...) const {
    return g[0];
  }
};
struct OfDoubles {
  double operator()(const Vector<double>& g) const { return g[0]; }
};
struct OfANumber {
  double operator()(double) const { return 0; }
};

static_assert(energy_arity<OfOne> == 1);
static_assert(energy_arity<LogQuadratic> == 2);
static_assert(energy_arity<Threefold> == 3);
static_assert(energy_arity<OfSix> == 6);
static_assert(energy_arity<OfAnyNumber> == 0);
static_assert(energy_arity<OfDoubles> == 0);
static_assert(energy_arity<OfANumber> == 0);

}  // namespace

BOOST_AUTO_TEST_SUITE(general)

BOOST_AUTO_TEST_CASE(a_bilinear_energy_is_a_dense_synapse) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const State weights = laws::normal(4, 6, random), g_a = laws::normal(6, 3, random),
                g_b = laws::normal(4, 3, random);
    const std::vector<ConstView> activations{view(g_a), view(g_b)};
    std::array<std::vector<State>, 2> currents;
    std::array<Energies, 2> energies;
    std::size_t which = 0;
    for (const Synapse& synapse : {Synapse{Dense{weights}}, Synapse{General{Bilinear{weights}}}}) {
      currents[which] = {State::Zero(6, 3), State::Zero(4, 3)};
      energies[which].resize(3);
      std::vector<View> into{view(currents[which][0]), view(currents[which][1])};
      synapse.apply(activations, into, energies[which]);
      ++which;
    }
    BOOST_TEST(laws::distance(energies[0], energies[1]) < 1e-14);
    BOOST_TEST(laws::distance(currents[0][0], currents[1][0]) < 1e-14);
    BOOST_TEST(laws::distance(currents[0][1], currents[1][1]) < 1e-14);
  }
}

BOOST_AUTO_TEST_CASE(what_the_energy_says_of_itself_is_passed_on) {
  const Synapse bilinear = General{Bilinear{State::Ones(2, 3)}}, plain = General{LogQuadratic{}};
  const std::vector<Shape> fitting{{3}, {2}}, other{{3}, {3}}, three{{1}, {1}, {1}};
  BOOST_TEST(bilinear.name() == "Bilinear");
  BOOST_TEST(bilinear.parameters() == 6);
  BOOST_TEST(bilinear.linear_in(0));
  BOOST_TEST(bilinear.misfit(fitting) == "");
  BOOST_TEST(bilinear.misfit(other) == "its weights do not fit");
  BOOST_TEST(plain.name() == "General");
  BOOST_TEST(plain.parameters() == 0);
  BOOST_TEST(!plain.linear_in(1));
  BOOST_TEST(plain.misfit(three) == "its energy is a function of 2 activations, not 3");
}

BOOST_AUTO_TEST_SUITE_END()
