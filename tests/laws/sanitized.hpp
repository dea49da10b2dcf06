// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>  // defines __GLIBC__, for those who ask for it too

// HAMLET_SANITIZED: by the address sanitizer, as g++ and clang++ say it.
#if defined(__SANITIZE_ADDRESS__)
#define HAMLET_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAMLET_SANITIZED
#endif
#endif

namespace hamlet::laws {

/// Sanitizers slow everything down tenfold: they see in fewer instances what they can see, and whether laws hold is
/// tried on all of them without.
#ifdef HAMLET_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace hamlet::laws
