// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>
#include <hamlet/lagrangian/form.hpp>
#include <hamlet/spin/wide_real.hpp>

#include <cmath>
#include <concepts>
#include <memory>
#include <string>
#include <vector>

namespace hamlet {

/// A function F of one overlap, such as
///
///     struct Cubic {
///       template <class T> T operator()(T x) const { return x * x * x; }
///     };
///
/// It is asked for its values at −N, −N + 2, …, N, as doubles and, where one is too large or too small for these
/// (infinite, NaN, subnormal or 0), as WideReal; an F of double alone must be finite. `std::string name() const` is
/// optional.
template <class F>
concept Interaction = std::copy_constructible<F> && requires(const F& f, double x) {
  { f(x) } -> std::convertible_to<double>;
};

/// The values of an F and their differences F(k + 1) − F(k − 1), and sums of these with an exact sign.
class InteractionTable;

/// From F(−N), F(−N + 2), …, F(N). Throws ValueError when one is NaN or infinite, or their differences are so unlike in
/// size, 2^(2²⁴) and more, that exact sums of them would be too long.
std::shared_ptr<const InteractionTable> tabulate(const std::vector<WideReal>& values);

/// The F of published networks. Source: Krotov & Hopfield, "Dense Associative Memory for Pattern Recognition", NeurIPS
/// 2016, section 2; Demircigil et al., "On a Model of Associative Memory with Huge Storage Capacity", J. Stat. Phys.
/// 168 (2017), for eˣ.
namespace interaction {

/// F(x) = xⁿ, n ≥ 1: whole numbers, of which sums are exact.
struct Power {
  int n = 2;

  template <class T>
  T operator()(const T& x) const {
    using std::pow;
    return pow(x, n);
  }
  std::shared_ptr<const InteractionTable> table(Index spins) const;
  void validate() const;
  std::string name() const;
};

/// F(x) = max(x, 0)ⁿ, n ≥ 1: whole numbers, of which sums are exact.
struct RectifiedPower {
  int n = 2;

  template <class T>
  T operator()(const T& x) const {
    using std::pow;
    return x > 0.0 ? T(pow(x, n)) : T(0.0);
  }
  std::shared_ptr<const InteractionTable> table(Index spins) const;
  void validate() const;
  std::string name() const;
};

/// F(x) = eˣ
struct Exponential {
  template <class T>
  T operator()(const T& x) const {
    using std::exp;
    return exp(x);
  }
  std::string name() const { return "Exponential"; }
};

}  // namespace interaction

/// The table of a functor for N spins. Throws ValueError as the other does, and when a parameter means nothing.
template <Interaction F>
std::shared_ptr<const InteractionTable> tabulate(const F& f, Index spins) {
  if constexpr (requires { f.validate(); }) f.validate();
  if constexpr (requires { f.table(spins); }) {
    return f.table(spins);
  } else {
    std::vector<WideReal> values;
    for (Index x = -spins; x <= spins; x += 2) {
      values.emplace_back(static_cast<double>(f(static_cast<double>(x))));
      if constexpr (requires { WideReal(f(WideReal())); })
        if (!std::isnormal(values.back().value())) values.back() = f(WideReal(static_cast<double>(x)));
    }
    return tabulate(values);
  }
}

}  // namespace hamlet
