// SPDX-License-Identifier: MIT
#pragma once

namespace hamlet::laws {

/// Whether this is built with sanitizers, which slow everything down tenfold: they see in fewer instances what they can
/// see, and whether laws hold is tried on all of them without.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace hamlet::laws
