// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <typeinfo>

namespace hamlet {

/// The name of a type as C++ writes it, without namespaces of this library.
std::string type_name(const std::type_info& type);

}  // namespace hamlet
