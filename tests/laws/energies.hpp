// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/elementary.hpp>
#include <hamlet/synapse/general.hpp>

namespace hamlet::laws {

/// E = −g_bᵀ ξ g_a, which Dense has too.
struct Bilinear {
  State weights;

  template <class T>
  T operator()(const Vector<T>& g_a, const Vector<T>& g_b) const {
    T energy(0.0);
    for (Index row = 0; row < weights.rows(); ++row) {
      for (Index column = 0; column < weights.cols(); ++column) energy -= weights(row, column) * g_b[row] * g_a[column];
    }
    return energy;
  }
  std::string name() const { return "Bilinear"; }
  Index parameters() const { return weights.size(); }
  bool linear_in(std::size_t) const { return true; }
  std::string misfit(std::span<const Shape> shapes) const {
    const bool fits = weights.cols() == shapes[0].size() && weights.rows() == shapes[1].size();
    if (!fits) return "its weights do not fit";
    return {};
  }
};

/// E = −(a·g_a)(b·g_b)(c·g_c), linear in each.
struct Threefold {
  Vector<double> a, b, c;

  template <class T>
  T operator()(const Vector<T>& g_a, const Vector<T>& g_b, const Vector<T>& g_c) const {
    T of_a(0.0), of_b(0.0), of_c(0.0);
    for (Index i = 0; i < a.size(); ++i) of_a += a[i] * g_a[i];
    for (Index i = 0; i < b.size(); ++i) of_b += b[i] * g_b[i];
    for (Index i = 0; i < c.size(); ++i) of_c += c[i] * g_c[i];
    return -of_a * of_b * of_c;
  }
  bool linear_in(std::size_t) const { return true; }
};

/// E = log(1 + Σ_ij (g_ai g_bj)²), linear in none.
struct LogQuadratic {
  template <class T>
  T operator()(const Vector<T>& g_a, const Vector<T>& g_b) const {
    T of_a(0.0), of_b(0.0);
    for (const T& g : g_a) of_a += g * g;
    for (const T& g : g_b) of_b += g * g;
    return log1p(of_a * of_b);
  }
};

}  // namespace hamlet::laws
