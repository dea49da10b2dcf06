// SPDX-License-Identifier: MIT
// Values against their textbook formulas in sixty digits: the rounding bound holds, and is not absurdly loose.
#include <hamlet/lagrangian/catalogue.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>
#include <vector>

using namespace hamlet;
using Exact = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<60>, boost::multiprecision::et_off>;
using Exacts = std::vector<Exact>;

namespace {

struct Formula {
  Lagrangian lagrangian;
  std::function<Exact(const Exacts&)> exact;
  double largest;          // the largest exponent of ten of the states tried
  double hidden_term = 0;  // of a size that shows in neither L nor x·g
};

std::function<Exact(const Exacts&)> summed(const std::function<Exact(const Exact&)>& term) {
  return [term](const Exacts& x) {
    Exact sum = 0;
    for (const Exact& component : x) sum += term(component);
    return sum;
  };
}

// log cosh z = z²/2 − z⁴/12 + …, whose first term is all of it where sixty digits of cosh z are 1.
Exact log_cosh_of(const Exact& z) { return abs(z) < 1e-20 ? Exact(z * z / 2) : Exact(log(cosh(z))); }

Exact norm(const Exacts& x, const Exact& epsilon) {
  return sqrt(summed([](const Exact& v) { return v * v; })(x) + epsilon);
}

Exact log_sum_exp(const Exacts& x, const Exact& beta) {
  return log(summed([&](const Exact& v) { return exp(beta * v); })(x)) / beta;
}

// L = t + Σ p ((1 − 1/α)(z − t) + 1/α) − 1/α, p = [1 + (α−1)(z − t)]₊^{1/(α−1)}, at the t where Σp = 1, which Newton's
// method finds from below: Σp is convex in t and falls.
Exact entmax(const Exacts& x, const Exact& alpha, const Exact& beta) {
  const Exact top = *std::max_element(x.begin(), x.end());
  for (Exact t = 0;;) {
    Exact mass = 0, slope = 0, conjugate = 0;
    for (const Exact& component : x) {
      const Exact w = beta * (component - top) - t, base = 1 + (alpha - 1) * w;
      if (base <= 0) continue;
      const Exact p = alpha == 2 ? base : Exact(pow(base, 1 / (alpha - 1)));
      mass += p;
      slope += p / base;
      conjugate += p * ((1 - 1 / alpha) * w + 1 / alpha);
    }
    const Exact step = (mass - 1) / slope;
    if (step < 1e-40) return top + (t + conjugate - 1 / alpha) / beta;
    t += step;
  }
}

Exact layer_norm(Exacts x, const Exact& gamma, const Exact& epsilon) {
  const Exact count = x.size();
  const Exact mean = summed([](const Exact& v) { return v; })(x) / count;
  for (Exact& component : x) component -= mean;
  return count * gamma * sqrt(summed([](const Exact& v) { return v * v; })(x) / count + epsilon);
}

std::vector<Formula> formulas(Index neurons, Index group, std::mt19937_64& random) {
  const double log_count = std::log(neurons);
  const auto between = [&](double low, double high) { return std::uniform_real_distribution(low, high)(random); };
  const double beta = between(0.3, 4), gamma = between(0.5, 3), delta = between(-1, 1), n = between(2.1, 4);
  const double epsilon = between(0.01, 0.5);
  std::vector<Formula> all;
  all.push_back({Quadratic{}, summed([](const Exact& x) { return x * x / 2; }), 100});
  all.push_back({Absolute{}, summed([](const Exact& x) { return abs(x); }), 100});
  all.push_back({LogCosh{.beta = beta}, summed([=](const Exact& x) { return log_cosh_of(beta * x) / beta; }), 4});
  all.push_back({Softplus{.beta = beta}, summed([=](const Exact& x) { return log(1 + exp(beta * x)) / beta; }), 4});
  all.push_back({RectifiedPower{.n = n},
                 summed([=](const Exact& x) { return x > 0 ? Exact(pow(x, Exact(n)) / n) : Exact(0); }), 50});
  all.push_back({Power{.n = 3}, summed([](const Exact& x) { return x * x * x / 3; }), 50});
  all.push_back({Exponential{}, summed([](const Exact& x) { return exp(x); }), 2});
  all.push_back({LogSumExp{.beta = beta}, [=](const Exacts& x) { return log_sum_exp(x, beta); }, 4, log_count / beta});
  all.push_back({Sparsemax{.beta = beta}, [=](const Exacts& x) { return entmax(x, 2, beta); }, 50, 1 / beta});
  for (const double alpha : {1.01, 1.2, 1.5, 1.9, 2.0}) {
    all.push_back({Entmax{.alpha = alpha, .beta = beta}, [=](const Exacts& x) { return entmax(x, alpha, beta); }, 50,
                   log_count / beta});
  }
  all.push_back({Norm{.gamma = gamma}, [=](const Exacts& x) { return gamma * norm(x, 0); }, 100});
  all.push_back(
      {Norm{.gamma = gamma, .epsilon = epsilon}, [=](const Exacts& x) { return gamma * norm(x, epsilon); }, 100});
  all.push_back({LayerNorm{.gamma = gamma, .delta = delta, .epsilon = epsilon},
                 [=](const Exacts& x) {
                   return Exact(layer_norm(x, gamma, epsilon) + delta * summed([](const Exact& v) { return v; })(x));
                 },
                 100});
  all.push_back({Grouped{LayerNorm{.gamma = gamma, .epsilon = epsilon}, group},
                 [=](const Exacts& x) {
                   Exact sum = 0;
                   for (auto first = x.begin(); first != x.end(); first += group)
                     sum += layer_norm(Exacts(first, first + group), gamma, epsilon);
                   return sum;
                 },
                 100});
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exact_values)

BOOST_AUTO_TEST_CASE(the_rounding_bound_holds_and_is_sharp) {
  const Index neurons = 96;
  std::normal_distribution<double> normal;
  for (const unsigned seed : {1u, 2u, 3u}) {
    std::mt19937_64 random(seed);
    for (const Formula& formula : formulas(neurons, 8, random)) {
      for (const double exponent : {-100.0, -8.0, -3.0, 0.0, 0.0, 0.0, 2.0, 50.0, 100.0}) {
        const double scale = std::pow(10, std::min(exponent, formula.largest));
        // An offset makes the statistics of LayerNorm cancel.
        const State x = State::NullaryExpr(neurons, 1, [&] { return scale * (normal(random) + 2); });
        const Energies value = formula.lagrangian.value(x), bound = formula.lagrangian.rounding(x);
        const State g = formula.lagrangian.activation(x);
        const Exact exact = formula.exact(Exacts(x.data(), x.data() + neurons));
        BOOST_TEST_CONTEXT(formula.lagrangian.name()
                           << " at scale " << scale << ", seed " << seed << ": " << value[0]) {
          BOOST_TEST(static_cast<double>(abs(value[0] - exact)) <= bound[0]);
          const double magnitude = std::abs(value[0]) + x.cwiseProduct(g).cwiseAbs().sum() + formula.hidden_term;
          BOOST_TEST(bound[0] <= 64 * std::numeric_limits<double>::epsilon() * magnitude + 1e-318);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(log_sum_exp_is_bounded_by_its_largest_state_and_logarithm) {
  // max x = −log N cancels log Σ: L = 0, its error does not.
  const Index neurons = 1000;
  const State x = State::Constant(neurons, 1, -std::log(neurons));
  const Lagrangian L = LogSumExp{};
  const Energies value = L.value(x), bound = L.rounding(x);
  const double terms = 2 * std::log(neurons);
  BOOST_TEST(std::abs(value[0]) <= bound[0]);
  BOOST_TEST(bound[0] >= 0.1 * std::numeric_limits<double>::epsilon() * terms);
  BOOST_TEST(bound[0] <= 10 * std::numeric_limits<double>::epsilon() * terms);
}

BOOST_AUTO_TEST_SUITE_END()
