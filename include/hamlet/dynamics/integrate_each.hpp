// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/integrate.hpp>

#include <vector>

namespace hamlet {

/// What can watch the runs of many samples: callable with (Index sample, const Evaluation&), the evaluation being that
/// sample's alone (N × 1), answering nothing or a Proceed. It may have the members of Observing, told which sample is
/// meant: end_within(Index sample, const Evaluation& step) and finish(Index sample, const Outcome&).
template <class O>
concept ObservingEach = requires(O& observer, Index sample, const Evaluation& evaluation) {
  requires std::same_as<decltype(observer(sample, evaluation)), void> ||
      std::same_as<decltype(observer(sample, evaluation)), Proceed>;
};

/// An observer of many runs, seen through a reference that does not own it.
class ObserverOfEach {
 public:
  /// `observer` must outlive this; std::ref of one stands for what it refers to.
  template <class O>
  requires ObservingEach<referent_t<O>> &&
      (!std::same_as<std::remove_cv_t<O>, ObserverOfEach>)explicit ObserverOfEach(O& observer)
      : observe_(&observe<referent_t<O>>), end_within_(&end_within<referent_t<O>>), finish_(&finish<referent_t<O>>) {
    referent_t<O>& referent = observer;
    referent_ = erase(referent);
  }

  Proceed operator()(Index sample, const Evaluation& evaluation) const {
    return observe_(referent_, sample, evaluation);
  }
  std::optional<double> end_within(Index sample, const Evaluation& step) const {
    return end_within_(referent_, sample, step);
  }
  void finish(Index sample, const Outcome& outcome) const { finish_(referent_, sample, outcome); }

 private:
  template <class O>
  static Proceed observe(void* observer, Index sample, const Evaluation& evaluation) {
    if constexpr (std::same_as<decltype(refer<O>(observer)(sample, evaluation)), Proceed>) {
      return refer<O>(observer)(sample, evaluation);
    } else {
      refer<O>(observer)(sample, evaluation);
      return Proceed::on;
    }
  }
  template <class O>
  static std::optional<double> end_within([[maybe_unused]] void* observer, [[maybe_unused]] Index sample,
                                          [[maybe_unused]] const Evaluation& step) {
    if constexpr (requires(O & o) {
                    { o.end_within(sample, step) } -> std::same_as<std::optional<double>>;
                  })
      return refer<O>(observer).end_within(sample, step);
    else
      return {};
  }
  template <class O>
  static void finish([[maybe_unused]] void* observer, [[maybe_unused]] Index sample,
                     [[maybe_unused]] const Outcome& outcome) {
    if constexpr (requires(O & o) { o.finish(sample, outcome); }) refer<O>(observer).finish(sample, outcome);
  }

  void* referent_;
  Proceed (*observe_)(void*, Index, const Evaluation&);
  std::optional<double> (*end_within_)(void*, Index, const Evaluation&);
  void (*finish_)(void*, Index, const Outcome&);
};

/// Integrates every sample (column) with times, steps and errors of its own, by any stepper that asks for right-hand
/// sides alone (AlternatingFlow and DiscreteGradient, which ask for parts of them, refuse), as `integrate` does one
/// sample alone: one outcome a sample, whose right-hand sides are those of its column. The calls that the samples wait
/// for are made as one, so that they share the matrix products; a sample whose run has ended, settled or failed, leaves
/// the others and costs nothing more. An observer that stops a run stops that sample's.
/// The system must act on each sample alone, whatever t, and be able to be restricted to some of them: see System. It
/// is called for many samples at different times with the t of how.begin.
/// Throws as `integrate`, ModelError for a system that cannot be restricted, ValueError when checkpoints are to be
/// made. When an observer or the system throws, all runs end there; `states` holds each sample's last good state.
/// Observers run on stacks of 1 MiB.
std::vector<Outcome> integrate_each(System& system, State& states, const Integration& how,
                                    std::span<const ObserverOfEach> observers);

/// The same for any callable (x, dxdt, t) and any observers; those named by std::ref are seen through it.
template <RightHandSide F, ObservingEach... Observers>
requires(!std::same_as<std::remove_cvref_t<F>, System>) std::vector<Outcome> integrate_each(F&& system, State& states,
                                                                                            const Integration& how,
                                                                                            Observers&&... observers) {
  System erased(system);
  const std::array<ObserverOfEach, sizeof...(Observers)> list{ObserverOfEach(observers)...};
  return integrate_each(erased, states, how, std::span<const ObserverOfEach>(list));
}

}  // namespace hamlet
