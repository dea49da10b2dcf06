// SPDX-License-Identifier: MIT
// Whatever precision weights are stored in, a network is that of the weights as they were rounded: its energy and
// currents are theirs up to the rounding of f32 sums (of f64 sums where f64 is stored), and its energy descends.
#include <hamlet/attractor/settle.hpp>
#include <hamlet/dynamics/alternating_flow.hpp>
#include <hamlet/dynamics/discrete_gradient.hpp>
#include <hamlet/dynamics/guarded.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/integrated_out.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "laws/random.hpp"
#include "laws/sanitized.hpp"

using namespace hamlet;

namespace {

using Long = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

/// The unit in the last place of 1 in the type that sums are made in.
double epsilon(Storage storage) {
  return storage == Storage::f64 ? std::numeric_limits<double>::epsilon()
                                 : double{std::numeric_limits<float>::epsilon()};
}

/// What the rounding of a sum of n products may come to, relative to the norms of its factors.
double allowed(Storage storage, Index n) { return 4 * epsilon(storage) * std::sqrt(static_cast<double>(n)); }

/// Rows of several sizes, some smaller than all others by far, and one of zeros where there are many.
State rows_of_all_sizes(Index K, Index N, laws::Random& random) {
  State xi = laws::normal(K, N, random, 1 / std::sqrt(static_cast<double>(N)));
  for (Index row = 0; row < K; row += 3) xi.row(row) *= 1e-6;
  if (K > 10) xi.row(4).setZero();
  return xi;
}

template <class Law>
void for_every_storage(const Law& law) {
  for (const Storage storage : {Storage::f64, Storage::f32, Storage::f16, Storage::int8}) {
    for (const unsigned seed : {1u, 2u}) {
      laws::Random random(seed);
      // Less than a panel, a few, many rows, many columns.
      for (const auto& [N, K] : {std::pair<Index, Index>{3, 2}, {70, 41}, {37, 700}, {1500, 30}}) {
        const Dense dense{rows_of_all_sizes(K, N, random), storage};
        BOOST_TEST_CONTEXT("seed " << seed << ", " << dense.name()) { law(dense, random); }
      }
    }
  }
}

template <class Matrix>
View unwanted(const Matrix& like) {
  return {nullptr, like.rows(), like.cols(), Eigen::OuterStride<>(like.rows())};
}

/// What a synapse makes of the activations of both layers.
struct Passed {
  Passed(const Synapse& synapse, const State& g_a, const State& g_b, bool into_a = true, bool into_b = true)
      : a(State::Zero(g_a.rows(), g_a.cols())), b(State::Zero(g_b.rows(), g_b.cols())), energies(g_a.cols()) {
    const std::vector<ConstView> activations{view(g_a), view(g_b)};
    std::vector<View> currents{into_a ? view(a) : unwanted(a), into_b ? view(b) : unwanted(b)};
    synapse.apply(activations, currents, energies);
  }
  State a, b;
  Energies energies;
};

/// |left − right| ≤ bound, entry by entry.
bool within(const Long& left, const State& right, const State& bound) {
  return ((left - right.cast<long double>()).cwiseAbs().array() <= bound.cast<long double>().array()).all();
}

Energies dots(const State& left, const State& right) { return left.cwiseProduct(right).colwise().sum(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(storage)

// h = ξ g, c = ξᵀ f, E = −f·ξ g of the rounded weights, whichever of them are asked for.
BOOST_AUTO_TEST_CASE(energy_and_currents_are_those_of_the_rounded_weights) {
  for_every_storage([](const Dense& dense, laws::Random& random) {
    const State xi = dense.weights();
    for (const Index samples : {1, 5, 9}) {
      const State g = laws::normal(xi.cols(), samples, random), f = laws::normal(xi.rows(), samples, random);
      const Long wide = xi.cast<long double>();
      const Long h = wide * g.cast<long double>(), c = wide.transpose() * f.cast<long double>();
      const Long E = -f.cast<long double>().cwiseProduct(h).colwise().sum();
      const State of_h = allowed(dense.storage(), xi.cols()) * xi.rowwise().norm() * g.colwise().norm();
      const State of_c = allowed(dense.storage(), xi.rows()) * xi.colwise().norm().transpose() * f.colwise().norm();
      const State of_E = f.cwiseAbs().cwiseProduct(of_h).colwise().sum();
      for (const bool into_a : {true, false}) {
        for (const bool into_b : {true, false}) {
          const Passed passed(dense, g, f, into_a, into_b);
          BOOST_TEST((!into_a || within(c, passed.a, of_c)));
          BOOST_TEST((!into_b || within(h, passed.b, of_h)));
          // (ξᵀ f)·g where that alone was summed
          const State of_either = of_E + State(dots(g.cwiseAbs(), of_c));
          BOOST_TEST(within(E, passed.energies, into_b || !into_a ? of_E : of_either));
        }
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(weights_are_rounded_as_the_storage_says_and_once) {
  for_every_storage([](const Dense& dense, laws::Random& random) {
    const State xi = rows_of_all_sizes(dense.rows(), dense.columns(), random);
    const State stored = Dense{xi, dense.storage()}.weights();
    const State largest = xi.cwiseAbs().rowwise().maxCoeff().replicate(1, xi.cols());
    const State error = (stored - xi).cwiseAbs();
    switch (dense.storage()) {
      case Storage::f64:
        BOOST_TEST((error.array() == 0).all());
        break;
      case Storage::f32:
        BOOST_TEST((stored.array() == xi.cast<float>().cast<double>().array()).all());
        break;
      case Storage::f16:
        // 11 bits, down to 2⁻¹⁴ of the scale; below, what halves of that have
        BOOST_TEST((error.array() <= (0x1p-11 * xi.cwiseAbs().array()).max(0x1p-24 * largest.array())).all());
        break;
      case Storage::int8:
        BOOST_TEST((error.array() <= (1 + 1e-12) / 254 * largest.array()).all());
        break;
    }
    BOOST_TEST(laws::distance(Dense(stored, dense.storage()).weights(), stored) <= 1e-15);
  });
}

// E is linear in each activation, so that differences are slopes: (E(g + v) − E(g − v))/2 = −c·v.
BOOST_AUTO_TEST_CASE(currents_are_minus_the_gradient_of_the_energy) {
  for_every_storage([](const Dense& dense, laws::Random& random) {
    const State xi = dense.weights();
    const State g = laws::normal(xi.cols(), 3, random), f = laws::normal(xi.rows(), 3, random);
    const State along_a = laws::normal(xi.cols(), 3, random), along_b = laws::normal(xi.rows(), 3, random);
    const Passed here(dense, g, f);
    const auto size = [&](const State& a, const State& b) -> Energies {
      return (xi.rowwise().norm().transpose() * b.cwiseAbs()).cwiseProduct(a.colwise().norm());
    };
    const double relative = 2 * allowed(dense.storage(), xi.size() / std::min(xi.rows(), xi.cols()));
    const Energies slope_a = (Passed(dense, g + along_a, f).energies - Passed(dense, g - along_a, f).energies) / 2;
    const Energies slope_b = (Passed(dense, g, f + along_b).energies - Passed(dense, g, f - along_b).energies) / 2;
    const Energies work_a = -dots(here.a, along_a), work_b = -dots(here.b, along_b);
    const Energies magnitude_a = size(g.cwiseAbs() + along_a.cwiseAbs(), f);
    const Energies magnitude_b = size(g, f.cwiseAbs() + along_b.cwiseAbs());
    BOOST_TEST(((slope_a - work_a).cwiseAbs().array() <= relative * magnitude_a.array()).all());
    BOOST_TEST(((slope_b - work_b).cwiseAbs().array() <= relative * magnitude_b.array()).all());
    // f·(ξ g) = (ξᵀ f)·g
    const Energies forth = dots(f, here.b), back = dots(g, here.a);
    BOOST_TEST(((forth - back).cwiseAbs().array() <= relative * size(g, f).array()).all());
  });
}

/// What is left of layers "v" and "h" when h is integrated out.
Synapse without_hidden(const Dense& dense, const Lagrangian& L, const Vector<double>& input) {
  return IntegratedOut{"h", {dense.rows()}, L, input, {{dense, {0, IntegratedOut::hidden}}}};
}

/// Those with a way of one pass, and two without.
std::vector<Lagrangian> of_h() {
  return {LogSumExp{.beta = 3}, LogSumExp{.beta = 0.01}, LogCosh{.beta = 1.3}, RectifiedPower{.n = 3},
          Softplus{.beta = 2},  Norm{.gamma = 1.5},      LayerNorm{}};
}

State current_of(const Synapse& synapse, const State& g, Energies& energies) {
  State current = State::Zero(g.rows(), g.cols());
  const std::vector<ConstView> activations{view(g)};
  std::vector<View> currents{view(current)};
  energies.resize(g.cols());
  synapse.apply(activations, currents, energies);
  return current;
}

// In two passes, written once more: h = I + ξ g, c = ξᵀ ∂L/∂h, E = −L(h). An error δh of h moves f by (∂²L/∂h²) δh.
BOOST_AUTO_TEST_CASE(a_layer_integrated_out_is_that_of_the_rounded_weights) {
  for_every_storage([](const Dense& dense, laws::Random& random) {
    const State xi = dense.weights();
    const Index N = xi.cols(), K = xi.rows();
    for (const Lagrangian& L : of_h()) {
      BOOST_TEST_CONTEXT(L.name()) {
        const Vector<double> input = laws::normal(K, 1, random);
        const Index samples = 3;
        const State g = laws::normal(N, samples, random);
        const Long exact = (xi.cast<long double>() * g.cast<long double>()).colwise() +
                           Eigen::Matrix<long double, Eigen::Dynamic, 1>(input.cast<long double>());
        const State h = exact.cast<double>();
        const State f = L.activation(h);
        const Long c = xi.cast<long double>().transpose() * f.cast<long double>();
        const State of_h = allowed(dense.storage(), N) * xi.rowwise().norm() * g.colwise().norm() +
                           4 * std::numeric_limits<double>::epsilon() * h.cwiseAbs();
        State of_f = 16 * epsilon(dense.storage()) * f.cwiseAbs();
        for (Index neuron = 0; neuron < K; ++neuron) {
          const State H = L.hessian_product(h, State(State::Identity(K, K).col(neuron).replicate(1, samples)));
          of_f += H.cwiseAbs() * of_h.row(neuron).asDiagonal();
        }
        const State of_c = 2 * xi.cwiseAbs().transpose() * of_f +
                           allowed(dense.storage(), K) * xi.colwise().norm().transpose() * f.colwise().norm();
        const Energies of_E = L.rounding(h) + State(dots(f.cwiseAbs(), of_h)) * 2;
        Energies energies;
        const State current = current_of(without_hidden(dense, L, input), g, energies);
        BOOST_TEST(within(c, current, of_c));
        const Energies value = L.value(h);
        BOOST_TEST(((energies + value).cwiseAbs().array() <= of_E.array()).all());
      }
    }
  });
}

// To the last bit, for as many samples as go through the weights together and more.
BOOST_AUTO_TEST_CASE(samples_do_not_meet) {
  for_every_storage([](const Dense& dense, laws::Random& random) {
    const Index N = dense.columns(), K = dense.rows();
    const Vector<double> input = laws::normal(K, 1, random);
    for (const Index samples : {2, 8, 9, 70}) {
      const State g = laws::normal(N, samples, random), f = laws::normal(K, samples, random);
      const Passed together(dense, g, f);
      for (const Index sample : {Index{0}, samples / 2, samples - 1}) {
        const Passed alone(dense, g.col(sample), f.col(sample));
        BOOST_TEST((alone.a.array() == together.a.col(sample).array()).all());
        BOOST_TEST((alone.b.array() == together.b.col(sample).array()).all());
        BOOST_TEST(alone.energies[0] == together.energies[sample]);
      }
      for (const Lagrangian& L : of_h()) {
        BOOST_TEST_CONTEXT(L.name() << ", " << samples << " samples") {
          const Synapse reduced = without_hidden(dense, L, input);
          Energies energies, energy;
          const State all = current_of(reduced, g, energies);
          for (const Index sample : {Index{0}, samples / 2, samples - 1}) {
            const State one = current_of(reduced, g.col(sample), energy);
            BOOST_TEST((one.array() == all.col(sample).array()).all());
            BOOST_TEST(energy[0] == energies[sample]);
          }
        }
      }
    }
  });
}

/// Layers "v" and "h" with τ = 1 and 0.3, joined by weights.
struct Model {
  Model(const Dense& xi, const Lagrangian& visible, const Lagrangian& hidden) {
    v = net.add({.name = "v", .shape = {xi.columns()}, .lagrangian = visible, .tau = 1.0});
    h = net.add({.name = "h", .shape = {xi.rows()}, .lagrangian = hidden, .tau = 0.3});
    net.connect({v, h}, xi);
  }
  Network net;
  LayerHandle v, h;
};

/// Weights that let currents be of order 1.
Dense moderate(Index N, Index K, Storage storage, laws::Random& random) {
  return Dense{laws::normal(K, N, random, 0.7 / std::sqrt(static_cast<double>(N))), storage};
}

// So whatever is true of networks of f64 is true of all, up to the rounding of f32 sums.
BOOST_AUTO_TEST_CASE(a_flow_is_that_of_the_rounded_weights) {
  for (const Storage storage : {Storage::f64, Storage::f32, Storage::f16, Storage::int8}) {
    const double tolerance = storage == Storage::f64 ? 1e-13 : 1e-5;
    laws::Random random(3);
    for (const auto& [N, K] : {std::pair<Index, Index>{7, 5}, {90, 150}}) {
      for (const Lagrangian& hidden :
           {Lagrangian(LogSumExp{.beta = 2}), Lagrangian(LogCosh{}), Lagrangian(Norm{.gamma = 1.5})}) {
        const Dense xi = moderate(N, K, storage, random);
        const Model stored(xi, LogCosh{.beta = 1.3}, hidden),
            rounded(Dense{xi.weights()}, LogCosh{.beta = 1.3}, hidden);
        const State input = laws::normal(K, 1, random, 0.3), of_v = laws::normal(N, 1, random, 0.3);
        for (const bool effective : {false, true}) {
          const auto flow_of = [&](const Model& model) {
            Flow flow(effective ? eliminate(model.net, model.h, input) : model.net);
            flow.input(model.v) = of_v;
            return flow;
          };
          Flow flow = flow_of(stored), expected = flow_of(rounded);
          const State x = laws::normal(flow.network().size(), 3, random), v = laws::normal(x.rows(), 3, random);
          BOOST_TEST_CONTEXT(xi.name() << ", " << hidden.name() << (effective ? ", integrated out" : "")) {
            const auto same = [&](const auto& of) {
              const State a = of(flow), b = of(expected);
              BOOST_TEST((a - b).norm() <= tolerance * (b.norm() + std::sqrt(static_cast<double>(b.size()))));
            };
            State result;
            same([&](Flow& f) { return f(x, result, 0), result; });
            same([&](Flow& f) { return f.jacobian_product(x, v, result), result; });
            same([&](Flow& f) { return f.currents(f.activations(x), result), result; });
            same([&](Flow& f) { return f.differential(f.activations(x), v, result), result; });
            same([&](Flow& f) { return State(f.energy(x)); });
            same([&](Flow& f) { return State(f.dissipation(x)); });
            same([&](Flow& f) { return State(f.potential(f.activations(x))); });
          }
        }
      }
    }
  }
}

template <class Law>
void for_every_flow(const Law& law) {
  for (const Storage storage : {Storage::f64, Storage::f32, Storage::f16, Storage::int8}) {
    laws::Random random(7);
    for (const auto& [N, K] : {std::pair<Index, Index>{7, 5}, {90, 150}}) {
      if (N > 7 && laws::sanitized) continue;
      for (const Lagrangian& visible : {Lagrangian(Quadratic{}), Lagrangian(LogCosh{.beta = 1.3})}) {
        for (const Lagrangian& hidden : {Lagrangian(LogSumExp{.beta = 2}), Lagrangian(LogCosh{}),
                                         Lagrangian(Softplus{}), Lagrangian(Norm{.gamma = 1.5})}) {
          const Model model(moderate(N, K, storage, random), visible, hidden);
          BOOST_TEST_CONTEXT(model.net.synapse(model.net.synapses().front()).name()
                             << " of " << visible.name() << ", " << hidden.name()) {
            Flow both{model.net}, effective{eliminate(model.net, model.h, laws::normal(K, 1, random, 0.3))};
            both.input(model.v) = effective.input(model.v) = laws::normal(N, 1, random, 0.3);
            law(storage, both, laws::normal(N + K, 3, random));
            law(storage, effective, laws::normal(N, 3, random));
          }
        }
      }
    }
  }
}

/// As far as the rounding of currents lets ‖τẋ‖∞ sink.
double rest(Storage storage) { return storage == Storage::f64 ? 1e-10 : 1e-5; }

// Until they rest, where E changes by less than its rounding and the slopes are about to vanish.
BOOST_AUTO_TEST_CASE(the_energy_descends_until_it_rests) {
  const double end = laws::sanitized ? 2 : 60;
  for_every_flow([end](Storage storage, const Flow& flow, const State& start) {
    for (const Stepper& stepper : std::vector<Stepper>{DormandPrince{}, RungeKutta4{0.1}, AlternatingFlow{1.0},
                                                       DiscreteGradient{0.5}, Guarded{RungeKutta4{0.5}}}) {
      Flow watched = flow;
      EnergyMonitor descent{watched};
      State state = start;
      const Outcome outcome =
          integrate(watched, state, {.stepper = stepper, .end = end, .settled = rest(storage)}, descent);
      const bool ended = outcome.status == Status::settled || outcome.status == Status::end_reached;
      BOOST_TEST(ended, stepper.text() << ": " << outcome);
      BOOST_TEST(descent.verdict().descends, stepper.text() << ": " << descent.verdict());
    }
  });
}

BOOST_AUTO_TEST_CASE(the_energy_descends_when_it_is_settled) {
  for_every_flow([](Storage storage, const Flow& flow, const State& start) {
    State state = start;
    const Settled settled = settle(flow, state, {.tolerance = rest(storage)});
    BOOST_TEST(settled.all(), settled);
    const Energies bound = flow.rounding(start) + flow.rounding(state);
    BOOST_TEST((flow.energy(state).array() <= (flow.energy(start) + bound).array()).all());
    // From there nothing rises either.
    Flow watched = flow;
    EnergyMonitor descent{watched};
    integrate(watched, state, {.stepper = DormandPrince{}, .end = 2}, descent);
    BOOST_TEST(descent.verdict().descends, descent.verdict());
  });
}

/// The currents into a are of other weights than those into b and the energy.
struct TwoWay {
  Dense forward, backward;

  void apply(Activations g, Currents currents, Eigen::Ref<Energies> energies) const {
    std::vector<View> into_a{currents[0], unwanted(g[1])}, into_b{unwanted(g[0]), currents[1]};
    backward.apply(g, into_a, energies);
    forward.apply(g, into_b, energies);
  }
  void rounding(Activations g, Eigen::Ref<Energies> bound) const { forward.rounding(g, bound); }
  std::string misfit(std::span<const Shape> shapes) const { return forward.misfit(shapes); }
  std::string name() const { return "TwoWay " + forward.name(); }
};

// The larger the network, the more of a difference does the rounding of f32 hide. Where both directions have the same
// weights nothing is found.
BOOST_AUTO_TEST_CASE(weights_that_differ_in_the_two_directions_are_found) {
  struct Case {
    Index N, K;
    double found_in_f64, found_in_f32;
  };
  for (const Storage storage : {Storage::f64, Storage::f32, Storage::f16, Storage::int8}) {
    laws::Random random(3);
    for (const auto& [N, K, found_in_f64, found_in_f32] : {Case{7, 5, 1e-4, 1e-3}, Case{90, 150, 1e-4, 0.1}}) {
      for (const double asymmetry : {0.0, storage == Storage::f64 ? found_in_f64 : found_in_f32}) {
        Network net;
        const LayerHandle v = net.add({.name = "v", .shape = {N}, .lagrangian = LogCosh{}, .tau = 1.0});
        const LayerHandle h = net.add({.name = "h", .shape = {K}, .lagrangian = LogCosh{}, .tau = 0.3});
        const State stored =
            Dense{laws::normal(K, N, random, 0.7 / std::sqrt(static_cast<double>(N))), storage}.weights();
        // A narrow storage would round away so small a difference.
        const Storage of_backward = storage == Storage::f64 ? Storage::f64 : Storage::f32;
        const TwoWay synapse{Dense{stored, storage}, Dense{(1 + asymmetry) * stored, of_backward}};
        net.connect({v, h}, synapse);
        for (const Stepper& stepper : std::vector<Stepper>{DormandPrince{}, RungeKutta4{0.05}}) {
          BOOST_TEST_CONTEXT(synapse.name() << ", " << asymmetry) {
            Flow flow{net};
            EnergyMonitor descent{flow};
            State state = laws::normal(N + K, 3, random);
            integrate(flow, state, {.stepper = stepper, .end = 2}, descent);
            const Verdict& verdict = descent.verdict();
            BOOST_TEST(verdict.descends == (asymmetry == 0), verdict);
            BOOST_TEST((!verdict.first || verdict.first->cause == Cause::model), verdict);
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
