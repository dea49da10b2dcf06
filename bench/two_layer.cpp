// SPDX-License-Identifier: MIT
// What a right-hand side, the monitor and a whole recall cost, beside the two matrix products that no code can avoid.
#include <hamlet/hamlet.hpp>

#include <benchmark/benchmark.h>

namespace {

using namespace hamlet;

constexpr Index features = 784;
constexpr Index memories = 1000;

struct Problem {
  Eigen::MatrixXd rows = Eigen::MatrixXd::Random(memories, features).rowwise().normalized();
  Network network;
  LayerHandle v, h;

  Problem() {
    v = network.add({.name = "features", .shape = {features}, .lagrangian = Quadratic{}, .tau = 1});
    h = network.add({.name = "memories", .shape = {memories}, .lagrangian = LogSumExp{.beta = 50}, .tau = 0.1});
    network.connect({v, h}, Dense{rows});
  }

  State start(Index samples) const {
    State state = network.zeros(samples);
    network.block(state, v) = rows.topRows(samples).transpose() + 0.03 * State::Random(features, samples);
    return state;
  }
};

const Problem& problem() {
  static const Problem problem;
  return problem;
}

// ξ g and ξᵀ f and nothing else, as plain Eigen.
void two_products(benchmark::State& bench) {
  const Index samples = bench.range(0);
  const State g = State::Random(features, samples), f = State::Random(memories, samples);
  State into_h(memories, samples), into_v(features, samples);
  for (auto _ : bench) {
    into_h.noalias() = problem().rows * g;
    into_v.noalias() = problem().rows.transpose() * f;
    benchmark::DoNotOptimize(into_h.data());
    benchmark::DoNotOptimize(into_v.data());
  }
}

void right_hand_side(benchmark::State& bench) {
  Flow flow(problem().network);
  const State x = problem().start(bench.range(0));
  State derivative;
  for (auto _ : bench) {
    flow(x, derivative, 0);
    benchmark::DoNotOptimize(derivative.data());
  }
}

void right_hand_side_of_model_b(benchmark::State& bench) {
  Flow flow(eliminate(problem().network, problem().h));
  const State x = problem().start(bench.range(0)).topRows(features);
  State derivative;
  for (auto _ : bench) {
    flow(x, derivative, 0);
    benchmark::DoNotOptimize(derivative.data());
  }
}

Outcome recall(Index samples, bool monitored) {
  Flow flow(problem().network);
  State state = problem().start(samples);
  const Integration how{.stepper = DormandPrince{}, .end = 100, .settled = 1e-6};
  if (!monitored) return integrate(flow, state, how);
  EnergyMonitor monitor(flow);
  return integrate(flow, state, how, monitor);
}

void recall_without_monitor(benchmark::State& bench) {
  for (auto _ : bench)
    bench.counters["rhs"] = static_cast<double>(recall(bench.range(0), false).statistics.right_hand_sides);
}

void recall_with_monitor(benchmark::State& bench) {
  for (auto _ : bench)
    bench.counters["rhs"] = static_cast<double>(recall(bench.range(0), true).statistics.right_hand_sides);
}

BENCHMARK(two_products)->Arg(1)->Arg(64)->Unit(benchmark::kMicrosecond);
BENCHMARK(right_hand_side)->Arg(1)->Arg(64)->Unit(benchmark::kMicrosecond);
BENCHMARK(right_hand_side_of_model_b)->Arg(1)->Arg(64)->Unit(benchmark::kMicrosecond);
BENCHMARK(recall_without_monitor)->Arg(1)->Arg(64)->Unit(benchmark::kMillisecond);
BENCHMARK(recall_with_monitor)->Arg(1)->Arg(64)->Unit(benchmark::kMillisecond);

}  // namespace
