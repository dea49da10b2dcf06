// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// L(x) = β⁻¹ max_p [p·βx − Σ(p^α − p)/(α(α−1))] over the simplex: g = e_α(βx − t), e_α(z) = [1 + (α−1)z]₊^{1/(α−1)},
/// with the t at which Σg = 1, and exact zeros. ∂²L/∂x² = β (diag s − s sᵀ/Σs), s = g^{2−α} where g > 0, else 0. For
/// α → 1 it tends to LogSumExp (softmax), for α = 2 it is Sparsemax. Null directions: all ones, and whatever moves
/// neurons with g = 0 alone; where their set changes g has a kink for α = 2, and a Hessian of infinite slope for α
/// > 1.5. Source: Peters, Niculae & Martins, "Sparse Sequence-to-Sequence Models", ACL 2019, section 3; Blondel,
/// Martins & Niculae, "Learning with Fenchel-Young losses", JMLR 2020.
struct Entmax {
  double alpha = 1.5;  ///< α, 1 < α ≤ 2: how sparse.
  double beta = 1;     ///< β > 0, the inverse temperature.

  template <class T>
  T value(const Vector<T>& x) const {
    // With z = β(x − c), c the largest x, w = z − t and p = e_α(w),
    //   L = c + β⁻¹ min_t G(t),  G(t) = t + Σ p ((1 − 1/α) w + 1/α) − 1/α,  G′ = 1 − Σp,  G″ = Σs.
    // From a constant t at the minimum of the primal G, one Newton step, G − G′²/2G″, gives L with its first two
    // derivatives: what it leaves is of third order in the distance to the minimum. An error of that t is squared.
    const Vector<double>& at = primal(x);
    const double c = at.maxCoeff(), t = threshold(at);
    const auto sum = pairwise_sum<Sums<T>>(0, x.size(), [&](Index i) -> Sums<T> {
      const double base = 1 + (alpha - 1) * (beta * (at[i] - c) - t);
      if (base <= 0) return 0.0;
      const T w = beta * (x[i] - c) - t;
      const T p = exp(log1p((alpha - 1) * w) / (alpha - 1));
      return {p, p * ((1 - 1 / alpha) * w + 1 / alpha), primal(p) / base};
    });
    const T excess = sum.mass - 1.0;
    return c + (t + (sum.conjugate - 1 / alpha - 0.5 * (excess * excess) / sum.slope)) / beta;
  }
  void activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const;
  void hessian_product(const Vector<double>& x, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const;

  void validate() const;
  std::string name() const;

  /// t ≥ 0 with Σ e_α(β(x − max x) − t) = 1.
  double threshold(const Vector<double>& x) const;

 private:
  /// Σp, Σ p((1 − 1/α)w + 1/α) and Σs side by side.
  template <class T>
  struct Sums {
    T mass, conjugate;
    double slope;

    Sums(double zero) : mass(zero), conjugate(zero), slope(zero) {}
    Sums(const T& mass, const T& conjugate, double slope) : mass(mass), conjugate(conjugate), slope(slope) {}
    Sums& operator+=(const Sums& other) { return *this = *this + other; }
    friend Sums operator+(const Sums& a, const Sums& b) {
      return {a.mass + b.mass, a.conjugate + b.conjugate, a.slope + b.slope};
    }
  };
};

extern template std::shared_ptr<const LagrangianForm> make_form(const Entmax&);

}  // namespace hamlet
