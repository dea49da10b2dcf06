// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/power.hpp>

namespace hamlet {

void Power::validate() const { expect_at_least(1, "Power", "n", n); }

std::string Power::name() const { return fmt::format("Power(n = {})", n); }

template std::shared_ptr<const LagrangianForm> make_form(const Power&);

}  // namespace hamlet
