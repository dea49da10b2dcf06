// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/shape.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>
#include <hamlet/network/time_constant.hpp>

#include <string>

namespace hamlet {

/// A group of neurons with one Lagrangian. Source: Krotov & Hopfield 2021, eq. 1.
struct Layer {
  std::string name;
  Shape shape;
  Lagrangian lagrangian;
  TimeConstant tau = 1.0;
  bool clamped = false;  ///< Whether flows begin with the layer held, ẋ = 0.
};

}  // namespace hamlet
