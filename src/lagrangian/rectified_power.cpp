// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/rectified_power.hpp>

namespace hamlet {

void RectifiedPower::validate() const { expect_at_least(1, "RectifiedPower", "n", n); }

std::string RectifiedPower::name() const { return fmt::format("RectifiedPower(n = {})", n); }

template std::shared_ptr<const LagrangianForm> make_form(const RectifiedPower&);

}  // namespace hamlet
