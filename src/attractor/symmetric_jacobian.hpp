// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/attractor/classify.hpp>
#include <hamlet/network/flow.hpp>

#include <string>
#include <vector>

namespace hamlet {

/// A = T^{−½}(−1 + RDR)T^{−½} of the free neurons of a flow at a state of one sample, R = (∂²L/∂x²)^½, D the second
/// derivative of the synaptic currents' potential: symmetric, with the spectrum of the Jacobian.
class SymmetricJacobian {
 public:
  /// `flow` must outlive this. Throws ModelError where every neuron is clamped or a Lagrangian is not convex.
  SymmetricJacobian(const Flow& flow, const State& x);

  /// The number of free neurons.
  Index rows() const { return static_cast<Index>(free_.size()); }
  /// A v, column by column, of as many rows as A has.
  State multiply(const State& v) const;
  /// A itself.
  State matrix() const;

  double largest_time_constant() const { return 1 / rates_.minCoeff(); }
  /// Null directions of the layers' Hessians, free neurons only.
  const std::vector<Directions>& unseen() const { return unseen_; }
  /// The layer that has the largest part of a vector.
  std::string home(const Vector<double>& v) const;

 private:
  struct Part {
    std::string name;
    Rows rows;                // of the state
    Vector<double> diagonal;  // R of an elementwise layer
    State root;               // R of a collective one
  };

  /// R v, layer by layer, in place.
  void by_root(State& v) const;
  static Part make_part(const Layer& layer, const ConstView& x);

  const Flow& flow_;
  State g_;
  std::vector<Index> free_;
  Vector<double> rates_;  // 1/τ of each free neuron
  std::vector<Part> parts_;
  std::vector<Directions> unseen_;
  mutable State moved_, product_;  // N × columns
};

}  // namespace hamlet
