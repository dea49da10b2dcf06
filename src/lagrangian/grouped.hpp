// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/groups.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>

namespace hamlet {

/// The form of a Lagrangian summed over groups, under this name. Throws ShapeError when it cannot have such groups.
std::shared_ptr<const LagrangianForm> grouped_form(Lagrangian lagrangian, Groups groups, std::string name);

}  // namespace hamlet
