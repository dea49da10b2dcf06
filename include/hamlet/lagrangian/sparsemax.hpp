// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// L(x) = β⁻¹ max_p [p·βx − ½(‖p‖² − 1)] over the simplex: g = [βx − τ]₊, the Euclidean projection of βx on the
/// simplex, with exact zeros, and ∂²L/∂x² = β (diag s − s sᵀ/Σs), s = 1 where g > 0, else 0. Null directions: all ones,
/// and whatever moves neurons with g = 0 alone; where their set changes the Hessian jumps. Entmax with α = 2. Source:
/// Martins & Astudillo, "From Softmax to Sparsemax", ICML 2016, section 2; Blondel, Martins & Niculae, "Learning with
/// Fenchel-Young losses", JMLR 2020.
struct Sparsemax {
  double beta = 1;  ///< β > 0, the inverse temperature.

  template <class T>
  T value(const Vector<T>& x) const {
    // With z = β(x − c), c the largest x, and p = z − τ where that is positive,
    //   L = c + β⁻¹ min_τ G(τ),  G(τ) = τ + ½ + ½ Σ p²,  G′ = 1 − Σp,  G″ = the number of p > 0.
    // Near the minimum G is quadratic, so that from a constant τ one Newton step, G − G′²/2G″, gives L with all its
    // derivatives; and an error of that τ is squared.
    const Vector<double>& at = primal(x);
    const double c = at.maxCoeff(), tau = threshold(at);
    Index support = 0;
    const auto p = [&](Index i) { return beta * (at[i] - c) <= tau ? T(0.0) : T(beta * (x[i] - c) - tau); };
    for (Index i = 0; i < x.size(); ++i) support += beta * (at[i] - c) > tau;
    const T excess = pairwise_sum<T>(0, x.size(), p) - 1.0;
    const T squares = pairwise_sum<T>(0, x.size(), [&](Index i) {
      const T each = p(i);
      return T(each * each);
    });
    return c + (tau + 0.5 + 0.5 * (squares - excess * excess / static_cast<double>(support))) / beta;
  }
  void activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const;
  void hessian_product(const Vector<double>& x, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const;

  void validate() const;
  std::string name() const;

  /// τ with Σ [β(x − max x) − τ]₊ = 1, between −1 and 0.
  double threshold(const Vector<double>& x) const;
};

extern template std::shared_ptr<const LagrangianForm> make_form(const Sparsemax&);

}  // namespace hamlet
