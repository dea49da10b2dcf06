// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/borrowed_column.hpp>
#include <hamlet/lagrangian/bias.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>
#include <hamlet/lagrangian/regularised_norm.hpp>

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
    // N γ s = γ √N √(‖x − x̄‖² + N ε)
    const double count = static_cast<double>(x.size());
    BorrowedColumn<T> deviation(x.size());
    deviations(x, *deviation);
    const T spread = gamma * std::sqrt(count) * regularised_norm(*deviation, count * epsilon);
    return spread + pairwise_sum<T>(0, x.size(), [&](Index i) { return delta[i] * x[i]; });
  }
  void activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const;
  void hessian_product(const Vector<double>& x, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const;

  void validate() const;
  std::string name() const;
  std::string misfit(const Shape& shape) const;

  /// Writes x − x̄ into a column of that size.
  template <class T>
  static void deviations(const Vector<T>& x, Vector<T>& deviation) {
    // From a first component c, a constant, and then from the mean of what is left: an offset common to all drops out
    // before anything is rounded.
    const double c = primal(x[0]), count = static_cast<double>(x.size());
    for (Index i = 0; i < x.size(); ++i) deviation[i] = x[i] - c;
    const T mean = pairwise_sum<T>(0, x.size(), [&](Index i) { return deviation[i] / count; });
    for (Index i = 0; i < x.size(); ++i) deviation[i] -= mean;
  }
};

extern template std::shared_ptr<const LagrangianForm> make_form(const LayerNorm&);

}  // namespace hamlet
