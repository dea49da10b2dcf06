// SPDX-License-Identifier: MIT
#include <hamlet/lagrangian/exponential.hpp>

namespace hamlet {

template std::shared_ptr<const LagrangianForm> make_form(const Exponential&);

}  // namespace hamlet
