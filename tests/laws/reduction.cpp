// SPDX-License-Identifier: MIT
// A layer integrated out is the limit τ_h → 0 of the layer: the same fixed points, trajectories that differ by O(τ_h).
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/trajectory.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/flow.hpp>
#include <models/model_a.hpp>
#include <models/model_b.hpp>
#include <models/model_c.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "laws/random.hpp"

using namespace hamlet;

namespace {

constexpr Index N = 8, K = 6, samples = 3;
constexpr double duration = 2;

/// A two-layer network, its inputs, and what is left of it without the memory neurons.
struct Reduction {
  Reduction(std::string text, const State& memories, const models::TwoLayer& choice, laws::Random& random)
      : name(std::move(text)),
        xi(memories),
        to_v(laws::normal(N, 1, random, 0.3)),
        to_h(laws::normal(K, 1, random, 0.3)),
        full(models::two_layer(memories, choice)),
        v(full.find("features")),
        h(full.find("memories")) {}

  Flow microscopic(double tau_h) const {
    Flow flow{full.with_tau(h, tau_h)};
    flow.input(v) = to_v;
    flow.input(h) = to_h;
    return flow;
  }
  Flow effective() const {
    Flow flow{eliminate(full, h, to_h)};
    flow.input(v) = to_v;
    return flow;
  }
  /// h = I + ξ g, where the memory neurons rest while v is held.
  State slaved(const State& of_v) const { return (xi * full.layer(v).lagrangian.activation(of_v)).colwise() + to_h; }
  State joined(const State& of_v, const State& of_h) const {
    State both(N + K, of_v.cols());
    both << of_v, of_h;
    return both;
  }

  std::string name;
  State xi;
  Vector<double> to_v, to_h;
  Network full;
  LayerHandle v, h;
};

std::vector<Reduction> models_b_and_c(laws::Random& random) {
  std::vector<Reduction> all;
  for (const double beta : {0.5, 2.0}) {
    const models::ModelB model{.beta = beta};
    all.emplace_back("Model B", laws::normal(K, N, random, 0.7), model.microscopic(), random);
  }
  for (const Lagrangian& F : {Lagrangian(RectifiedPower{.n = 3}), Lagrangian(Power{.n = 4}), Lagrangian(LogCosh{})}) {
    const models::ModelC model{.F = F};
    all.emplace_back("Model C, " + F.name(), laws::normal(K, N, random, 0.5), model.microscopic(), random);
  }
  return all;
}

std::vector<Reduction> models_a(laws::Random& random) {
  std::vector<Reduction> all;
  for (const Lagrangian& F : {Lagrangian(RectifiedPower{.n = 3}), Lagrangian(Power{.n = 4}), Lagrangian(LogCosh{})}) {
    const models::ModelA model{.F = F};
    all.emplace_back("Model A, " + F.name(), laws::normal(K, N, random, 0.3), model.microscopic(), random);
  }
  return all;
}

/// v at k · 0.05 until `end`, one state a time.
std::vector<State> path_of_v(Flow flow, State state, double end) {
  Trajectory path{{.every = 0.05, .rows = {{0, N}}, .energies = false}};
  const DormandPrince stepper{.relative_tolerance = 1e-10, .absolute_tolerance = 1e-13};
  integrate(flow, state, {.stepper = stepper, .end = end}, path);
  return path.states();
}

double largest_gap(const std::vector<State>& left, const std::vector<State>& right) {
  BOOST_TEST_REQUIRE(left.size() == right.size());
  double largest = 0;
  for (std::size_t at = 0; at < left.size(); ++at) {
    largest = std::max(largest, (left[at] - right[at]).cwiseAbs().maxCoeff());
  }
  return largest;
}

/// The slope of log max|v_full − v_eff| by log τ_h, τ_h = 0.1 … 0.001, fitted by least squares.
template <class Gap>
double order(const Gap& gap) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const double tau_h : {0.1, 0.03, 0.01, 0.003, 0.001}) {
    const double a = std::log(tau_h), b = std::log(gap(tau_h));
    n += 1, x += a, y += b, xx += a * a, xy += a * b;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reduction)

// h starts at its slaved value, so that no layer of thickness τ_h at the start adds its own error.
BOOST_AUTO_TEST_CASE(trajectories_of_models_b_and_c_agree_to_first_order_in_tau_h) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Reduction& model : models_b_and_c(random)) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << model.name) {
        const State start = laws::normal(N, samples, random);
        const std::vector<State> limit = path_of_v(model.effective(), start, duration);
        const State both = model.joined(start, model.slaved(start));
        const double slope = order(
            [&](double tau_h) { return largest_gap(path_of_v(model.microscopic(tau_h), both, duration), limit); });
        BOOST_TEST(std::abs(slope - 1) < 0.1, slope);
      }
    }
  }
}

// While no v_i changes its sign, ξ sign v is constant: h that starts there stays, and v is the same exactly. So h
// starts silent instead, and falls into place within τ_h, during which v feels another drive: the error is O(τ_h)
// again.
BOOST_AUTO_TEST_CASE(trajectories_of_model_a_agree_to_first_order_in_tau_h_where_no_sign_changes) {
  constexpr double stretch = 0.5;
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Reduction& model : models_a(random)) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << model.name) {
        const State drawn = laws::normal(N, samples, random);
        const State start = drawn.array() + 2 * drawn.array().sign();
        const std::vector<State> limit = path_of_v(model.effective(), start, stretch);
        const auto keeps_signs = [&](const std::vector<State>& path) {
          for (const State& v : path) {
            if ((v.array() * start.array() <= 0).any()) return false;
          }
          return true;
        };
        BOOST_TEST(keeps_signs(limit));
        const State slaved = model.joined(start, model.slaved(start));
        BOOST_TEST(largest_gap(path_of_v(model.microscopic(0.1), slaved, stretch), limit) < 1e-9);
        const State silent = model.joined(start, State::Zero(K, samples));
        const double slope = order([&](double tau_h) {
          const std::vector<State> path = path_of_v(model.microscopic(tau_h), silent, stretch);
          BOOST_TEST(keeps_signs(path));
          return largest_gap(path, limit);
        });
        BOOST_TEST(std::abs(slope - 1) < 0.1, slope);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(fixed_points_are_the_same) {
  const auto settle = [](Flow& flow, State state) {
    const Outcome outcome = integrate(flow, state, {.end = 500, .settled = 1e-11});
    BOOST_TEST((outcome.status == Status::settled), outcome);
    return state;
  };
  const auto residual = [](Flow& flow, const State& state) {
    State derivative;
    flow(state, derivative, 0);
    return flow.residual(derivative);
  };
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    std::vector<Reduction> all = models_a(random);
    for (Reduction& model : models_b_and_c(random)) all.push_back(std::move(model));
    for (const Reduction& model : all) {
      BOOST_TEST_CONTEXT("seed " << seed << ", " << model.name) {
        Flow full = model.microscopic(0.01), effective = model.effective();
        const State start = laws::normal(N, samples, random);
        const State of_effective = settle(effective, start);
        const State of_full = settle(full, model.joined(start, model.slaved(start)));
        BOOST_TEST((of_full.topRows(N) - of_effective).cwiseAbs().maxCoeff() < 1e-8);
        // Each is a fixed point of the other, whether or not the starts led to the same.
        BOOST_TEST(residual(full, model.joined(of_effective, model.slaved(of_effective))) < 1e-9);
        BOOST_TEST(residual(effective, of_full.topRows(N)) < 1e-9);
        BOOST_TEST((of_full.bottomRows(K) - model.slaved(of_full.topRows(N))).cwiseAbs().maxCoeff() < 1e-9);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
