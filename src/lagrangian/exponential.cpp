// SPDX-License-Identifier: MIT
#include <hamlet/lagrangian/exponential.hpp>

#include "kernel/elementary.hpp"

namespace hamlet {

void Exponential::activation(std::span<const double> x, std::span<double> g) const {
  kernel::exp(x.data(), std::ssize(x), g.data());
}

template std::shared_ptr<const LagrangianForm> make_form(const Exponential&);

}  // namespace hamlet
