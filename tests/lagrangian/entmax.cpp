// SPDX-License-Identifier: MIT
// Sparsemax and α-entmax against what defines them: the maximisation they solve, and their limits at α = 1 and 2.
#include <hamlet/lagrangian/entmax.hpp>
#include <hamlet/lagrangian/log_sum_exp.hpp>
#include <hamlet/lagrangian/sparsemax.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "laws/random.hpp"

using namespace hamlet;

namespace {

/// x·p − β⁻¹ Σ(p^α − p)/(α(α−1)), what g maximises.
double objective(double alpha, double beta, const Vector<double>& x, const Vector<double>& p) {
  return x.dot(p) - (p.array().pow(alpha) - p.array()).sum() / (alpha * (alpha - 1)) / beta;
}

template <class Law>
void for_random_states(const Law& law) {
  for (const unsigned seed : {1u, 2u, 3u, 4u, 5u}) {
    laws::Random random(seed);
    for (const Index neurons : {1, 2, 7, 60, 1000}) {
      for (const double scale : {1e-3, 0.3, 1.0, 4.0, 100.0}) {
        const double beta = std::uniform_real_distribution(0.3, 4.0)(random);
        const Vector<double> x = laws::normal(neurons, 1, random, scale);
        BOOST_TEST_CONTEXT("seed " << seed << ", " << neurons << " neurons, scale " << scale << ", beta " << beta) {
          law(beta, x, random);
        }
      }
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(entmax)

// p = argmin ½‖p − z‖² over the simplex iff p ≥ 0, Σp = 1 and z_i − p_i is a τ where p_i > 0, z_i ≤ τ elsewhere.
BOOST_AUTO_TEST_CASE(sparsemax_is_the_projection_on_the_simplex) {
  for_random_states([](double beta, const Vector<double>& x, laws::Random& random) {
    const Vector<double> p = Lagrangian(Sparsemax{.beta = beta}).activation(x), z = beta * x;
    const double rounding = 1e-14 * (1 + z.cwiseAbs().maxCoeff());
    BOOST_TEST(p.minCoeff() >= 0);
    BOOST_TEST(std::abs(p.sum() - 1) <= rounding);
    Index top = 0;
    z.maxCoeff(&top);
    const double tau = z[top] - p[top];
    for (Index i = 0; i < z.size(); ++i) {
      if (p[i] > 0)
        BOOST_TEST(std::abs(z[i] - p[i] - tau) <= rounding);
      else
        BOOST_TEST(z[i] <= tau + rounding);
    }
    // No other point of the simplex is nearer.
    for (int trial = 0; trial < 5; ++trial) {
      Vector<double> q = laws::normal(z.size(), 1, random).cwiseAbs();
      q = 0.9 * p + 0.1 * q / q.sum();
      BOOST_TEST((q - z).squaredNorm() >= (p - z).squaredNorm() * (1 - 1e-14));
    }
  });
}

// The maximum over the simplex: βx_i − (p_i^{α−1} − 1)/(α−1) is a t where p_i > 0, and βx_i ≤ t − 1/(α−1) elsewhere.
BOOST_AUTO_TEST_CASE(entmax_meets_the_conditions_of_its_maximum) {
  for_random_states([](double beta, const Vector<double>& x, laws::Random& random) {
    for (const double alpha : {1.0001, 1.1, 1.25, 1.5, 1.75, 2.0}) {
      BOOST_TEST_CONTEXT("alpha " << alpha) {
        const Lagrangian L = Entmax{.alpha = alpha, .beta = beta};
        const Vector<double> p = L.activation(x), z = beta * x;
        const double rounding = 2e-13 * (1 + z.cwiseAbs().maxCoeff());
        BOOST_TEST(p.minCoeff() >= 0);
        BOOST_TEST(std::abs(p.sum() - 1) <= rounding);
        const auto price = [&](Index i) { return z[i] - std::expm1((alpha - 1) * std::log(p[i])) / (alpha - 1); };
        Index top = 0;
        z.maxCoeff(&top);
        const double t = price(top);
        for (Index i = 0; i < z.size(); ++i) {
          // Of a p near the smallest number there is the logarithm has few digits.
          if (p[i] > 1e-200)
            BOOST_TEST(std::abs(price(i) - t) <= rounding);
          else
            BOOST_TEST(z[i] <= t - (1 - std::pow(1e-200, alpha - 1)) / (alpha - 1) + rounding);
        }
        const double best = L.value(x)[0], size = 1 + x.cwiseAbs().maxCoeff();
        BOOST_TEST(std::abs(objective(alpha, beta, x, p) - best) <= 1e-11 * size);
        for (int trial = 0; trial < 5; ++trial) {
          Vector<double> q = laws::normal(z.size(), 1, random).cwiseAbs();
          q = 0.9 * p + 0.1 * q / q.sum();
          BOOST_TEST(objective(alpha, beta, x, q) <= best + 1e-11 * size);
        }
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(zeros_are_exact_and_more_of_them_the_larger_alpha) {
  laws::Random random(6);
  const Vector<double> x = laws::normal(200, 1, random);
  Index zeros = 0;
  for (const double alpha : {1.1, 1.3, 1.5, 1.7, 2.0}) {
    const Index now = (Lagrangian(Entmax{.alpha = alpha, .beta = 2}).activation(x).array() == 0).count();
    BOOST_TEST(now >= zeros);
    zeros = now;
  }
  BOOST_TEST(zeros > 150);
  BOOST_TEST((Lagrangian(Sparsemax{.beta = 2}).activation(x).array() == 0).count() == zeros);
}

BOOST_AUTO_TEST_CASE(at_alpha_2_it_is_sparsemax) {
  for_random_states([](double beta, const Vector<double>& x, laws::Random& random) {
    const Lagrangian entmax = Entmax{.alpha = 2, .beta = beta}, sparsemax = Sparsemax{.beta = beta};
    const double rounding = 1e-14 * (1 + beta * x.cwiseAbs().maxCoeff());
    BOOST_TEST((entmax.activation(x) - sparsemax.activation(x)).cwiseAbs().maxCoeff() <= rounding);
    BOOST_TEST(std::abs(entmax.value(x)[0] - sparsemax.value(x)[0]) <= rounding / beta);
    const State u = laws::normal(x.size(), 1, random);
    BOOST_TEST((entmax.hessian_product(x, u) - sparsemax.hessian_product(x, u)).cwiseAbs().maxCoeff() <= 1e-13 * beta);
  });
}

// The difference is (α − 1) times a function of x, and something of order (α − 1)².
BOOST_AUTO_TEST_CASE(towards_alpha_1_it_is_log_sum_exp) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Index neurons : {2, 7, 60}) {
      const double beta = std::uniform_real_distribution(0.3, 4.0)(random);
      const Vector<double> x = laws::normal(neurons, 1, random, 1 / beta);
      const Lagrangian softmax = LogSumExp{.beta = beta};
      const auto slopes = [&](double distance) {
        const Lagrangian entmax = Entmax{.alpha = 1 + distance, .beta = beta};
        Vector<double> both(neurons + 1);
        both << entmax.activation(x) - softmax.activation(x), entmax.value(x)[0] - softmax.value(x)[0];
        return Vector<double>(both / distance);
      };
      const Vector<double> limit = 2 * slopes(1e-5) - slopes(2e-5);
      BOOST_TEST(limit.cwiseAbs().maxCoeff() > 1e-3);
      for (const double distance : {1e-2, 1e-3, 1e-4, 1e-5, 1e-6}) {
        BOOST_TEST_CONTEXT("seed " << seed << ", " << neurons << " neurons, alpha = 1 + " << distance) {
          const double bound = 30 * distance + 1e-14 / distance;
          BOOST_TEST((slopes(distance) - limit).cwiseAbs().maxCoeff() <= bound * limit.cwiseAbs().maxCoeff());
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(next_to_alpha_1_nothing_is_lost) {
  laws::Random random(7);
  const Vector<double> x = laws::normal(50, 1, random, 3);
  const double nearest = 1 + std::numeric_limits<double>::epsilon();
  BOOST_TEST((Lagrangian(Entmax{.alpha = nearest}).activation(x) - Lagrangian(LogSumExp{}).activation(x))
                 .cwiseAbs()
                 .maxCoeff() <= 1e-14);
  BOOST_TEST(std::abs(Lagrangian(Entmax{.alpha = nearest}).value(x)[0] - Lagrangian(LogSumExp{}).value(x)[0]) <=
             1e-14 * x.cwiseAbs().maxCoeff());
}

BOOST_AUTO_TEST_CASE(what_is_no_number_shows) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  for (const Lagrangian& L : {Lagrangian(Sparsemax{}), Lagrangian(Entmax{})}) {
    for (const double bad : {nan, infinity}) {
      for (const Index at : {0, 1, 2}) {
        Vector<double> x{{1, -1, 0.5}};
        x[at] = bad;
        BOOST_TEST(std::isnan(L.value(x)[0]));
        BOOST_TEST(L.activation(x).hasNaN());
      }
    }
    BOOST_TEST((L.activation(Vector<double>{{1, -infinity, -5}}) == Vector<double>{{1, 0, 0}}));
  }
}

BOOST_AUTO_TEST_SUITE_END()
