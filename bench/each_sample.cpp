// SPDX-License-Identifier: MIT
// A batch of easy and hard cues: what it costs when all samples share their steps, and when each has its own. "columns"
// counts the right-hand sides, one a sample.
#include <hamlet/hamlet.hpp>
#include <models/model_b.hpp>
#include <models/two_layer.hpp>

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>

namespace {

using namespace hamlet;

constexpr Index features = 128, memories = 200, samples = 64;
constexpr double beta = 50;

/// Model B with its memory neurons, whose memories 0 and 1, 2 and 3, … up to 2 `hard` resemble one another: β d²/4
/// = 1.05 at their distance d, so that what lies between them leaves at a rate of 0.05. The first `hard` cues lie
/// there; the others lie near one memory.
struct Problem {
  Flow flow;
  State start;

  explicit Problem(Index hard) : flow(model(hard)), start(flow.network().zeros(samples)) {
    const State xi = memories_of(hard);
    View cues = rows(start, 0, features);
    cues = xi.bottomRows(samples).transpose() + 0.03 * State::Random(features, samples);
    for (Index cue = 0; cue < hard; ++cue)
      cues.col(cue) = (0.501 * xi.row(2 * cue) + 0.499 * xi.row(2 * cue + 1)).transpose();
  }

  static State memories_of(Index hard) {
    std::srand(1);
    State xi = State::Random(memories, features).rowwise().normalized();
    const double angle = 2 * std::asin(std::sqrt(1.05 / beta));
    for (Index pair = 0; pair < hard; ++pair) {
      const auto one = xi.row(2 * pair);
      auto other = xi.row(2 * pair + 1);
      other = (other - other.dot(one) * one).normalized().eval();
      other = (std::cos(angle) * one + std::sin(angle) * other).eval();
    }
    return xi;
  }
  static Network model(Index hard) {
    return models::two_layer(memories_of(hard), models::ModelB{.beta = beta}.microscopic());
  }
};

const Integration how{.stepper = DormandPrince{}, .end = 1000, .settled = 1e-6};

void common_step(benchmark::State& bench) {
  Problem problem(bench.range(0));
  for (auto _ : bench) {
    State state = problem.start;
    const Outcome outcome = integrate(problem.flow, state, how);
    bench.counters["columns"] = static_cast<double>(samples * outcome.statistics.right_hand_sides);
  }
}

void own_steps(benchmark::State& bench) {
  Problem problem(bench.range(0));
  for (auto _ : bench) {
    State state = problem.start;
    long columns = 0;
    for (const Outcome& outcome : integrate_each(problem.flow, state, how))
      columns += outcome.statistics.right_hand_sides;
    bench.counters["columns"] = static_cast<double>(columns);
  }
}

BENCHMARK(common_step)->Arg(0)->Arg(4)->Unit(benchmark::kMillisecond);
BENCHMARK(own_steps)->Arg(0)->Arg(4)->Unit(benchmark::kMillisecond);

}  // namespace
