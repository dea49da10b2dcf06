// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/shape.hpp>
#include <hamlet/core/state.hpp>
#include <hamlet/core/type_name.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hamlet {

/// What a Lagrangian is made of behind its erased type: the four things it can compute, and what it says of itself. All
/// matrices are N × B; `values` and `bound` hold B numbers; sizes are the caller's duty.
class LagrangianForm {
 public:
  virtual ~LagrangianForm() = default;

  virtual void value(ConstView x, double* values) const = 0;
  virtual void activation(ConstView x, View g) const = 0;
  virtual void hessian_product(ConstView x, ConstView u, View product) const = 0;
  virtual void rounding(ConstView x, double* bound) const = 0;

  virtual bool elementwise() const = 0;
  virtual bool uniform() const { return false; }
  virtual std::optional<double> inverse_temperature() const { return {}; }
  /// The same without closed forms; null when the value is known on doubles alone.
  virtual std::shared_ptr<const LagrangianForm> derived() const = 0;
  virtual std::string misfit(const Shape&) const { return {}; }

  std::string name;
  std::vector<double> discontinuities;
};

/// The name a functor gives itself, else that of its type.
template <class F>
std::string name_of(const F& functor) {
  if constexpr (requires { std::string(functor.name()); })
    return functor.name();
  else
    return type_name(typeid(F));
}

}  // namespace hamlet
