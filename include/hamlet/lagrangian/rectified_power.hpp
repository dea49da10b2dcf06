// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

#include <vector>

namespace hamlet {

/// L(x) = n⁻¹ Σ max(x, 0)ⁿ: g = max(x, 0)ⁿ⁻¹, ∂²L/∂x² = (n−1) diag(max(x, 0)ⁿ⁻²), 0 where x ≤ 0. n = 2 is ReLU; n = 1
/// is a step, which jumps at 0. Silent neurons are null directions. Source: Krotov & Hopfield, "Dense Associative
/// Memory for Pattern Recognition", NeurIPS 2016, eq. 3.
struct RectifiedPower {
  double n = 2;  ///< The degree, any real n ≥ 1.

  template <class T>
  T operator()(const T& x) const {
    if (n == 2) return x > 0 ? T(0.5 * x * x) : T(0.0);
    return x > 0 ? T(pow(x, n) / n) : T(0.0);
  }
  double activation(double x) const {
    if (n == 2) return max(x, 0.0);
    return x > 0 ? pow(x, n - 1) : 0;
  }
  double curvature(double x) const {
    if (n == 2) return x > 0 ? 1 : 0;
    return x > 0 && n != 1 ? (n - 1) * pow(x, n - 2) : 0;
  }

  void value(std::span<const double> x, std::span<double> F) const;
  void activation(std::span<const double> x, std::span<double> g) const;
  void curvature(std::span<const double> x, std::span<double> slope) const;

  std::vector<double> discontinuities() const { return n == 1 ? std::vector<double>{0} : std::vector<double>{}; }
  void validate() const;
  std::string name() const;
};

extern template std::shared_ptr<const LagrangianForm> make_form(const RectifiedPower&);

}  // namespace hamlet
