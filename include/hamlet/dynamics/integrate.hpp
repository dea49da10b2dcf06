// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/adaptive_steppers.hpp>
#include <hamlet/dynamics/checkpoint.hpp>
#include <hamlet/dynamics/cvode.hpp>
#include <hamlet/dynamics/fixed_steppers.hpp>
#include <hamlet/dynamics/observer.hpp>
#include <hamlet/dynamics/outcome.hpp>
#include <hamlet/dynamics/stepper.hpp>
#include <hamlet/dynamics/system.hpp>

#include <array>
#include <limits>
#include <optional>
#include <span>

namespace hamlet {

/// How to integrate. What is left out is inferred; only `end` must be given.
struct Integration {
  Stepper stepper = DormandPrince{};
  double begin = 0;
  /// The run reaches it exactly. May be +∞ when `settled` is given.
  double end = std::numeric_limits<double>::quiet_NaN();
  /// Ends the run when the residual (‖τẋ‖∞ where the system knows τ) falls below it; 0: never.
  double settled = 0;
  /// For adaptive steppers. By default the first step is Hairer's, the smallest 16 ε max(|t|, first step), the largest
  /// the stepper's own: 2 min τ for an explicit one.
  std::optional<double> first_step = std::nullopt, smallest_step = std::nullopt, largest_step = std::nullopt;
  /// Accepted steps after which the run ends.
  long most_steps = 1'000'000;
  /// When the run can be resumed. By default never.
  Checkpoints checkpoints = {};
};

/// Integrates from how.begin and leaves in `state` the last good state, also when an observer or the system throws. The
/// state keeps its memory, so views of it stay valid; during the run only observers see how it changes.
/// Throws ValueError for options that contradict one another or mean nothing and for a state that is not finite,
/// ShapeError for an empty state.
Outcome integrate(System& system, State& state, const Integration& how, std::span<const Observer> observers);

/// Goes on from a checkpoint: bit for bit what the run did, or would have done, after it, and what the outcome counts
/// is that of the whole run. `state` is overwritten. The first that observers are told is the checkpoint's step. Throws
/// ShapeError when the state is of another shape than the checkpoint's; ValueError, saying what differs, when the
/// system, the stepper or an option that steps depend on does, all but `settled` and `most_steps`, which only end a
/// run; and as integrate. A system is told from another by ẋ at the checkpoint: what does not show there is not
/// noticed. To go on longer than the run would, or otherwise, integrate from checkpoint.state with checkpoint.time as
/// begin.
Outcome resume(const Checkpoint& checkpoint, System& system, State& state, const Integration& how,
               std::span<const Observer> observers);

/// The same for any callable (x, dxdt, t) and any observers; those named by std::ref are seen through it.
template <RightHandSide F, Observing... Observers>
requires(!std::same_as<std::remove_cvref_t<F>, System>) Outcome
    integrate(F&& system, State& state, const Integration& how, Observers&&... observers) {
  System erased(system);
  const std::array<Observer, sizeof...(Observers)> list{Observer(observers)...};
  return integrate(erased, state, how, std::span<const Observer>(list));
}

template <RightHandSide F, Observing... Observers>
requires(!std::same_as<std::remove_cvref_t<F>, System>) Outcome
    resume(const Checkpoint& checkpoint, F&& system, State& state, const Integration& how, Observers&&... observers) {
  System erased(system);
  const std::array<Observer, sizeof...(Observers)> list{Observer(observers)...};
  return resume(checkpoint, erased, state, how, std::span<const Observer>(list));
}

}  // namespace hamlet
