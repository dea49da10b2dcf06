// SPDX-License-Identifier: MIT
#pragma once

#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/factorials.hpp>
#include <boost/math/tools/minima.hpp>

#include <cmath>
#include <numbers>

namespace theory {

/// Q(z), the chance that a normal number exceeds z.
inline double exceeds(double z) { return boost::math::cdf(boost::math::complement(boost::math::normal{}, z)); }

/// Of K random patterns in N neurons with F = xⁿ, the share of bits of a stored pattern that are unstable: one memory
/// speaks for the bit and K others are noise of variance (2n − 3)!! K/N^{n−1}, in units of the signal; half as much
/// where F is rectified. For n = 2 this is Q(√(N/K)) of the classical network.
/// Source: Krotov & Hopfield, "Dense Associative Memory for Pattern Recognition", NeurIPS 2016, section 2.
inline double bit_error(double N, double K, unsigned n, bool rectified = false) {
  const double noise = boost::math::double_factorial<double>(2 * n - 3) * K / std::pow(N, n - 1);
  return exceeds(1 / std::sqrt(rectified ? noise / 2 : noise));
}

/// The K at which bit_error is `error`.
inline double storage(double N, unsigned n, double error, bool rectified = false) {
  const double z = boost::math::quantile(boost::math::complement(boost::math::normal{}, error));
  const double K = std::pow(N, n - 1) / (boost::math::double_factorial<double>(2 * n - 3) * z * z);
  return rectified ? 2 * K : K;
}

/// The overlap m of the retrieval state and the load α at which it is so large, by the parameter y = m/√(2αr). From the
/// mean-field equations at T = 0,
///     m = erf y,   √(αr) (1 − C) = √α,   C = √(2/(παr)) e^{−y²},
/// follows √(αr) = √α + √(2/π) e^{−y²}, and with √(αr) = erf y/(√2 y) that √(2α) = erf(y)/y − (2/√π) e^{−y²}.
/// Source: Amit, Gutfreund & Sompolinsky, "Storing Infinite Numbers of Patterns in a Spin-Glass Model of Neural
/// Networks", Physical Review Letters 55, 1985.
struct Retrieval {
  double load, overlap;
};
inline Retrieval retrieval(double y) {
  const double root = std::erf(y) / y - 2 / std::sqrt(std::numbers::pi) * std::exp(-y * y);
  return {root * root / 2, std::erf(y)};
}

/// The y of the largest load that has a retrieval state; smaller y are unstable.
inline double critical() {
  return boost::math::tools::brent_find_minima([](double y) { return -retrieval(y).load; }, 0.5, 3.0, 40).first;
}

/// The load K/N up to which sparse patterns of coding level a are held by the covariance rule, as a → 0.
/// Source: Tsodyks & Feigelman, "The Enhanced Storage Capacity in Neural Networks with Low Activity Level", Europhysics
/// Letters 6, 1988.
inline double sparse_capacity(double a) { return 1 / (2 * a * std::abs(std::log(a))); }

}  // namespace theory
