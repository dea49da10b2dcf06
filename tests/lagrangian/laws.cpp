// SPDX-License-Identifier: MIT
// Laws that hold for every Lagrangian of the catalogue, at random parameters and states.
#include "lagrangian/catalogue_instances.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <utility>

using namespace hamlet;

namespace {

constexpr Index neurons = 6;
constexpr Index samples = 5;

// Unlike a norm it neither overflows nor vanishes.
double largest_of(const State& x) { return x.cwiseAbs().maxCoeff(); }

// Whether it is a soft maximum, whose g sums to 1.
bool is_max(const CatalogueInstance& instance) {
  const auto has = [&](const char* part) { return instance.name().find(part) != std::string::npos; };
  return has("LogSumExp") || has("max") || has("MaxPooling");
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
    const State g = instance.lagrangian.activation(x);
    const State h = instance.lagrangian.hessian_product(x, u);
    BOOST_TEST((g - derived.activation(x)).norm() <= 1e-12 * g.norm());
    BOOST_TEST((h - derived.hessian_product(x, u)).norm() <= 1e-12 * h.norm());
  });
}

BOOST_AUTO_TEST_CASE(the_activation_is_the_slope_of_the_value) {
  for_every_instance([](const CatalogueInstance& instance, std::mt19937_64& random) {
    const State x = random_state(neurons, samples, instance.scale, random);
    const State g = instance.lagrangian.activation(x);
    const double step = 1e-5 * instance.scale;
    for (Index i = 0; i < neurons; ++i) {
      State above = x, below = x;
      above.row(i).array() += step;
      below.row(i).array() -= step;
      const Energies slope = (instance.lagrangian.value(above) - instance.lagrangian.value(below)) / (2 * step);
      BOOST_TEST((slope - g.row(i)).cwiseAbs().maxCoeff() <= 1e-7 * (1 + g.cwiseAbs().maxCoeff()));
    }
  });
}

BOOST_AUTO_TEST_CASE(the_hessian_is_symmetric_and_positive_semidefinite_where_convex) {
  for_every_instance([](const CatalogueInstance& instance, std::mt19937_64& random) {
    const State x = random_state(neurons, samples, instance.scale, random);
    const State u = random_state(neurons, samples, 1, random);
    const State v = random_state(neurons, samples, 1, random);
    const State hu = instance.lagrangian.hessian_product(x, u);
    const State hv = instance.lagrangian.hessian_product(x, v);
    for (Index j = 0; j < samples; ++j) {
      const double tolerance = 1e-13 * (hu.col(j).norm() * v.col(j).norm() + hv.col(j).norm() * u.col(j).norm());
      BOOST_TEST(std::abs(u.col(j).dot(hv.col(j)) - v.col(j).dot(hu.col(j))) <= tolerance);
      if (instance.convex) BOOST_TEST(u.col(j).dot(hu.col(j)) >= -tolerance);
    }
  });
}

BOOST_AUTO_TEST_CASE(the_activation_is_monotone_where_convex) {
  for_every_instance([](const CatalogueInstance& instance, std::mt19937_64& random) {
    if (!instance.convex) return;
    const State x = random_state(neurons, 50, instance.scale, random);
    const State y = random_state(neurons, 50, instance.scale, random);
    const State gx = instance.lagrangian.activation(x), gy = instance.lagrangian.activation(y);
    // (x − y)·(g(x) − g(y)) ≥ 0, and L lies above its tangents: L(y) ≥ L(x) + g(x)·(y − x)
    const Energies monotone = (x - y).cwiseProduct(gx - gy).colwise().sum();
    const Energies above =
        instance.lagrangian.value(y) - instance.lagrangian.value(x) - gx.cwiseProduct(y - x).colwise().sum();
    const double size = 1 + x.cwiseProduct(gx).cwiseAbs().maxCoeff() + y.cwiseProduct(gy).cwiseAbs().maxCoeff();
    BOOST_TEST(monotone.minCoeff() >= -1e-13 * size);
    BOOST_TEST(above.minCoeff() >= -1e-13 * size);
  });
}

BOOST_AUTO_TEST_CASE(finite_and_right_at_every_finite_state_the_mathematics_allows) {
  for_every_instance([](const CatalogueInstance& instance, std::mt19937_64& random) {
    const Lagrangian derived = instance.lagrangian.derived().value();
    // A bounded g makes L grow like ‖x‖; the others overflow where their powers do.
    const bool exponential = instance.name() == "Exponential";
    const double largest = instance.bounded ? 300 : exponential ? 2.8 : 60;
    const State u = random_state(neurons, samples, 1, random);
    // Where one of a softmax dominates, its derived Hessian is what is left of terms of size β.
    const double terms = is_max(instance) ? 1 / instance.scale : 0;
    std::uniform_real_distribution<double> uniform(-1, 1);
    for (double exponent = -300; exponent <= 300; exponent += 10) {
      const double size = std::pow(10, std::min(exponent, largest));
      const State alike = State::NullaryExpr(neurons, samples, [&] { return size * uniform(random); });
      const State mixed = State::NullaryExpr(neurons, samples, [&] {
        return std::pow(10, std::min(300 * uniform(random), largest)) * (uniform(random) < 0 ? -1 : 1);
      });
      const State equal = State::Constant(neurons, samples, -size);
      for (const State& x : {alike, mixed, equal}) {
        BOOST_TEST_CONTEXT("sizes around " << size) {
          BOOST_TEST(instance.lagrangian.value(x).allFinite());
          const State g = instance.lagrangian.activation(x), h = instance.lagrangian.hessian_product(x, u);
          BOOST_TEST(g.allFinite());
          BOOST_TEST(h.allFinite());
          BOOST_TEST(largest_of(g - derived.activation(x)) <= 1e-12 * largest_of(g));
          BOOST_TEST(largest_of(h - derived.hessian_product(x, u)) <= 1e-12 * (largest_of(h) + terms));
          const Energies bound = instance.lagrangian.rounding(x);
          BOOST_TEST(bound.allFinite());
          BOOST_TEST(bound.minCoeff() >= 0);
        }
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(null_directions) {
  for_every_instance([](const CatalogueInstance& instance, std::mt19937_64& random) {
    const State x = random_state(neurons, samples, instance.scale, random);
    const double size = instance.lagrangian.hessian_product(x, random_state(neurons, samples, 1, random)).norm();
    if (is_max(instance) || instance.name().find("LayerNorm") != std::string::npos)
      BOOST_TEST(instance.lagrangian.hessian_product(x, State::Ones(neurons, samples)).norm() <= 1e-14 * (1 + size));
    if (instance.name().starts_with("Norm") && instance.name().ends_with("epsilon = 0)"))
      BOOST_TEST(instance.lagrangian.hessian_product(x, x).norm() <= 1e-14 * (1 + size));
  });
}

BOOST_AUTO_TEST_CASE(batch_columns_equal_single_columns_exactly) {
  for_every_instance([](const CatalogueInstance& instance, std::mt19937_64& random) {
    const State x = random_state(neurons, samples, instance.scale, random);
    const State g = instance.lagrangian.activation(x);
    const Energies values = instance.lagrangian.value(x);
    for (Index j = 0; j < samples; ++j) {
      BOOST_TEST((instance.lagrangian.activation(x.col(j)) - g.col(j)).cwiseAbs().maxCoeff() == 0);
      BOOST_TEST(instance.lagrangian.value(x.col(j))[0] == values[j]);
    }
    // A layer's rows within a larger state: the columns are a stride apart.
    State larger = random_state(3 * neurons, samples, 1, random), larger_g = larger;
    larger.middleRows(neurons, neurons) = x;
    instance.lagrangian.activation(rows(std::as_const(larger), neurons, neurons), rows(larger_g, neurons, neurons));
    BOOST_TEST((larger_g.middleRows(neurons, neurons) - g).cwiseAbs().maxCoeff() == 0);
    Energies strided(samples);
    instance.lagrangian.value(rows(std::as_const(larger), neurons, neurons), strided);
    BOOST_TEST((strided - values).cwiseAbs().maxCoeff() == 0);
  });
}

BOOST_AUTO_TEST_SUITE_END()
