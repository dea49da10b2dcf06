// SPDX-License-Identifier: MIT
// What the flow of every network must do, whatever its Lagrangians, synapses, inputs and clamps.
#include <boost/test/unit_test.hpp>

#include "laws/flow_instances.hpp"
#include "laws/slope.hpp"

using namespace hamlet;

namespace {

template <class Law>
void for_every_flow(const Law& law) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (auto& [name, flow, state] : laws::flow_instances(random)) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << name) { law(flow, state, random); }
    }
  }
}

/// τẋ of every neuron.
State torque(const Flow& flow, const State& derivative) {
  State result = derivative;
  for (const LayerHandle layer : flow.network().layers()) {
    View part = flow.network().block(result, layer);
    for (Index neuron = 0; neuron < part.rows(); ++neuron) part.row(neuron) *= flow.network().layer(layer).tau[neuron];
  }
  return result;
}

/// (∂²L/∂x²) v of every layer.
State curved(const Flow& flow, const State& x, const State& v) {
  State result(x.rows(), x.cols());
  for (const LayerHandle layer : flow.network().layers()) {
    const Network& net = flow.network();
    net.layer(layer).lagrangian.hessian_product(net.block(x, layer), net.block(v, layer), net.block(result, layer));
  }
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flow_laws)

BOOST_AUTO_TEST_CASE(dissipation_is_the_slope_of_the_energy_along_the_flow) {
  for_every_flow([](Flow& flow, const State& x, laws::Random&) {
    State derivative;
    flow(x, derivative, 0);
    const Energies rate = flow.dissipation(x);
    const Energies along = laws::slope(flow, x, derivative);
    BOOST_TEST((rate.array() <= 1e-13 * derivative.cwiseAbs2().colwise().sum().array()).all());
    for (Index sample = 0; sample < x.cols(); ++sample) {
      BOOST_TEST(std::abs(rate[sample] - along[sample]) <= 1e-6 * std::abs(rate[sample]) + 1e-9);
    }
    BOOST_TEST(laws::distance(flow.dissipation(x, derivative), rate) < 1e-13);
  });
}

// dE = ∂E/∂g·dg with dg = (∂²L/∂x²) v, and ∂E/∂g = −τẋ where neurons are free
BOOST_AUTO_TEST_CASE(the_flow_is_minus_the_gradient_of_the_energy_by_the_activations) {
  for_every_flow([](Flow& flow, const State& x, laws::Random& random) {
    State derivative;
    flow(x, derivative, 0);
    const State free = (derivative.array() != 0).cast<double>();
    const State v = laws::normal(x.rows(), x.cols(), random).cwiseProduct(free);
    const Energies expected = -torque(flow, derivative).cwiseProduct(curved(flow, x, v)).colwise().sum();
    BOOST_TEST(laws::distance(laws::slope(flow, x, v), expected, 1e-2) < 1e-7);
  });
}

BOOST_AUTO_TEST_CASE(the_jacobian_product_is_the_derivative_of_the_flow) {
  for_every_flow([](Flow& flow, const State& x, laws::Random& random) {
    const State v = laws::normal(x.rows(), x.cols(), random);
    State product;
    flow.jacobian_product(x, v, product);
    const double h = 1e-5;
    const auto f = [&](double along) {
      State derivative;
      flow(x + along * h * v, derivative, 0);
      return derivative;
    };
    // fourth order: (8 (f₁ − f₋₁) − (f₂ − f₋₂)) / 12h
    const State quotient = (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h);
    BOOST_TEST(laws::distance(product, quotient, 1e-2) < 1e-8);
    State derivative;
    flow(x, derivative, 0);
    BOOST_TEST((derivative.array() != 0 || product.array() == 0).all());
  });
}

// With H = ∂²L and free neurons alone moved, ⟨Hu, (τJ + 1) v⟩ = ⟨Hu, D H v⟩ with D symmetric.
BOOST_AUTO_TEST_CASE(the_jacobian_is_symmetric_in_the_measure_of_the_hessian) {
  for_every_flow([](Flow& flow, const State& x, laws::Random& random) {
    State derivative;
    flow(x, derivative, 0);
    const State free = (derivative.array() != 0).cast<double>();
    const State u = laws::normal(x.rows(), x.cols(), random).cwiseProduct(free);
    const State v = laws::normal(x.rows(), x.cols(), random).cwiseProduct(free);
    const auto synaptic = [&](const State& along) -> State {
      State product;
      flow.jacobian_product(x, along, product);
      return (torque(flow, product) + along).cwiseProduct(free);
    };
    const State of_u = synaptic(u), of_v = synaptic(v), Hu = curved(flow, x, u), Hv = curved(flow, x, v);
    const Energies left = Hu.cwiseProduct(of_v).colwise().sum(), right = Hv.cwiseProduct(of_u).colwise().sum();
    const Energies size =
        1e-3 * Energies::Ones(x.cols()) + (Hu.colwise().norm().array() * of_v.colwise().norm().array()).matrix();
    BOOST_TEST(((left - right).cwiseAbs().array() <= 1e-12 * size.array()).all());
  });
}

BOOST_AUTO_TEST_CASE(the_terms_add_up_to_the_energy) {
  for_every_flow([](Flow& flow, const State& x, laws::Random&) {
    const Energies energy = flow.energy(x);
    Energies sum = Energies::Zero(x.cols());
    const auto terms = flow.energy_terms(x);
    for (const auto& [name, term] : terms) sum += term;
    BOOST_TEST(terms.size() == flow.network().layers().size() + flow.network().synapses().size());
    State derivative;
    Energies at_last;
    flow(x, derivative, 0);
    flow.energy_at_last(x, at_last);
    const Energies bound = flow.rounding(x);
    for (Index sample = 0; sample < x.cols(); ++sample) {
      BOOST_TEST(std::abs(sum[sample] - energy[sample]) <= 2 * bound[sample]);
      BOOST_TEST(std::abs(at_last[sample] - energy[sample]) <= 2 * bound[sample]);
    }
  });
}

BOOST_AUTO_TEST_CASE(a_copy_is_independent) {
  for_every_flow([](Flow& flow, const State& x, laws::Random& random) {
    State before, after, elsewhere;
    flow(x, before, 0);
    Flow copy = flow;
    const LayerHandle first = flow.network().layers().front();
    copy.clamp(first);
    copy.input(first) = laws::normal(flow.network().layer(first).shape.size(), 1, random);
    copy(2 * x, elsewhere, 0);
    flow(x, after, 0);
    BOOST_TEST((before.array() == after.array()).all());
  });
}

BOOST_AUTO_TEST_CASE(the_residual_is_the_largest_torque) {
  for_every_flow([](Flow& flow, const State& x, laws::Random&) {
    State derivative;
    flow(x, derivative, 0);
    const State torques = torque(flow, derivative);
    BOOST_TEST(laws::distance(flow.residuals(derivative), torques.cwiseAbs().colwise().maxCoeff()) < 1e-15);
    BOOST_TEST(flow.residual(derivative) == flow.residuals(derivative).maxCoeff());
  });
}

BOOST_AUTO_TEST_SUITE_END()
