// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/classical_spins.hpp>
#include <hamlet/spin/coupled_spins.hpp>
#include <hamlet/spin/spin_patterns.hpp>

namespace hamlet {

/// The projection rule: W = N⁻¹ Σ_μν ξ_μ (Q⁻¹)_μν ξ_νᵀ, Q = ξξᵀ/N, the projector onto the patterns' span, so that
/// Wξ = ξ. With the diagonal kept every pattern is a fixed point, whatever their correlations; without it the field of
/// spin i is (1 − W_ii) ξ_i, and every pattern is one where no W_ii is 1, as for K < N patterns in general. W is
/// symmetric, no W_ii is negative: E descends. Patterns may be linearly dependent: what depends adds nothing.
/// O(N K min(N, K) + N² K).
/// Source: Personnaz, Guyon & Dreyfus, J. Physique Lett. 46 (1985); Kanter & Sompolinsky, Phys. Rev. A 35 (1987),
/// without the diagonal. Throws ShapeError when there is no pattern.
CoupledSpins pseudo_inverse(const SpinPatterns& patterns, SelfCoupling diagonal = SelfCoupling::none);

}  // namespace hamlet
