// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <iosfwd>

namespace hamlet {

/// τ > 0 of a layer, in the unit of time of the run: one for the layer, or one a neuron (elementwise Lagrangians only).
class TimeConstant {
 public:
  /// Throws ValueError unless positive and finite.
  TimeConstant(double all);
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
  /// Of one neuron. Throws ShapeError when there is one a neuron and `neuron` is past them.
  double operator[](Index neuron) const;

 private:
  double all_ = 1;
  Vector<double> each_;
};

/// "0.1", or "0.1 … 2" when there is one a neuron.
std::ostream& operator<<(std::ostream&, const TimeConstant&);

}  // namespace hamlet
