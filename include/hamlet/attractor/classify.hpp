// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/network/flow.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace hamlet {

/// What a fixed point is: `minimum` when the flow returns to it from every side, `saddle` when it leaves along some
/// direction, `degenerate` when it does neither along some and leaves along none.
enum class FixedPoint { minimum, saddle, degenerate };

std::ostream& operator<<(std::ostream&, FixedPoint);

/// How to classify.
struct Classifying {
  Index sample = 0;        ///< Which column of the state, and of inputs given per sample.
  Index eigenvalues = 6;   ///< How many at each end of the spectrum, ≥ 1.
  double residual = 1e-6;  ///< The largest ‖τẋ‖∞ that counts as rest, > 0.
  double flat = 1e-6;      ///< An eigenvalue within flat/(the largest τ) of 0 counts as 0, > 0.
};

/// How many directions belong to a layer.
struct Directions {
  std::string layer;
  Index count;
};

/// The linear stability of a fixed point: eigenvalues of the Jacobian ∂ẋ/∂x of the free neurons, rates in 1/time.
struct Classification {
  FixedPoint kind;
  double residual;  ///< ‖τẋ‖∞
  Index neurons;    ///< that are free, as many as there are eigenvalues
  Vector<double>
      top;  ///< The largest eigenvalues, descending: at least as many as asked for, and all that are positive.
  Vector<double> bottom;  ///< The smallest, ascending.
  Index unstable;         ///< How many are positive.
  Index flat;             ///< How many are 0: along these the energy is flat, and nothing moves.
  /// Where the flat ones live: by the layer that has the largest part of each, in the measure of the energy.
  std::vector<Directions> flat_in;
  /// Null directions of the layers' Hessians ∂²L/∂x², such as the constant of LogSumExp, x of Norm, dead or saturated
  /// neurons: activations do not move along them, the energy does not see them, and x decays there with rate 1/τ.
  std::vector<Directions> unseen;

  /// "Saddle: 1 of 100 eigenvalues positive …", a few lines for people to read.
  std::string text() const;
};

std::ostream& operator<<(std::ostream&, const Classification&);

/// The stability of a fixed point. With H = ∂²L, D = −∂²E_s/∂g² and R = H^½, the Jacobian T⁻¹(−1 + DH) of the free
/// neurons has the spectrum of the symmetric matrix T^{−½}(−1 + RDR)T^{−½}: with R T = T R, since a collective layer
/// has one τ, it is T^½ R J R⁻¹ T^{−½} on the range of H, and −T⁻¹ on its null space. Its extreme eigenvalues are found
/// without the matrix, by Lanczos' method, each as often as it occurs, or, of 200 neurons at most, all of them with it.
/// R of a collective layer of N_l neurons is a matrix: N_l² numbers, and time N_l³. Throws ValueError, naming the
/// residual, for what is no fixed point, for a sample that the state does not have, and for options that mean nothing;
/// ModelError where every neuron is clamped or a Lagrangian is not convex at that point; Error when Lanczos' method
/// does not converge.
Classification classify(const Flow& flow, const State& fixed_point, const Classifying& how = {});

/// The same without inputs.
Classification classify(const Network& network, const State& fixed_point, const Classifying& how = {});

}  // namespace hamlet
