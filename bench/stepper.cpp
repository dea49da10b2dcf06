// SPDX-License-Identifier: MIT
// What DormandPrince itself costs, of a system whose right-hand side costs nothing: beside a loop that reads and writes
// the same bytes, and beside Boost.Odeint as it comes, on Eigen vectors through vector_space_algebra. All take turns,
// and medians are compared: "over_traffic" is a step, and a step of a whole run, by the loop; "odeint" by the step.
#include <hamlet/dynamics/integrate.hpp>

#include <benchmark/benchmark.h>

#include <boost/numeric/odeint/algebra/vector_space_algebra.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
// What it specialises it does not include.
#include <boost/numeric/odeint/external/eigen/eigen.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>
#include <vector>

namespace {

using namespace hamlet;

constexpr double slope = 1e-3, step = 1e-3;

/// ẋ = 10⁻³, written when a derivative is asked for the first time.
struct Costless {
  template <class Derivative>
  void operator()(const Derivative&, Derivative& dxdt, double) const {
    if (dxdt.data()[0] != slope) dxdt.setConstant(slope);
  }
};

/// Steps of DormandPrince, without the loop of a run.
class Steps {
 public:
  explicit Steps(Index N)
      : system_(costless_),
        stepper_(DormandPrince{}.start()),
        from_{0, State::Ones(N, 1), State::Constant(N, 1, slope)},
        to_(from_) {
    stepper_->begin(system_, from_);
  }
  void take(int count) {
    for (int i = 0; i < count; ++i) {
      to_.time = from_.time + step;
      stepper_->attempt(system_, from_, step, to_);
      std::swap(from_, to_);
    }
  }

 private:
  Costless costless_;
  System system_;
  std::unique_ptr<RunningStepper> stepper_;
  Point from_, to_;
};

void run(Index N, int count) {
  Costless costless;
  State state = State::Ones(N, 1);
  integrate(costless, state, {.end = 1e9, .first_step = step, .largest_step = step, .most_steps = count});
}

/// Reads and writes what a step does, pass by pass: six sums of x and the derivatives known so far, the error, its
/// scaling, its norm.
class Traffic {
 public:
  explicit Traffic(Index N) : N_(N), arrays_(11, Vector<double>::Ones(N)) {}

  void take(int count) {
    for (int i = 0; i < count; ++i) {
      sum<tmp, x, k1>();
      sum<tmp, x, k1, k2>();
      sum<tmp, x, k1, k2, k3>();
      sum<tmp, x, k1, k2, k3, k4>();
      sum<tmp, x, k1, k2, k3, k4, k5>();
      sum<next, x, k1, k3, k4, k5, k6>();
      sum<error, k1, k3, k4, k5, k6, k7>();
      sum<scaled, error, x, k1>();
      benchmark::DoNotOptimize(arrays_[error].sum());
    }
  }

 private:
  enum Name : std::size_t { x, k1, k2, k3, k4, k5, k6, k7, tmp, next, error };
  static constexpr Name scaled = error;

  template <Name into, Name... from>
  void sum() {
    double* const to = arrays_[into].data();
    const std::array<const double*, sizeof...(from)> of{arrays_[from].data()...};
    add(to, of, std::make_index_sequence<sizeof...(from)>());
    benchmark::ClobberMemory();
  }
  template <std::size_t n, std::size_t... k>
  void add(double* to, const std::array<const double*, n>& of, std::index_sequence<k...>) const {
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
    for (Index i = 0; i < N_; ++i) to[i] = 0.1 * (of[k][i] + ...);
  }

  Index N_;
  std::vector<Vector<double>> arrays_;
};

/// Odeint as it comes.
class Odeint {
 public:
  using Column = Eigen::VectorXd;

  explicit Odeint(Index N) : x_(Column::Ones(N)) {}
  void take(int count) {
    for (int i = 0; i < count; ++i) {
      double dt = step;
      stepper_.try_step(Costless{}, x_, t_, dt);
    }
  }

 private:
  using Method = boost::numeric::odeint::runge_kutta_dopri5<Column, double, Column, double,
                                                            boost::numeric::odeint::vector_space_algebra>;
  decltype(make_controlled(1e-9, 1e-6, Method())) stepper_ = make_controlled(1e-9, 1e-6, Method());
  Column x_;
  double t_ = 0;
};

/// Of this process on a core: others that are busy meanwhile do not count.
template <class Work>
double seconds(const Work& work) {
  const std::clock_t before = std::clock();
  work();
  return static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void dormand_prince(benchmark::State& bench) {
  const Index N = bench.range(0);
  const int count = static_cast<int>(std::max<Index>(1, 100'000 / N));
  Steps steps(N);
  Traffic traffic(N);
  Odeint odeint(N);
  std::vector<double> of_step, of_run, of_traffic, of_odeint;
  for (auto _ : bench) {
    of_step.push_back(seconds([&] { steps.take(count); }));
    of_traffic.push_back(seconds([&] { traffic.take(count); }));
    of_odeint.push_back(seconds([&] { odeint.take(count); }));
    // A run begins with what it allocates and evaluates: the difference of two is of steps alone.
    const double once = seconds([&] { run(N, count); });
    of_run.push_back(seconds([&] { run(N, 2 * count); }) - once);
  }
  const double of_loop = median(of_traffic), of_own = median(of_step);
  bench.counters["step_over_traffic"] = of_own / of_loop;
  bench.counters["run_over_traffic"] = median(of_run) / of_loop;
  bench.counters["odeint_over_step"] = median(of_odeint) / of_own;
  bench.counters["us_a_step"] = 1e6 * of_own / count;
}

BENCHMARK(dormand_prince)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
