// SPDX-License-Identifier: MIT
// Spin networks of every kind beside what they must do, written as their papers have it, in matrices and without haste.
#pragma once

#include <hamlet/spin/bidirectional_spins.hpp>
#include <hamlet/spin/classical_spins.hpp>
#include <hamlet/spin/coupled_spins.hpp>
#include <hamlet/spin/dense_spins.hpp>
#include <hamlet/spin/hebbian_weights.hpp>
#include <hamlet/spin/pseudo_inverse.hpp>
#include <hamlet/spin/spin_network.hpp>
#include <hamlet/spin/storkey_weights.hpp>
#include <hamlet/spin/unlearn.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>

#include <functional>
#include <string>
#include <vector>

#include "laws/random.hpp"

namespace hamlet::laws {

namespace mp = boost::multiprecision;
/// Whole numbers and exponentials of thousands alike.
using Exact = mp::number<mp::cpp_bin_float<1200, mp::digit_base_2, void, std::int64_t, -(1LL << 40), 1LL << 40>>;

/// E of a column of ±1, exact or as good as.
using ExactEnergy = std::function<Exact(const Vector<double>&)>;
/// The field, whose sign a spin takes.
using ExactField = std::function<Exact(const Vector<double>&, Index)>;

struct SpinInstance {
  std::string name;
  SpinNetwork network;
  ExactEnergy energy;
  ExactField field;
  double rounding = 0;  ///< Of energies, relative; 0: exact.
};

/// −½ σᵀWσ − b·σ and Wσ + b, of whole numbers or of those that the model has rounded.
inline SpinInstance quadratic(std::string name, SpinNetwork network, const State& weights, const Vector<double>& bias,
                              double scale, double rounding = 0) {
  return {std::move(name), std::move(network),
          [=](const Vector<double>& s) { return Exact(-s.dot(weights * s) / 2 - bias.dot(s)) * Exact(scale); },
          [=](const Vector<double>& s, Index i) { return Exact(weights.row(i).dot(s) + bias[i]); }, rounding};
}

/// −Σ F(ξ·σ) and Σ [F(ξ_i + y) − F(−ξ_i + y)].
template <class F, class G>
SpinInstance dense(const std::string& name, const SpinPatterns& patterns, const F& f, const G& exact_f,
                   double rounding) {
  const State xi = patterns.matrix();
  std::vector<Exact> values;
  for (Index x = -patterns.spins(); x <= patterns.spins(); ++x) values.push_back(exact_f(Exact(x)));
  const auto value = [values, N = patterns.spins()](double x) {
    return values[static_cast<std::size_t>(static_cast<Index>(x) + N)];
  };
  return {name, DenseSpins(patterns, f),
          [=](const Vector<double>& s) {
            Exact sum = 0;
            for (Index k = 0; k < xi.rows(); ++k) sum -= value(xi.row(k).dot(s));
            return sum;
          },
          [=](const Vector<double>& s, Index i) {
            Exact sum = 0;
            for (Index k = 0; k < xi.rows(); ++k) {
              const double y = xi.row(k).dot(s) - xi(k, i) * s[i];
              sum += value(xi(k, i) + y) - value(-xi(k, i) + y);
            }
            return sum;
          },
          rounding};
}

/// A functor as a user would write it.
struct CubicAndFifth {
  template <class T>
  T operator()(const T& x) const {
    return x * x * x + 2.0 * x * x * x * x * x;
  }
};
struct StretchedExponential {
  template <class T>
  T operator()(const T& x) const {
    using std::exp;
    return x > 0.0 ? T(exp(1.5 * x)) : T(1.0 + x);
  }
};

inline Exact power(const Exact& x, int n) { return mp::pow(x, n); }

/// Weights that promise nothing: neither symmetric nor of a diagonal that holds.
inline SpinInstance asymmetric(Index N, Spins::Random& random) {
  const CoupledSpins network(normal(N, N, random), normal(N, 1, random));
  return quadratic("asymmetric", network, network.weights(), network.bias(), 1);
}

/// Those whose energy descends.
inline std::vector<SpinInstance> spin_instances(Index N, Index K, Spins::Random& random) {
  std::vector<SpinInstance> all;
  const SpinPatterns patterns = SpinPatterns::random(K, N, random);
  const State xi = patterns.matrix(), sums = xi.transpose() * xi;
  State without = sums;
  without.diagonal().setZero();
  const Vector<double> none = Vector<double>::Zero(N);
  // Multiples of 1/8, which times N are exact
  const Vector<double> bias = (8 * normal(N, 1, random)).array().round() / 8;
  const double scale = 1 / static_cast<double>(N);
  all.push_back(quadratic("classical", ClassicalSpins(patterns), without, none, scale, 1e-15));
  all.push_back(
      quadratic("self-coupled", ClassicalSpins(patterns, {.diagonal = SelfCoupling::kept}), sums, none, scale, 1e-15));
  all.push_back(quadratic("biased", ClassicalSpins(patterns, {.bias = bias}), without, bias * static_cast<double>(N),
                          scale, 1e-14));
  all.push_back(quadratic("Hebbian weights", HebbianWeights(patterns).network(), without, none, scale, 1e-15));
  all.push_back(quadratic("Hebbian weights, biased", HebbianWeights(patterns).network({.bias = bias}), without,
                          bias * static_cast<double>(N), scale, 1e-14));

  const auto coupled = [&](const char* name, const CoupledSpins& network) {
    all.push_back(quadratic(name, network, network.weights(), network.bias(), 1));
  };
  coupled("spin glass", CoupledSpins(
                            [&] {
                              State W = symmetric(N, random);
                              W.diagonal() = W.diagonal().cwiseAbs();
                              return W;
                            }(),
                            normal(N, 1, random)));
  coupled("pseudo-inverse", pseudo_inverse(patterns));
  coupled("pseudo-inverse, self-coupled", pseudo_inverse(patterns, SelfCoupling::kept));
  coupled("Storkey", StorkeyWeights(patterns).network());
  coupled("unlearned", unlearn(HebbianWeights(patterns).network(), {.dreams = 5}));

  for (const int n : {1, 2, 3, 4, 7, 20}) {
    const double rounding = n < 4 ? 0 : 1e-15 * static_cast<double>(K + 2);
    all.push_back(dense(
        "xⁿ, n = " + std::to_string(n), patterns, interaction::Power{n}, [n](const Exact& x) { return power(x, n); },
        rounding));
    all.push_back(dense(
        "max(x, 0)ⁿ, n = " + std::to_string(n), patterns, interaction::RectifiedPower{n},
        [n](const Exact& x) { return x > 0 ? power(x, n) : Exact(0); }, rounding));
  }
  const double rounding = 1e-15 * static_cast<double>(K + 10);
  all.push_back(dense(
      "eˣ", patterns, interaction::Exponential{}, [](const Exact& x) { return Exact(mp::exp(x)); }, rounding));
  all.push_back(dense(
      "x³ + 2x⁵", patterns, CubicAndFifth{}, [](const Exact& x) { return Exact(x * x * x + 2 * x * x * x * x * x); },
      rounding));
  all.push_back(dense(
      "a stretched exponential", patterns, StretchedExponential{},
      [](const Exact& x) { return x > 0 ? Exact(mp::exp(Exact(1.5) * x)) : Exact(1 + x); }, rounding));

  const Index first = N / 3;
  if (first > 0) {
    const State x = xi.leftCols(first), y = xi.rightCols(N - first);
    State both = State::Zero(N, N);
    both.topRightCorner(first, N - first) = x.transpose() * y;
    both.bottomLeftCorner(N - first, first) = y.transpose() * x;
    all.push_back(
        quadratic("bidirectional", BidirectionalSpins(SpinPatterns::sign(x), SpinPatterns::sign(y)), both, none, 1));
  }
  return all;
}

}  // namespace hamlet::laws
