// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <iosfwd>
#include <string>

namespace hamlet {

/// τ > 0 of a layer, in the unit of time of the run: one for the layer, or one a neuron (elementwise Lagrangians only).
/// What is not positive is refused by the network, which knows the layer.
class TimeConstant {
 public:
  TimeConstant(double all) : all_(all) {}
  /// Throws ValueError when empty.
  TimeConstant(Vector<double> each);
  template <class Column>
  requires(Column::ColsAtCompileTime == 1) TimeConstant(const Eigen::MatrixBase<Column>& each)
      : TimeConstant(Vector<double>(each)) {}

  /// Whether one τ holds for the whole layer.
  bool uniform() const { return each_.size() == 0; }
  /// How many were given: 1 when uniform.
  Index count() const { return uniform() ? 1 : each_.size(); }
  double smallest() const { return uniform() ? all_ : each_.minCoeff(); }
  double largest() const { return uniform() ? all_ : each_.maxCoeff(); }
  /// What makes it no time constant ("0, which is not positive and finite"); empty when it is one.
  std::string fault() const;
  /// Of one neuron. Throws ShapeError when there is one a neuron and `neuron` is past them.
  double operator[](Index neuron) const;

 private:
  double all_ = 1;
  Vector<double> each_;
};

/// "0.1", or "0.1 … 2" when there is one a neuron.
std::ostream& operator<<(std::ostream&, const TimeConstant&);

}  // namespace hamlet
