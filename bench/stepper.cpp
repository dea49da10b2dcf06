// SPDX-License-Identifier: MIT
// What DormandPrince itself costs, of a system whose right-hand side costs nothing: beside a loop that reads and writes
// the same bytes, and beside Boost.Odeint as it comes, on Eigen vectors through vector_space_algebra.
#include <hamlet/dynamics/integrate.hpp>

#include <boost/numeric/odeint/algebra/vector_space_algebra.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
// What it specialises it does not include.
#include <boost/numeric/odeint/external/eigen/eigen.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "contest.hpp"

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

/// Steps of a whole run, each with the loop around it.
class Run {
 public:
  explicit Run(Index N) : state_(State::Ones(N, 1)) {}
  void take(int count) {
    integrate(costless_, state_, {.end = 1e9, .first_step = step, .largest_step = step, .most_steps = count});
  }

 private:
  Costless costless_;
  State state_;
};

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

/// As many steps as touch some megabytes, so that what a run allocates at its beginning is a small part of it.
template <class Stepped>
contest::Work steps(Index N) {
  auto stepped = std::make_shared<Stepped>(N);
  return [stepped, count = static_cast<int>(std::max<Index>(20, 2'000'000 / N))] { stepped->take(count); };
}

}  // namespace

int main(int count, char** arguments) {
  for (const Index N : {10'000, 100'000, 1'000'000}) {
    for (const bool whole : {false, true}) {
      const std::string row = fmt::format("{} of DormandPrince, N = {}", whole ? "run" : "steps", N);
      contest::enter(row, "ours", [=] { return whole ? steps<Run>(N) : steps<Steps>(N); });
      contest::enter(row, "limit", [=] { return steps<Traffic>(N); });
      contest::enter(row, "odeint", [=] { return steps<Odeint>(N); });
    }
  }
  return contest::run(count, arguments);
}
