// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/attractor_kind.hpp>

namespace hamlet {

/// "memory", "ghost", "mixture", "other".
const char* words(AttractorKind kind);

}  // namespace hamlet
