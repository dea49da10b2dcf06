// SPDX-License-Identifier: MIT
// Laws that hold for every Lagrangian of the catalogue, at random parameters and states.
#include "lagrangian/catalogue_instances.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>

using namespace hamlet;

namespace {

constexpr Index neurons = 6;
constexpr Index samples = 5;

Energies value(const Lagrangian& L, const State& x) {
  Energies values(x.cols());
  L.value(view(x), values);
  return values;
}
State activation(const Lagrangian& L, const State& x) {
  State g(x.rows(), x.cols());
  L.activation(view(x), view(g));
  return g;
}
State hessian_product(const Lagrangian& L, const State& x, const State& u) {
  State product(x.rows(), x.cols());
  L.hessian_product(view(x), view(u), view(product));
  return product;
}

using Law = std::function<void(const CatalogueInstance&, std::mt19937_64&)>;

void for_every_instance(const Law& law) {
  for (const unsigned seed : {1u, 2u, 3u, 4u, 5u}) {
    std::mt19937_64 random(seed);
    for (const CatalogueInstance& instance : catalogue_instances(neurons, random)) {
      BOOST_TEST_CONTEXT(instance.name() << ", seed " << seed) law(instance, random);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue_laws)

BOOST_AUTO_TEST_CASE(closed_forms_equal_derived_ones) {
  for_every_instance([](const CatalogueInstance& instance, std::mt19937_64& random) {
    const Lagrangian derived = instance.lagrangian.derived().value();
    const State x = random_state(neurons, samples, instance.scale, random);
    const State u = random_state(neurons, samples, 1, random);
    const State g = activation(instance.lagrangian, x);
    const State h = hessian_product(instance.lagrangian, x, u);
    BOOST_TEST((g - activation(derived, x)).norm() <= 1e-12 * g.norm());
    BOOST_TEST((h - hessian_product(derived, x, u)).norm() <= 1e-12 * h.norm());
  });
}

BOOST_AUTO_TEST_CASE(the_activation_is_the_slope_of_the_value) {
  for_every_instance([](const CatalogueInstance& instance, std::mt19937_64& random) {
    const State x = random_state(neurons, samples, instance.scale, random);
    const State g = activation(instance.lagrangian, x);
    const double step = 1e-5 * instance.scale;
    for (Index i = 0; i < neurons; ++i) {
      State above = x, below = x;
      above.row(i).array() += step;
      below.row(i).array() -= step;
      const Energies slope = (value(instance.lagrangian, above) - value(instance.lagrangian, below)) / (2 * step);
      BOOST_TEST((slope - g.row(i)).cwiseAbs().maxCoeff() <= 1e-7 * (1 + g.cwiseAbs().maxCoeff()));
    }
  });
}

BOOST_AUTO_TEST_CASE(the_hessian_is_symmetric_and_positive_semidefinite_where_convex) {
  for_every_instance([](const CatalogueInstance& instance, std::mt19937_64& random) {
    const State x = random_state(neurons, samples, instance.scale, random);
    const State u = random_state(neurons, samples, 1, random);
    const State v = random_state(neurons, samples, 1, random);
    const State hu = hessian_product(instance.lagrangian, x, u);
    const State hv = hessian_product(instance.lagrangian, x, v);
    for (Index j = 0; j < samples; ++j) {
      const double tolerance = 1e-13 * (hu.col(j).norm() * v.col(j).norm() + hv.col(j).norm() * u.col(j).norm());
      BOOST_TEST(std::abs(u.col(j).dot(hv.col(j)) - v.col(j).dot(hu.col(j))) <= tolerance);
      if (instance.convex) BOOST_TEST(u.col(j).dot(hu.col(j)) >= -tolerance);
    }
  });
}

BOOST_AUTO_TEST_CASE(batch_columns_equal_single_columns_exactly) {
  for_every_instance([](const CatalogueInstance& instance, std::mt19937_64& random) {
    const State x = random_state(neurons, samples, instance.scale, random);
    const State g = activation(instance.lagrangian, x);
    const Energies values = value(instance.lagrangian, x);
    for (Index j = 0; j < samples; ++j) {
      BOOST_TEST((activation(instance.lagrangian, x.col(j)) - g.col(j)).cwiseAbs().maxCoeff() == 0);
      BOOST_TEST(value(instance.lagrangian, x.col(j))[0] == values[j]);
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()
