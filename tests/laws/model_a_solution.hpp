// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <algorithm>
#include <cmath>

namespace hamlet::laws {

/// Model A of one sample in closed form, from jump to jump: while σ = sign v stays, u = ξᵀF′(ξσ) is constant and
/// v(t) = u + (v − u) e^{−t/τ}, so that v_i, if u_i is on the other side of 0, is 0 at t = τ log((v_i − u_i)/(−u_i)).
struct EffectiveModelA {
  State xi;  // K × N
  double (*f)(double);
  double tau;
  long crossings = 0;

  State at_end(State v, double end) {
    State sigma = v.array().sign();
    for (double left = end; left > 0;) {
      const State u = xi.transpose() * (xi * sigma).unaryExpr(f);
      Index first = -1;
      double step = left;
      for (Index i = 0; i < v.size(); ++i) {
        if (u(i) * sigma(i) >= 0) continue;
        const double zero = tau * std::log((v(i) - u(i)) / -u(i));
        if (zero < step) step = zero, first = i;
      }
      v = u + (v - u) * std::exp(-step / tau);
      left -= step;
      if (first < 0) break;
      v(first) = 0;
      sigma(first) *= -1;
      ++crossings;
    }
    return v;
  }
};

/// The two-layer network of Model A with F = ½h², so that f = h: while σ stays, τ_h ḣ = ξσ − h and τ_f v̇ = ξᵀh − v are
///   h(t) = p + (h − p) a,  v(t) = q + (v − q) b + τ_h/(τ_h − τ_f) ξᵀ(h − p) (a − b),   p = ξσ, q = ξᵀp,
/// with a = e^{−t/τ_h}, b = e^{−t/τ_f}; a zero of v_i is found by halving, from steps short enough to tell zeros apart.
struct LinearTwoLayerModelA {
  State xi;  // K × N
  double tau_f, tau_h;
  long crossings = 0;

  State at_end(State x, double end) {
    const Index N = xi.cols(), K = xi.rows();
    State v = x.topRows(N), h = x.bottomRows(K), sigma = v.array().sign();
    double left = end;
    while (left > 0) {
      const State p = xi * sigma, q = xi.transpose() * p, drive = tau_h / (tau_h - tau_f) * xi.transpose() * (h - p);
      const auto v_at = [&](Index i, double t) {
        const double a = std::exp(-t / tau_h), b = std::exp(-t / tau_f);
        return q(i) + (v(i) - q(i)) * b + drive(i) * (a - b);
      };
      Index first = -1;
      double step = left;
      for (Index i = 0; i < N; ++i) {
        for (double low = 0; low < step;) {
          double high = std::min(low + 1e-3, step);
          if (v_at(i, high) * sigma(i) > 0) {
            low = high;
            continue;
          }
          for (int halving = 0; halving < 60; ++halving) {
            const double middle = 0.5 * (low + high);
            (v_at(i, middle) * sigma(i) > 0 ? low : high) = middle;
          }
          step = high, first = i;
          break;
        }
      }
      State moved = v;
      for (Index i = 0; i < N; ++i) moved(i) = v_at(i, step);
      h = p + (h - p) * std::exp(-step / tau_h);
      v = moved;
      left -= step;
      if (first < 0) break;
      v(first) = 0;
      sigma(first) *= -1;
      ++crossings;
    }
    State result(N + K, 1);
    result << v, h;
    return result;
  }
};

}  // namespace hamlet::laws
