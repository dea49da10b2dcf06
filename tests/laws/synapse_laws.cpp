// SPDX-License-Identifier: MIT
// What every synapse must do, whatever its energy.
#include <boost/test/unit_test.hpp>

#include "laws/synapse_instances.hpp"

using namespace hamlet;

namespace {

/// Activations of all layers one below the other, so that each layer's view has a stride.
struct Joined {
  explicit Joined(const std::vector<Shape>& shapes) {
    for (const Shape& shape : shapes) {
      first.push_back(size);
      count.push_back(shape.size());
      size += shape.size();
    }
  }
  template <class All>
  auto views(All& all) const {
    std::vector<decltype(rows(all, 0, 0))> parts;
    for (std::size_t slot = 0; slot < first.size(); ++slot) parts.push_back(rows(all, first[slot], count[slot]));
    return parts;
  }
  Energies energies(const Synapse& synapse, const State& g) const {
    std::vector<View> nothing;
    for (const Index rows : count) nothing.emplace_back(nullptr, rows, g.cols(), Eigen::OuterStride<>(rows));
    Energies energies(g.cols());
    synapse.apply(views(g), nothing, energies);
    return energies;
  }

  std::vector<Index> first, count;
  Index size = 0;
};

/// A synapse of which no more is known than its energy and currents.
struct CurrentsAlone {
  Synapse synapse;

  void apply(Activations g, Currents currents, Eigen::Ref<Energies> energies) const {
    synapse.apply(g, currents, energies);
  }
  std::string misfit(std::span<const Shape> shapes) const { return synapse.misfit(shapes); }
};

State currents_of(const Synapse& synapse, const Joined& joined, const State& g) {
  State current = State::Zero(g.rows(), g.cols());
  auto into = joined.views(current);
  Energies unused(g.cols());
  synapse.apply(joined.views(g), into, unused);
  return current;
}

State differential_of(const Synapse& synapse, const Joined& joined, const State& g, const State& dg) {
  State product = State::Zero(g.rows(), g.cols());
  auto into = joined.views(product);
  synapse.differential(joined.views(g), joined.views(dg), into);
  return product;
}

template <class Law>
void for_every_synapse(const Law& law) {
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    laws::Random random(seed);
    for (const auto& [synapse, shapes] : laws::synapse_instances(random)) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << synapse.name()) {
        BOOST_TEST_REQUIRE(synapse.misfit(shapes) == "");
        law(synapse, Joined(shapes), random);
      }
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(synapse_laws)

// dE/dε of E(g + εv) is −current·v
BOOST_AUTO_TEST_CASE(currents_are_minus_the_gradient_of_the_energy) {
  for_every_synapse([](const Synapse& synapse, const Joined& joined, laws::Random& random) {
    const State g = laws::normal(joined.size, 3, random), v = laws::normal(joined.size, 3, random);
    State current = State::Zero(joined.size, 3);
    auto into = joined.views(current);
    Energies unused(3);
    synapse.apply(joined.views(g), into, unused);
    const double h = 1e-3;
    const auto E = [&](double along) { return joined.energies(synapse, g + along * h * v); };
    // fourth order: (8 (E₁ − E₋₁) − (E₂ − E₋₂)) / 12h
    const Energies slope = (8 * (E(1) - E(-1)) - (E(2) - E(-2))) / (12 * h);
    const Energies work = -current.cwiseProduct(v).colwise().sum();
    BOOST_TEST(laws::distance(slope, work, 1e-2) < 1e-8);
  });
}

BOOST_AUTO_TEST_CASE(whatever_currents_are_wanted_they_and_the_energies_are_the_same) {
  for_every_synapse([](const Synapse& synapse, const Joined& joined, laws::Random& random) {
    const State g = laws::normal(joined.size, 3, random), before = laws::normal(joined.size, 3, random);
    State all = before;
    auto into_all = joined.views(all);
    Energies energies(3);
    synapse.apply(joined.views(g), into_all, energies);
    for (unsigned wanted = 0; wanted < 1u << joined.first.size(); ++wanted) {
      State some = before, expected = before;
      std::vector<View> into = joined.views(some);
      std::vector<View> partly;
      for (std::size_t slot = 0; slot < into.size(); ++slot) {
        const bool asked = (wanted >> slot & 1u) != 0;
        partly.emplace_back(asked ? into[slot].data() : nullptr, into[slot].rows(), 3,
                            Eigen::OuterStride<>(joined.size));
        if (asked) joined.views(expected)[slot] = joined.views(all)[slot];
      }
      Energies here = Energies::Constant(3, 1e10);
      synapse.apply(joined.views(g), partly, here);
      BOOST_TEST(laws::distance(here, energies) < 1e-13);
      BOOST_TEST(laws::distance(some, expected) < 1e-13);
    }
  });
}

BOOST_AUTO_TEST_CASE(the_differential_is_the_derivative_of_the_currents) {
  for_every_synapse([](const Synapse& synapse, const Joined& joined, laws::Random& random) {
    const State g = laws::normal(joined.size, 3, random), dg = laws::normal(joined.size, 3, random);
    const double h = 3e-4;
    const auto c = [&](double along) -> State { return currents_of(synapse, joined, g + along * h * dg); };
    // fourth order: (8 (c₁ − c₋₁) − (c₂ − c₋₂)) / 12h
    const State quotient = (8 * (c(1) - c(-1)) - (c(2) - c(-2))) / (12 * h);
    BOOST_TEST(laws::distance(differential_of(synapse, joined, g, dg), quotient, 1e-2) < 1e-9);
  });
}

// ⟨du, D dg⟩ = ⟨D du, dg⟩: D is minus the second derivative of an energy.
BOOST_AUTO_TEST_CASE(the_differential_is_symmetric) {
  for_every_synapse([](const Synapse& synapse, const Joined& joined, laws::Random& random) {
    const State g = laws::normal(joined.size, 3, random);
    const State dg = laws::normal(joined.size, 3, random), du = laws::normal(joined.size, 3, random);
    const State of_dg = differential_of(synapse, joined, g, dg), of_du = differential_of(synapse, joined, g, du);
    const Energies left = du.cwiseProduct(of_dg).colwise().sum(), right = dg.cwiseProduct(of_du).colwise().sum();
    const Energies size = (du.colwise().norm().array() * of_dg.colwise().norm().array()).matrix();
    BOOST_TEST(((left - right).cwiseAbs().array() <= 1e-12 * size.array()).all());
  });
}

BOOST_AUTO_TEST_CASE(of_a_synapse_that_gives_currents_alone_the_differential_is_found_from_them) {
  for_every_synapse([](const Synapse& synapse, const Joined& joined, laws::Random& random) {
    const Synapse unknown = CurrentsAlone{synapse};
    for (const double speed : {1e-8, 1.0, 1e8}) {
      const State g = laws::normal(joined.size, 3, random);
      State dg = laws::normal(joined.size, 3, random, speed);
      dg.col(1).setZero();
      const State expected = differential_of(synapse, joined, g, dg);
      const State found = differential_of(unknown, joined, g, dg);
      BOOST_TEST(laws::distance(found, expected, 1e-2 * speed) < 1e-8);
      BOOST_TEST((found.col(1).array() == 0).all());
    }
  });
}

BOOST_AUTO_TEST_CASE(whatever_differentials_are_wanted_they_are_the_same) {
  for_every_synapse([](const Synapse& synapse, const Joined& joined, laws::Random& random) {
    const State g = laws::normal(joined.size, 3, random), dg = laws::normal(joined.size, 3, random);
    const State before = laws::normal(joined.size, 3, random);
    for (const Synapse& given : {synapse, Synapse{CurrentsAlone{synapse}}}) {
      const State all = before + differential_of(given, joined, g, dg);
      for (unsigned wanted = 0; wanted < 1u << joined.first.size(); ++wanted) {
        State some = before, expected = before;
        std::vector<View> into = joined.views(some);
        std::vector<View> partly;
        for (std::size_t slot = 0; slot < into.size(); ++slot) {
          const bool asked = (wanted >> slot & 1u) != 0;
          partly.emplace_back(asked ? into[slot].data() : nullptr, into[slot].rows(), 3,
                              Eigen::OuterStride<>(joined.size));
          if (asked) joined.views(expected)[slot] = joined.views(all)[slot];
        }
        given.differential(joined.views(g), joined.views(dg), partly);
        BOOST_TEST(laws::distance(some, expected) < 1e-12);
      }
    }
  });
}

// To the last bit, so that a batch of runs is the runs.
BOOST_AUTO_TEST_CASE(samples_do_not_meet) {
  for_every_synapse([](const Synapse& synapse, const Joined& joined, laws::Random& random) {
    const State g = laws::normal(joined.size, 9, random);
    State current = State::Zero(joined.size, 9);
    auto into = joined.views(current);
    Energies energies(9);
    synapse.apply(joined.views(g), into, energies);
    for (Index sample = 0; sample < 9; ++sample) {
      const State alone = g.col(sample);
      State into_alone = State::Zero(joined.size, 1);
      auto views = joined.views(into_alone);
      Energies energy(1);
      synapse.apply(joined.views(alone), views, energy);
      BOOST_TEST(energy[0] == energies[sample]);
      BOOST_TEST((into_alone.array() == current.col(sample).array()).all());
    }
    const State dg = laws::normal(joined.size, 9, random);
    for (const Synapse& given : {synapse, Synapse{CurrentsAlone{synapse}}}) {
      const State together = differential_of(given, joined, g, dg);
      for (Index sample = 0; sample < 9; ++sample) {
        const State alone = differential_of(given, joined, g.col(sample), dg.col(sample));
        BOOST_TEST((alone.array() == together.col(sample).array()).all());
      }
    }
  });
}

// E(…, αg + g′, …) = αE(…, g, …) + E(…, g′, …), and only there
BOOST_AUTO_TEST_CASE(linear_is_what_it_is_said_to_be) {
  for_every_synapse([](const Synapse& synapse, const Joined& joined, laws::Random& random) {
    for (std::size_t slot = 0; slot < joined.first.size(); ++slot) {
      const State g = laws::normal(joined.size, 3, random);
      State other = g, sum = g;
      auto part = joined.views(other)[slot];
      part = laws::normal(part.rows(), 3, random);
      joined.views(sum)[slot] = 2 * joined.views(g)[slot] + part;
      const Energies left = joined.energies(synapse, sum);
      const Energies right = 2 * joined.energies(synapse, g) + joined.energies(synapse, other);
      const bool linear = laws::distance(left, right) < 1e-12;
      BOOST_TEST(linear == synapse.linear_in(slot));
    }
  });
}

// One sample and a batch are summed in different orders, both within the bound, which is far below the energy.
BOOST_AUTO_TEST_CASE(the_rounding_bound_holds_and_is_small) {
  for_every_synapse([](const Synapse& synapse, const Joined& joined, laws::Random& random) {
    const State g = laws::normal(joined.size, 9, random);
    const Energies together = joined.energies(synapse, g);
    Energies bound(9);
    synapse.rounding(joined.views(g), bound);
    for (Index sample = 0; sample < 9; ++sample) {
      const State alone = g.col(sample);
      BOOST_TEST(std::abs(joined.energies(synapse, alone)[0] - together[sample]) <= 2 * bound[sample]);
    }
    BOOST_TEST((bound.array() > 0).all());
    BOOST_TEST(bound.maxCoeff() < 1e-11 * std::max(1.0, together.cwiseAbs().maxCoeff()));
  });
}

BOOST_AUTO_TEST_SUITE_END()
