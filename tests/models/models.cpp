// SPDX-License-Identifier: MIT
// Each model against its formulas, written here once more.
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/flow.hpp>
#include <models/model_a.hpp>
#include <models/model_b.hpp>
#include <models/model_c.hpp>

#include <boost/test/unit_test.hpp>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;

namespace {

/// K memories of N numbers, and states of B samples.
struct Drawn {
  explicit Drawn(unsigned seed) : random(seed) {}
  laws::Random random;
  Index K = 6, N = 9, B = 4;
  State xi = laws::normal(K, N, random), v = laws::normal(N, B, random);
};

/// Softmax of every column.
State softmax(const State& x) {
  State weights = x;
  for (Index sample = 0; sample < x.cols(); ++sample) {
    weights.col(sample) = (x.col(sample).array() - x.col(sample).maxCoeff()).exp();
    weights.col(sample) /= weights.col(sample).sum();
  }
  return weights;
}

State derivative(const Network& net, const State& x) {
  State dxdt;
  Flow{net}(x, dxdt, 0);
  return dxdt;
}

/// An interaction function by its F and F′, and as a Lagrangian.
struct Interaction {
  Lagrangian lagrangian;
  double (*F)(double);
  double (*slope)(double);
};

std::vector<Interaction> interactions() {
  return {{RectifiedPower{.n = 3}, [](double x) { return x > 0 ? x * x * x / 3 : 0; },
           [](double x) { return x > 0 ? x * x : 0; }},
          {Power{.n = 4}, [](double x) { return x * x * x * x / 4; }, [](double x) { return x * x * x; }},
          {Exponential{}, [](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(models)

BOOST_AUTO_TEST_CASE(two_layers_follow_their_equations) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    Drawn drawn(seed);
    const Network net = hamlet::models::two_layer(
        drawn.xi, {.visible = LogCosh{}, .hidden = RectifiedPower{.n = 2}, .tau_f = 2.0, .tau_h = 0.5});
    const State x = laws::normal(drawn.N + drawn.K, drawn.B, drawn.random);
    const State v = x.topRows(drawn.N), h = x.bottomRows(drawn.K);
    const State g = v.array().tanh(), f = h.cwiseMax(0);
    const State dxdt = derivative(net, x);
    BOOST_TEST(laws::distance(dxdt.topRows(drawn.N), (drawn.xi.transpose() * f - v) / 2) < 1e-13);
    BOOST_TEST(laws::distance(dxdt.bottomRows(drawn.K), (drawn.xi * g - h) / 0.5) < 1e-13);
    const State log_cosh = v.array().cosh().log();
    const Energies energy = v.cwiseProduct(g).colwise().sum() - log_cosh.colwise().sum() +
                            h.cwiseProduct(f).colwise().sum() - 0.5 * f.cwiseAbs2().colwise().sum() -
                            f.cwiseProduct(drawn.xi * g).colwise().sum();
    BOOST_TEST(laws::distance(net.energy(x), energy) < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(model_a_is_its_energy_and_update) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    for (const auto& [lagrangian, F, slope] : interactions()) {
      Drawn drawn(seed);
      const Network net = hamlet::models::model_a(drawn.xi, {.F = lagrangian, .tau_f = 2.0});
      const State overlap = drawn.xi * drawn.v.cwiseSign();
      BOOST_TEST(laws::distance(net.energy(drawn.v), -overlap.unaryExpr(F).colwise().sum()) < 1e-12);
      BOOST_TEST(laws::distance(derivative(net, drawn.v),
                                (drawn.xi.transpose() * overlap.unaryExpr(slope) - drawn.v) / 2) < 1e-12);
    }
  }
}

// In the microscopic network, where h does not jump with σ, E drops by 2 τ_f |v̇_i| when v_i crosses 0 as it moves.
BOOST_AUTO_TEST_CASE(the_energy_of_model_a_drops_where_a_sign_changes) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    for (const Interaction& interaction : interactions()) {
      Drawn drawn(seed);
      const Network net = hamlet::models::two_layer(
          drawn.xi, hamlet::models::ModelA{.F = interaction.lagrangian, .tau_f = 3.0}.microscopic());
      const State x = laws::normal(net.size(), drawn.B, drawn.random);
      for (Index i = 0; i < drawn.N; ++i) {
        State crossing = x;
        crossing.row(i).setZero();
        const Energies velocity = derivative(net, crossing).row(i);
        State before = crossing, after = crossing;
        before.row(i) = -1e-300 * velocity;
        after.row(i) = 1e-300 * velocity;
        BOOST_TEST(laws::distance(net.energy(before) - net.energy(after), 2 * 3 * velocity.cwiseAbs()) < 1e-12);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(model_b_is_its_energy_and_one_step_of_it_is_attention) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    for (const double beta : {0.3, 1.0, 8.0}) {
      for (const double tau : {1.0, 0.25}) {
        Drawn drawn(seed);
        const Network net = hamlet::models::model_b(drawn.xi, {.beta = beta, .tau_f = tau});
        // v + τ v̇ = ξᵀ softmax(β ξ v)
        const State step = drawn.v + tau * derivative(net, drawn.v);
        BOOST_TEST(laws::distance(step, drawn.xi.transpose() * softmax(beta * drawn.xi * drawn.v)) < 1e-12);
        // ½ ‖v‖² − β⁻¹ log Σ_μ exp(β ξ_μ·v)
        const State scores = (beta * drawn.xi * drawn.v).array().exp();
        const Energies log_sum = scores.colwise().sum().array().log();
        const Energies energy = 0.5 * drawn.v.colwise().squaredNorm() - log_sum / beta;
        BOOST_TEST(laws::distance(net.energy(drawn.v), energy) < 1e-12);
      }
    }
  }
}

// E_Ramsauer = −β⁻¹ log Σ e^{βξ_μ·v} + ½‖v‖² + β⁻¹ log K + ½ M² ≥ 0, M = max ‖ξ_μ‖
BOOST_AUTO_TEST_CASE(the_energy_of_model_b_with_the_constants_of_ramsauer_is_not_negative) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    for (const double beta : {0.3, 1.0, 8.0}) {
      Drawn drawn(seed);
      const Network net = hamlet::models::model_b(drawn.xi, {.beta = beta});
      const double M = drawn.xi.rowwise().norm().maxCoeff();
      const double constants = std::log(static_cast<double>(drawn.K)) / beta + 0.5 * M * M;
      // At the largest memory, and where softmax holds it, the energy is smallest.
      Index largest = 0;
      drawn.xi.rowwise().norm().maxCoeff(&largest);
      drawn.v.col(0) = drawn.xi.row(largest).transpose();
      const State scores = (beta * drawn.xi * drawn.v).array().exp();
      const Energies log_sum = scores.colwise().sum().array().log();
      const Energies ramsauer =
          ((-log_sum / beta + 0.5 * drawn.v.colwise().squaredNorm()).array() + constants).matrix();
      BOOST_TEST((ramsauer.array() >= 0).all());
      BOOST_TEST(laws::distance((net.energy(drawn.v).array() + constants).matrix(), ramsauer) < 1e-12);
    }
  }
}

BOOST_AUTO_TEST_CASE(model_c_is_its_energy_and_update) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    for (const auto& [lagrangian, F, slope] : interactions()) {
      Drawn drawn(seed);
      const Network net = hamlet::models::model_c(drawn.xi, {.F = lagrangian, .tau_f = 2.0});
      const State overlap = drawn.xi * drawn.v.colwise().normalized();
      BOOST_TEST(laws::distance(net.energy(drawn.v), -overlap.unaryExpr(F).colwise().sum()) < 1e-12);
      BOOST_TEST(laws::distance(derivative(net, drawn.v),
                                (drawn.xi.transpose() * overlap.unaryExpr(slope) - drawn.v) / 2) < 1e-12);
    }
  }
}

// Moving along a null direction of ∂²L changes neither the activations nor the energy's slope.
BOOST_AUTO_TEST_CASE(the_null_directions_are_v_for_model_c_and_ones_for_the_softmax_of_model_b) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    Drawn drawn(seed);
    const auto product = [](const Network& net, LayerHandle layer, const State& x, const State& u) {
      return net.layer(layer).lagrangian.hessian_product(x, u);
    };
    const Network c = hamlet::models::model_c(drawn.xi);
    const LayerHandle features = c.find("features");
    BOOST_TEST(product(c, features, drawn.v, drawn.v).cwiseAbs().maxCoeff() < 1e-14);
    const State other = laws::normal(drawn.N, drawn.B, drawn.random);
    BOOST_TEST(product(c, features, drawn.v, other).cwiseAbs().maxCoeff() > 1e-2);
    BOOST_TEST(laws::distance(c.energy(3 * drawn.v), c.energy(drawn.v)) < 1e-13);

    const Network b = hamlet::models::two_layer(drawn.xi, hamlet::models::ModelB{.beta = 2}.microscopic());
    const State h = laws::normal(drawn.K, drawn.B, drawn.random);
    BOOST_TEST(product(b, b.find("memories"), h, State::Ones(drawn.K, drawn.B)).cwiseAbs().maxCoeff() < 1e-15);
  }
}

BOOST_AUTO_TEST_CASE(the_choices_reach_the_layers) {
  Drawn drawn(1);
  const Network full = hamlet::models::two_layer(drawn.xi, hamlet::models::ModelB{.beta = 4}.microscopic(0.02));
  BOOST_TEST(full.layer(full.find("memories")).lagrangian.name() == "LogSumExp(beta = 4)");
  BOOST_TEST(full.layer(full.find("memories")).tau.smallest() == 0.02);
  BOOST_TEST(full.layer(full.find("features")).shape.size() == drawn.N);
  const Network effective = hamlet::models::model_b(drawn.xi, {.beta = 4});
  BOOST_TEST(effective.size() == drawn.N);
  BOOST_TEST(effective.synapse(effective.synapses().front()).name() ==
             "IntegratedOut memories: LogSumExp(beta = 4) over Dense(6 × 9)");
  drawn.xi(2, 3) = std::nan("");
  BOOST_TEST(
      laws::names(laws::message<hamlet::ValueError>([&] { hamlet::models::model_b(drawn.xi); }), {"(2, 3)", "nan"}));
}

BOOST_AUTO_TEST_SUITE_END()
