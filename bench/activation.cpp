// SPDX-License-Identifier: MIT
// What F, F′ and F″ cost a neuron: computed for many at once, by the closed forms of one, and derived
// from operator() alone, as for a functor of yours.
#include <hamlet/lagrangian/catalogue.hpp>

#include <benchmark/benchmark.h>

namespace {

using namespace hamlet;

constexpr Index neurons = 100'000;

/// F and its closed forms of one neuron.
template <class F>
struct OneByOne {
  F functor;

  template <class T>
  T operator()(const T& x) const {
    return functor(x);
  }
  double activation(double x) const { return functor.activation(x); }
  double curvature(double x) const { return functor.curvature(x); }
};

/// LogCosh as a first user writes it.
struct Textbook {
  double beta = 1;

  template <class T>
  T operator()(T x) const {
    using std::cosh, std::log;
    return log(cosh(beta * x)) / beta;
  }
};

/// And with the function of the library that neither overflows nor cancels.
struct Careful {
  double beta = 1;

  template <class T>
  T operator()(T x) const {
    return log_cosh(beta * x) / beta;
  }
};

struct Problem {
  State x = 3 * State::Random(neurons, 1), u = State::Random(neurons, 1), result{neurons, 1};
  Energies values{1};
};

void count(benchmark::State& bench) {
  bench.counters["a_neuron"] =
      benchmark::Counter(neurons, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void activation(benchmark::State& bench, const Lagrangian& L) {
  Problem problem;
  for (auto _ : bench) {
    L.activation(view(std::as_const(problem.x)), view(problem.result));
    benchmark::DoNotOptimize(problem.result.data());
  }
  count(bench);
}

void value(benchmark::State& bench, const Lagrangian& L) {
  Problem problem;
  for (auto _ : bench) {
    L.value(view(std::as_const(problem.x)), problem.values);
    benchmark::DoNotOptimize(problem.values.data());
  }
  count(bench);
}

void hessian_product(benchmark::State& bench, const Lagrangian& L) {
  Problem problem;
  for (auto _ : bench) {
    L.hessian_product(view(std::as_const(problem.x)), view(std::as_const(problem.u)), view(problem.result));
    benchmark::DoNotOptimize(problem.result.data());
  }
  count(bench);
}

#define ROWS(NAME, ...)                                                            \
  BENCHMARK_CAPTURE(activation, NAME, __VA_ARGS__)->Unit(benchmark::kMicrosecond); \
  BENCHMARK_CAPTURE(value, NAME, __VA_ARGS__)->Unit(benchmark::kMicrosecond);      \
  BENCHMARK_CAPTURE(hessian_product, NAME, __VA_ARGS__)->Unit(benchmark::kMicrosecond);

ROWS(LogCosh, LogCosh{.beta = 1.3})
ROWS(LogCosh_one_by_one, OneByOne<LogCosh>{{.beta = 1.3}})
ROWS(LogCosh_textbook, Textbook{.beta = 1.3})
ROWS(LogCosh_careful, Careful{.beta = 1.3})
ROWS(Softplus, Softplus{.beta = 1.3})
ROWS(Softplus_one_by_one, OneByOne<Softplus>{{.beta = 1.3}})
ROWS(Exponential, Exponential{})
ROWS(Exponential_one_by_one, OneByOne<Exponential>{})
ROWS(Power, Power{.n = 4})
ROWS(Power_one_by_one, OneByOne<Power>{{.n = 4}})
ROWS(RectifiedPower, RectifiedPower{.n = 3})
ROWS(RectifiedPower_one_by_one, OneByOne<RectifiedPower>{{.n = 3}})
ROWS(LogSumExp, LogSumExp{.beta = 1.3})
#undef ROWS

}  // namespace
