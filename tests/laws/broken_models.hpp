// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/dense.hpp>

#include <cmath>

namespace hamlet::laws {

/// A synapse without an energy: the current into b is that of one matrix, the current into a that of another. It claims
/// the energy of the first. What must be found out: the model is broken, whatever the integrator.
class TwoWayWeights {
 public:
  /// Both K × N.
  TwoWayWeights(const State& into_b, const State& into_a) : forward_(into_b), backward_(into_a) {}

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
    const ConstView &g_a = activations[0], &g_b = activations[1];
    energies = -g_b.cwiseProduct(forward_.weights() * g_a).colwise().sum();
    if (wanted(currents[1])) currents[1].noalias() += forward_.weights() * g_a;
    if (wanted(currents[0])) currents[0].noalias() += backward_.weights().transpose() * g_b;
  }
  std::string misfit(std::span<const Shape> shapes) const { return forward_.misfit(shapes) + backward_.misfit(shapes); }
  std::string name() const { return "TwoWayWeights"; }

 private:
  Dense forward_, backward_;
};

/// F(x) = β⁻¹ log cosh βx with an activation that is not its derivative: the feedback tanh is doubled. Its curvature is
/// that of F.
struct WrongActivation {
  double beta = 1;

  template <class T>
  T operator()(const T& x) const {
    using std::cosh, std::log;
    return log(cosh(beta * x)) / beta;
  }
  double activation(double x) const { return 2 * std::tanh(beta * x); }
  double curvature(double x) const { return beta / (std::cosh(beta * x) * std::cosh(beta * x)); }
};

}  // namespace hamlet::laws
