// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/attractor_kind.hpp>
#include <hamlet/spin/spin_patterns.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace hamlet {

/// What to call recalled.
struct RecallCriteria {
  double recalled = 0.95;  ///< |ξ·σ|/N from which on σ is the memory, or its ghost; in (0, 1].
  double mixed = 0.95;     ///< The same of a mixture with σ; in (0, 1].
  Index most_mixed = 7;    ///< Mixtures of 3, 5, …, of up to so many memories are looked for; odd, ≥ 1.
};

/// What a state is to the memories ξ.
struct Recalled {
  /// A memory and its sign in a mixture.
  struct Member {
    Index memory;
    int sign;

    friend bool operator==(const Member&, const Member&) = default;
  };

  AttractorKind kind;
  Index memory;                 ///< Of the largest |ξ·σ|; −1 when there is none.
  double overlap;               ///< ξ·σ/N with it; of a mixture sign(Σ s ξ)·σ/N.
  std::vector<Member> members;  ///< Of a mixture, by memory: sign(Σ s ξ).

  /// "memory 3, overlap 0.99", "mixture +1 -4 +9, overlap 1".
  std::string text() const;
};

std::ostream& operator<<(std::ostream&, const Recalled&);

/// Compares a state with every memory, its negative, and the mixtures sign(Σ s_μ ξ_μ), s_μ = sign(ξ_μ·σ), of the 3, 5,
/// … memories of the largest |ξ·σ|; the smallest that meets the criterion counts. Throws ShapeError when sizes differ,
/// ValueError for criteria that mean nothing.
/// Source: Amit, Gutfreund & Sompolinsky, "Spin-glass models of neural networks", Phys. Rev. A 32 (1985), section III.
Recalled recalled(const SpinPatterns& memories, const Spins& spins, const RecallCriteria& criteria = {});

}  // namespace hamlet
