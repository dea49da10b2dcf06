// SPDX-License-Identifier: MIT
// Both currents and the energy of a convolution, beside the two products of matrices that it is made of: kernels by
// patches, and kernels transposed by the layer above, one matrix for each sample. Counters are rates of those two
// products, in operations a second.
#include <hamlet/synapse/convolution.hpp>

#include <benchmark/benchmark.h>

namespace {

using namespace hamlet;

/// Layer {C, 28, 28} or {C, 64, 64}, K kernels.
struct Problem {
  Index channels, size, places, kernels, samples;

  explicit Problem(const benchmark::State& bench)
      : channels(bench.range(0)),
        size(bench.range(1)),
        places(bench.range(2)),
        kernels(bench.range(3)),
        samples(bench.range(4)) {}

  Window window() const { return {.over = {channels, size, size}, .size = {places, places}, .padding = places / 2}; }
  State weights() const { return State::Random(kernels, channels * places * places); }
  benchmark::Counter rate(const benchmark::State& bench) const {
    const double operations = 4.0 * static_cast<double>(kernels * channels * places * places * size * size * samples);
    return {operations * static_cast<double>(bench.iterations()), benchmark::Counter::kIsRate};
  }
};

void convolution(benchmark::State& bench) {
  const Problem problem(bench);
  const Convolution synapse{problem.weights(), problem.window()};
  const State g_a = State::Random(problem.window().over.size(), problem.samples),
              g_b = State::Random(synapse.output().size(), problem.samples);
  State into_a = State::Zero(g_a.rows(), g_a.cols()), into_b = State::Zero(g_b.rows(), g_b.cols());
  Energies energies(problem.samples);
  const std::vector<ConstView> activations{view(g_a), view(g_b)};
  std::vector<View> currents{view(into_a), view(into_b)};
  for (auto _ : bench) {
    synapse.apply(activations, currents, energies);
    benchmark::DoNotOptimize(energies.data());
  }
  bench.counters["rate"] = problem.rate(bench);
}

void two_products(benchmark::State& bench) {
  const Problem problem(bench);
  const State kernels = problem.weights(), patches = State::Random(kernels.cols(), problem.size * problem.size),
              above = State::Random(kernels.rows(), problem.size * problem.size);
  State forward(above.rows(), above.cols()), back(patches.rows(), patches.cols());
  for (auto _ : bench) {
    for (Index sample = 0; sample < problem.samples; ++sample) {
      forward.noalias() = kernels * patches;
      back.noalias() = kernels.transpose() * above;
      benchmark::DoNotOptimize(forward.data());
      benchmark::DoNotOptimize(back.data());
    }
  }
  bench.counters["rate"] = problem.rate(bench);
}

// Channels, width and height, width of the kernels, kernels, samples.
void shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"channels", "size", "width", "kernels", "samples"})->Unit(benchmark::kMicrosecond);
  bench->Args({1, 28, 5, 16, 8})->Args({1, 28, 7, 64, 8})->Args({16, 28, 3, 32, 8})->Args({64, 28, 3, 64, 1});
}
BENCHMARK(convolution)->Apply(shapes);
BENCHMARK(two_products)->Apply(shapes);

}  // namespace
