// SPDX-License-Identifier: MIT
#include <hamlet/lagrangian/absolute.hpp>

namespace hamlet {

template std::shared_ptr<const LagrangianForm> make_form(const Absolute&);

}  // namespace hamlet
