// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/shape.hpp>
#include <hamlet/core/state.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

#include <compare>
#include <cstdint>
#include <string>

namespace hamlet {

/// τ > 0 of a layer, in the unit of time of the run: one for the layer, or one a neuron (elementwise Lagrangians only).
class TimeConstant {
 public:
  /// Throws ValueError unless positive and finite.
  TimeConstant(double all);
  TimeConstant(Vector<double> each);

  bool uniform() const;
  double smallest() const;
  /// Of one neuron. Throws ShapeError when there is one a neuron and `neuron` is past them.
  double operator[](Index neuron) const;
  // …
};

/// A group of neurons with one Lagrangian. Source: Krotov & Hopfield 2021, eq. 1.
struct Layer {
  std::string name;
  Shape shape;
  Lagrangian lagrangian;
  TimeConstant tau = 1.0;
};

/// Names a layer for as long as any network has it: copies, edited copies and reductions of a network share handles.
class LayerHandle { /* id from one process-wide counter; ==, <=>, default constructed names nothing */ };
class SynapseHandle { /* likewise */ };

}  // namespace hamlet
