// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/bias.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>
#include <hamlet/lagrangian/scale.hpp>

namespace hamlet {

/// L(x) = N γ s + δ·x, s = √(mean (x − x̄)² + ε): g = γ (x − x̄)/s + δ, layer normalisation, and
/// ∂²L/∂x² = γ (I − 11ᵀ/N − (x − x̄)(x − x̄)ᵀ/(N s²))/s. Null direction: all ones (and x − x̄ when ε = 0).
/// It normalises all N neurons together; wrap it in Grouped for one normalisation a position.
/// Source: Hoover et al., "Energy Transformer", NeurIPS 2023, eq. 2; Tang & Kopp, 2021.
struct LayerNorm {
  double gamma = 1;       ///< γ > 0, the gain: one number, or L would not exist.
  Bias delta = 0;         ///< δ, the bias: one for all neurons, or one a neuron.
  double epsilon = 1e-5;  ///< ε ≥ 0; with 0 the kink where all x are equal has g = δ.

  template <class T>
  T value(const Vector<T>& x) const {
    delta.expect(x.size());
    const auto count = static_cast<double>(x.size());
    const double m = binary_scale(x, std::sqrt(epsilon));
    const T mean = centre(x, m);
    // s = m √(mean (z − z̄)² + ε/m²), z = x/m
    const T squares = pairwise_sum<T>(0, x.size(), [&](Index i) {
      const T deviation = x[i] / m - mean;
      return T(deviation * deviation);
    });
    const double root = std::sqrt(epsilon) / m;
    const T variance = squares / count + root * root;
    const T spread = variance == 0 ? T(0.0) : T(count * (gamma * (m * sqrt(variance))));
    return spread + pairwise_sum<T>(0, x.size(), [&](Index i) { return delta[i] * x[i]; });
  }
  void activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const;
  void hessian_product(const Vector<double>& x, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const;

  void validate() const;
  std::string name() const;
  std::string misfit(const Shape& shape) const;

  /// The mean of x/m.
  template <class T>
  static T centre(const Vector<T>& x, double m) {
    // Twice: what rounding left of the first mean is found again as the mean of the deviations.
    const auto count = static_cast<double>(x.size());
    const double first = pairwise_sum<double>(0, x.size(), [&](Index i) { return primal(x[i]) / m; }) / count;
    return first + pairwise_sum<T>(0, x.size(), [&](Index i) { return x[i] / m - first; }) / count;
  }
};

extern template std::shared_ptr<const LagrangianForm> make_form(const LayerNorm&);

}  // namespace hamlet
