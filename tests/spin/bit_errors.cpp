// SPDX-License-Identifier: MIT
// How often a bit of a stored pattern errs, against theory. Errors of bits of one network depend on one another, so
// that standard errors are those of independent networks.
#include <hamlet/spin/classical_spins.hpp>
#include <hamlet/spin/dense_spins.hpp>
#include <hamlet/spin/spin_network.hpp>

#include <boost/math/distributions/binomial.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>

using namespace hamlet;
using interaction::Power, interaction::RectifiedPower;

namespace {

/// P(x > z) of a normal x.
double upper_tail(double z) { return std::erfc(z / std::numbers::sqrt2) / 2; }

struct Measured {
  double rate = 0, standard_error = 0;
};

/// The mean over networks of the share of bits that err in some of the patterns of each.
template <class MakeNetwork>
Measured bit_errors(Index N, Index K, int networks, Index patterns_each, std::uint64_t seed, const MakeNetwork& make) {
  Spins::Random random(seed);
  double sum = 0, squares = 0;
  for (int k = 0; k < networks; ++k) {
    const SpinPatterns patterns = SpinPatterns::random(K, N, random);
    const SpinNetwork network = make(patterns);
    double rate = 0;
    for (Index row = 0; row < patterns_each; ++row)
      rate += static_cast<double>(network.unstable(patterns[row])) / static_cast<double>(N * patterns_each);
    sum += rate;
    squares += rate * rate;
  }
  const double mean = sum / networks;
  return {mean, std::sqrt((squares / networks - mean * mean) / (networks - 1))};
}

/// Within four standard errors, where these are no more than a share of the rate that makes it a test.
void check(const Measured& measured, double theory) {
  BOOST_TEST_MESSAGE(measured.rate << " ± " << measured.standard_error << ", theory " << theory << ": "
                                   << (measured.rate - theory) / measured.standard_error << " standard errors");
  BOOST_TEST(std::abs(measured.rate - theory) < 4 * measured.standard_error);
  BOOST_TEST(measured.standard_error < 0.06 * theory);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bit_errors_)

BOOST_AUTO_TEST_CASE(classical_without_diagonal) {
  constexpr Index N = 1000;
  for (const auto& [K, networks] : {std::pair<Index, int>{200, 30}, {400, 12}, {1000, 12}}) {
    const Measured measured = bit_errors(N, K, networks, 20, static_cast<std::uint64_t>(K),
                                         [](const SpinPatterns& patterns) { return ClassicalSpins(patterns); });
    check(measured, upper_tail(std::sqrt(double{N} / static_cast<double>(K))));
    // Exactly: of (N − 1)(K − 1) signs that are independent, the sum is below −(N − 1).
    const double signs = (double{N} - 1) * (static_cast<double>(K) - 1);
    const double plus = std::floor((signs - (double{N} - 1)) / 2 - 0.25);
    check(measured, cdf(boost::math::binomial_distribution<>(signs, 0.5), plus));
  }
}

BOOST_AUTO_TEST_CASE(classical_with_the_diagonal_kept) {
  constexpr Index N = 1000;
  for (const auto& [K, networks] : {std::pair<Index, int>{400, 30}, {700, 12}, {1000, 12}}) {
    const Measured measured = bit_errors(
        N, K, networks, 20, static_cast<std::uint64_t>(K),
        [](const SpinPatterns& patterns) { return ClassicalSpins(patterns, {.diagonal = SelfCoupling::kept}); });
    const auto k = static_cast<double>(K);
    check(measured, upper_tail((N + k) / std::sqrt(N * k)));
  }
}

// (2n − 3)!! = 3 for n = 3.
BOOST_AUTO_TEST_CASE(cubic) {
  constexpr Index N = 100;
  for (const Index K : {1000, 2000, 3000}) {
    const auto k = static_cast<double>(K);
    const auto measure = [&](const auto& f) {
      return bit_errors(N, K, 60, 20, static_cast<std::uint64_t>(K),
                        [&](const SpinPatterns& patterns) { return DenseSpins(patterns, f); });
    };
    check(measure(Power{3}), upper_tail(std::sqrt(double{N} * N / (3 * k))));
    // Half the variance of the noise
    check(measure(RectifiedPower{3}), upper_tail(std::sqrt(2 * double{N} * N / (3 * k))));
  }
}

// What one other memory adds to a decision is D(y) = F(y + 1) − F(y − 1), or −D(y), with y a sum of N − 1 signs: its
// variance is Σ_h C(N−1, h) 2^{1−N} D(2h − N + 1)². For even N, y is odd: D is 0 there for negative y when rectified,
// and xⁿ has D(−y) = ±D(y), so that just half is left.
BOOST_AUTO_TEST_CASE(rectifying_halves_the_variance_of_the_noise) {
  constexpr Index N = 100;
  const auto variance = [](const auto& f) {
    const SpinNetwork network = DenseSpins(SpinPatterns{-Spins(N)}, f);
    const boost::math::binomial_distribution<> agreeing(N - 1, 0.5);
    double sum = 0;
    for (Index h = 0; h < N; ++h) {
      Spins state(N);
      for (Index i = 1; i <= h; ++i) state.flip(i);
      const double D = network.run(state)->difference(0).value();
      sum += pdf(agreeing, h) * D * D;
    }
    return sum;
  };
  for (const int n : {2, 3, 4, 5, 8}) {
    const double all = variance(Power{n});
    BOOST_TEST(std::abs(variance(RectifiedPower{n}) / all - 0.5) < 1e-12);
  }
  // 36 E y⁴ + 24 E y² + 4 for F = x³
  constexpr double m = N - 1;
  BOOST_TEST(std::abs(variance(Power{3}) / (36 * (3 * m * m - 2 * m) + 24 * m + 4) - 1) < 1e-12);
}

// N/(4 ln N): the probability that any bit of any of 36 patterns errs is 0.25 %.
// Source: McEliece et al., IEEE Trans. Inf. Theory 33 (1987).
BOOST_AUTO_TEST_CASE(so_many_patterns_are_all_stable_and_so_are_their_negatives) {
  constexpr Index N = 1000;
  const auto K = static_cast<Index>(N / (4 * std::log(double{N})));
  BOOST_TEST(K == 36);
  Spins::Random random(8);
  for (int instance = 0; instance < 5; ++instance) {
    const SpinPatterns patterns = SpinPatterns::random(K, N, random);
    const SpinNetwork network = ClassicalSpins(patterns);
    for (Index row = 0; row < K; ++row) {
      BOOST_TEST(network.unstable(patterns[row]) == 0);
      BOOST_TEST(network.unstable(-patterns[row]) == 0);
      BOOST_TEST((network.energy(patterns[row]) == network.energy(-patterns[row])));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
