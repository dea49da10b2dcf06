// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <models/hopfield_tank.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;

namespace {

/// Distances of random points, so that they are symmetric.
State distances_of(Index cities, laws::Random& random) {
  const State points = laws::normal(cities, 2, random);
  State distances(cities, cities);
  for (Index a = 0; a < cities; ++a) {
    for (Index b = 0; b < cities; ++b) distances(a, b) = (points.row(a) - points.row(b)).norm();
  }
  return distances;
}

/// The energy as the papers write it, term by term, without its leak.
double energy(const Vector<double>& v, const State& d, double C) {
  const Index N = d.rows();
  const double longest = d.maxCoeff(), shortest = (d + State(longest * State::Identity(N, N))).minCoeff();
  const double D = 1 / longest, B = 3 * D * longest + C, A = B - D * shortest;
  const double wanted = static_cast<double>(N) + 3 * D * longest / C;
  const auto at = [&](Index X, Index i) { return v[N * X + (i + N) % N]; };
  double twice = C * std::pow(v.sum() - wanted, 2);
  for (Index X = 0; X < N; ++X) {
    for (Index i = 0; i < N; ++i) {
      for (Index j = 0; j < N; ++j) twice += j == i ? 0 : A * at(X, i) * at(X, j);
      for (Index Y = 0; Y < N; ++Y) {
        twice += Y == X ? 0 : B * at(X, i) * at(Y, i);
        twice += D * d(X, Y) * at(X, i) * (at(Y, i + 1) + at(Y, i - 1));
      }
    }
  }
  return twice / 2;
}

/// Whether a corner of the cube is a tour: every city once, one at a time.
bool is_tour(const Vector<double>& corner, Index cities) {
  const Eigen::Map<const State> places(corner.data(), cities, cities);
  return (places.rowwise().sum().array() == 1).all() && (places.colwise().sum().array() == 1).all();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hopfield_tank)

BOOST_AUTO_TEST_CASE(energy_and_flow_are_those_of_the_papers) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    const Index N = 3 + static_cast<Index>(seed), B = 3;
    const State d = distances_of(N, random);
    const double C = 0.3, beta = 2;
    Flow flow = models::hopfield_tank(d, {.C = C, .beta = beta, .tau = 0.5});
    const State x = laws::normal(N * N, B, random);
    const State v = 1 / (1 + (-beta * x.array()).exp());
    // The leak is L* = Σ ∫ logit(v)/β dv, which is −H(v)/β.
    const Energies leak =
        ((v.array() * v.array().log() + (1 - v.array()) * (1 - v.array()).log()) / beta).colwise().sum();
    const double constant = energy(Vector<double>::Zero(N * N), d, C);
    State derivative;
    flow(x, derivative, 0);
    for (Index sample = 0; sample < B; ++sample) {
      const double whole = energy(v.col(sample), d, C);
      BOOST_TEST(std::abs(flow.energy(x)[sample] - (whole - constant + leak[sample])) < 1e-11 * std::abs(constant));
      for (Index i = 0; i < N * N; ++i) {
        // Exact for what is quadratic.
        Vector<double> up = v.col(sample), down = v.col(sample);
        up[i] += 0.5;
        down[i] -= 0.5;
        const double slope = energy(up, d, C) - energy(down, d, C);
        BOOST_TEST(std::abs(0.5 * derivative(i, sample) + x(i, sample) + slope) < 1e-10 * (1 + std::abs(slope)));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(tours_are_the_only_corners_that_are_stable) {
  const Index N = 4, corners = Index{1} << (N * N);
  const State all =
      State::NullaryExpr(N * N, corners, [](Index i, Index corner) { return static_cast<double>(corner >> i & 1); });
  for (const unsigned seed : {1u, 2u, 3u}) {
    for (const double C : {0.001, 0.1, 2.0}) {
      laws::Random random(seed);
      const Flow flow = models::hopfield_tank(distances_of(N, random), {.C = C});
      State u;
      flow.currents(all, u);
      Index tours = 0;
      for (Index corner = 0; corner < corners; ++corner) {
        // −∂E/∂v points out of the cube along every edge.
        const bool stable = ((u.col(corner).array() > 0) == (all.col(corner).array() == 1)).all();
        const bool tour = is_tour(all.col(corner), N);
        tours += tour ? 1 : 0;
        if (stable != tour) {
          BOOST_ERROR("seed " << seed << ", C = " << C << ": a corner that is " << (tour ? "a" : "no") << " tour is "
                              << (stable ? "" : "not ") << "stable:\n"
                              << all.col(corner).transpose());
          break;
        }
      }
      BOOST_TEST(tours == 24);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_distance_is_refused) {
  laws::Random random(1);
  const State d = distances_of(4, random);
  BOOST_TEST(laws::names(laws::message<ShapeError>([&] { models::hopfield_tank(d.topRows(3)); }), {"3 × 4"}));
  BOOST_TEST(laws::names(laws::message<ShapeError>([&] { models::hopfield_tank(d.topLeftCorner(2, 2)); }), {"2 × 2"}));
  State skew = d;
  skew(0, 1) += 1;
  BOOST_TEST(laws::names(laws::message<ValueError>([&] { models::hopfield_tank(skew); }), {"symmetric"}));
  BOOST_TEST(laws::names(laws::message<ValueError>([&] { models::hopfield_tank(State::Zero(4, 4)); }), {"one place"}));
  BOOST_TEST(laws::names(laws::message<ValueError>([&] { models::hopfield_tank(d, {.C = 0}); }), {"C = 0"}));
}

BOOST_AUTO_TEST_SUITE_END()
