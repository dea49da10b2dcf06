// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

namespace hamlet {

/// A number added to every activation of a layer: one for all neurons, or one a neuron.
class Bias {
 public:
  Bias(double all = 0);
  Bias(Vector<double> each);
  template <class Derived>
  Bias(const Eigen::MatrixBase<Derived>& each) : Bias(Vector<double>(each)) {}

  bool uniform() const { return each_.size() == 0; }
  /// How many neurons it is for; 0 when uniform.
  Index size() const { return each_.size(); }
  double operator[](Index neuron) const { return uniform() ? all_ : each_[neuron]; }
  bool finite() const;
  /// Throws ShapeError unless it can be added to that many neurons.
  void expect(Index neurons) const;

 private:
  double all_ = 0;
  Vector<double> each_;
};

}  // namespace hamlet
