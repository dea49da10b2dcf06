// SPDX-License-Identifier: MIT
#include "dynamics/extrapolation.hpp"

#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/odeint.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/dense.hpp>

#include <boost/numeric/odeint/stepper/bulirsch_stoer.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "dynamics/problems.hpp"
#include "laws/random.hpp"

using namespace hamlet;
namespace odeint = boost::numeric::odeint;

namespace {

struct Problem {
  std::string name;
  std::function<void(const State&, State&, double)> f;
  State start;
  double fitting;  // a step about as long as its solution allows
};

Problem two_layers(double hidden_tau, Index samples, unsigned seed) {
  laws::Random random(seed);
  Network net;
  const LayerHandle v = net.add({.name = "v", .shape = {6}, .lagrangian = LogCosh{}});
  const LayerHandle h = net.add({.name = "h", .shape = {9}, .lagrangian = LogSumExp{.beta = 4}, .tau = hidden_tau});
  net.connect({v, h}, Dense{laws::normal(9, 6, random)});
  return {"two layers, hidden τ = " + std::to_string(hidden_tau) + ", seed " + std::to_string(seed), Flow{net},
          laws::normal(15, samples, random), hidden_tau};
}

/// A rotation at about this rate, in a clock that runs unevenly: it never comes to rest, and needs the highest orders.
Problem rotation(double rate, Index samples, unsigned seed) {
  laws::Random random(seed);
  const State half = laws::normal(6, 6, random), A = rate * (half - half.transpose());
  return {"rotation at rate " + std::to_string(rate),
          [A, rate](const State& x, State& dxdt, double t) { dxdt.noalias() = (1 + 0.9 * std::cos(rate * t)) * A * x; },
          laws::normal(6, samples, random), 0.5 / rate};
}

std::vector<Problem> problems_of(Index samples) {
  std::vector<Problem> problems{
      {"logistic in an uneven clock", problems::Logistic(4), problems::Logistic(4).start(samples, 4), 0.5},
      rotation(1, samples, 1),
      rotation(3, samples, 2),
      rotation(1e15, samples, 3)};  // steps near odeint's smallest difference of steps
  for (const unsigned seed : {1u, 2u, 3u, 4u})
    for (const double hidden_tau : {1.0, 0.3, 1e-3}) problems.push_back(two_layers(hidden_tau, samples, seed));
  return problems;
}

/// Equal to the bit, and NaN where the other is.
bool same(const State& a, const State& b) {
  return (a.array() == b.array() || (a.array().isNaN() && b.array().isNaN())).all();
}

/// A stepper with error control on its way.
template <class S>
struct Walk {
  S stepper;
  const Problem& problem;
  State x = problem.start, to = problem.start;
  double t = 0, dt;
  long calls = 0;  // of the right-hand side, in the last attempt

  bool attempt() {
    calls = 0;
    const auto f = [this](const State& at, State& dxdt, double time) {
      ++calls;
      problem.f(at, dxdt, time);
    };
    const bool accepted = stepper.try_step(f, x, t, to, dt) == odeint::success;
    if (accepted) x = to;
    return accepted;
  }
};

/// What attempts were seen, by the last row k: it is reached after 1 + 2 + 4 + … + 2 (k + 1) right-hand sides.
struct Seen {
  std::array<long, 9> accepted = {}, refused = {};
  long higher = 0, lower = 0;  // accepted, at another row than the attempt before
  long longer = 0, shorter = 0, kept = 0;
  long not_finite = 0;
};

/// Both steppers from the same start, attempt by attempt, until they differ. Now and then the step is changed from
/// outside, and both are reset.
void walk_together(const Problem& problem, double relative, double absolute, double first, Seen& seen) {
  Walk<MidpointExtrapolation> own{.stepper{relative, absolute}, .problem = problem, .dt = first};
  Walk<odeint::bulirsch_stoer<State>> boosts{.stepper{absolute, relative}, .problem = problem, .dt = first};
  std::size_t last_row = 0;
  for (int attempt = 0; attempt < 150; ++attempt) {
    const double step = own.dt;
    const bool accepted = own.attempt(), boosts_accepted = boosts.attempt();
    const bool agree = accepted == boosts_accepted && own.calls == boosts.calls && own.t == boosts.t &&
                       own.dt == boosts.dt && same(own.to, boosts.to);
    BOOST_TEST(agree, "attempt " << attempt << " of a step of " << step << ": " << accepted << " and "
                                 << boosts_accepted << ", to t = " << own.t << " and " << boosts.t << ", then "
                                 << own.dt << " and " << boosts.dt << ", x " << laws::distance(own.to, boosts.to)
                                 << " apart");
    if (!agree) return;
    std::size_t row = 0;
    while (1 + static_cast<long>((row + 1) * (row + 2)) < own.calls) ++row;
    ++(accepted ? seen.accepted : seen.refused)[row];
    seen.higher += accepted && row > last_row;
    seen.lower += accepted && row < last_row;
    last_row = row;
    seen.longer += own.dt > step;
    seen.shorter += own.dt < step;
    seen.kept += own.dt == step;
    seen.not_finite += !own.to.allFinite();
    if (attempt % 40 == 20) own.dt = boosts.dt = 0.3 * own.dt;
    if (attempt % 40 == 30) own.dt = boosts.dt = 20 * own.dt;
    if (attempt % 40 == 39) {
      own.stepper.reset();
      boosts.stepper.reset();
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(extrapolation)

BOOST_AUTO_TEST_CASE(every_attempt_is_that_of_odeints_bulirsch_stoer) {
  Seen seen;
  for (const Index samples : {1, 3})
    for (const Problem& problem : problems_of(samples))
      for (const double tolerance : {1e-4, 1e-8, 1e-11, 1e-13})
        for (const double scale : {1e-6, 1.0, 1e3}) {
          BOOST_TEST_CONTEXT(problem.name << " × " << samples << " within " << tolerance << ", first step " << scale) {
            walk_together(problem, tolerance, tolerance / 10, scale * problem.fitting, seen);
          }
        }
  for (std::size_t row = 1; row < seen.accepted.size(); ++row) {
    BOOST_TEST(seen.accepted[row] > 0, "row " << row << " is never accepted");
    BOOST_TEST(seen.refused[row] > 0, "row " << row << " is never refused");
  }
  for (const long count : {seen.higher, seen.lower, seen.longer, seen.shorter, seen.kept, seen.not_finite})
    BOOST_TEST(count > 0);
}

BOOST_AUTO_TEST_CASE(so_is_every_run) {
  const double relative = 1e-7, absolute = 1e-10;
  const Stepper boosts = Odeint{odeint::bulirsch_stoer<State>(absolute, relative)};
  for (const Problem& problem : problems_of(3))
    for (const double scale : {1e-6, 1.0, 1e3}) {
      BOOST_TEST_CONTEXT(problem.name << ", first step " << scale) {
        const auto run = [&](const Stepper& stepper, State& x) {
          return integrate(problem.f, x,
                           {.stepper = stepper, .end = 20 * problem.fitting, .first_step = scale * problem.fitting})
              .statistics;
        };
        State x = problem.start, boosts_x = x;
        const Statistics own_run = run(BulirschStoer{relative, absolute}, x), boosts_run = run(boosts, boosts_x);
        BOOST_TEST((x == boosts_x));
        BOOST_TEST(own_run.steps == boosts_run.steps);
        BOOST_TEST(own_run.rejected == boosts_run.rejected);
        BOOST_TEST(own_run.right_hand_sides == boosts_run.right_hand_sides);
      }
    }
}

BOOST_AUTO_TEST_SUITE_END()
