// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>

namespace hamlet {

/// What an attractor is to the stored memories ξ, by its overlaps with them: `memory`, one of them; `ghost`, −ξ of one;
/// `mixture` of several, as sign(ξ¹ + ξ² + ξ³); `other`, none of these.
enum class AttractorKind { memory, ghost, mixture, other };

std::ostream& operator<<(std::ostream&, AttractorKind);

}  // namespace hamlet
