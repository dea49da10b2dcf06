// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/synapse.hpp>

#include <memory>

namespace hamlet {

/// A full tensor of weights W among two layers or more, three as a rule: E = −Σ W_ijk… g_a,i g_b,j g_c,k …, linear in
/// every activation. The current into a is Σ_jk… W_ijk… g_b,j g_c,k …, and so on. Between two layers it is Dense{ξ}
/// with W_ij = ξ_ji. Source: Sejnowski, "Higher-Order Boltzmann Machines", AIP Conference Proceedings 151,
/// 1986.
class Multilinear {
 public:
  /// `weights` is W with the index of the first layer the fastest: W_ijk at i + n_a (j + n_b k). Throws ShapeError when
  /// there are fewer than two sizes or not as many weights as their product, ValueError when a weight is not finite.
  Multilinear(Shape sizes, Vector<double> weights);

  /// n_a, n_b, n_c, …
  const Shape& sizes() const { return tensor_->sizes; }
  /// W, the index of the first layer the fastest.
  const Vector<double>& weights() const { return tensor_->weights; }

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const;
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const;
  std::string misfit(std::span<const Shape> shapes) const;
  bool linear_in(std::size_t) const { return true; }
  Index parameters() const { return weights().size(); }
  /// "Multilinear(3 × 4 × 5)".
  std::string name() const;

 private:
  struct Tensor {
    Shape sizes;
    Vector<double> weights;
    Vector<double> norms;  // ‖W_:jk…‖ over the first index, the index of the second layer the fastest
  };
  std::shared_ptr<const Tensor> tensor_;
};

}  // namespace hamlet
