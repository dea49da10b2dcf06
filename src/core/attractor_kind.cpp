// SPDX-License-Identifier: MIT
#include <hamlet/core/attractor_kind.hpp>

#include "core/attractor_kind.hpp"

#include <ostream>

namespace hamlet {

const char* words(AttractorKind kind) {
  switch (kind) {
    case AttractorKind::memory:
      return "memory";
    case AttractorKind::ghost:
      return "ghost";
    case AttractorKind::mixture:
      return "mixture";
    case AttractorKind::other:
      return "other";
  }
  return "unknown kind of attractor";
}

std::ostream& operator<<(std::ostream& out, AttractorKind kind) { return out << words(kind); }

}  // namespace hamlet
