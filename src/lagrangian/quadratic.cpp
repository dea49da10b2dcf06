// SPDX-License-Identifier: MIT
#include <hamlet/lagrangian/quadratic.hpp>

namespace hamlet {

template std::shared_ptr<const LagrangianForm> make_form(const Quadratic&);

}  // namespace hamlet
