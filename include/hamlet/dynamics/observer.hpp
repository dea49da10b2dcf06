// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/evaluation.hpp>
#include <hamlet/dynamics/outcome.hpp>
#include <hamlet/dynamics/referent.hpp>

#include <concepts>
#include <optional>

namespace hamlet {

/// What can watch a run: callable with a const Evaluation&, answering nothing or a Proceed. It may have these members:
///
///   std::optional<double> end_within(const Evaluation& step)   asked after every accepted step, before any observer is
///                                                              told of it: the t in (step.previous_time, step.time] at
///                                                              which the run is to end; nothing: not in this step
///   void finish(const Outcome&)                                called once when the run has ended
///
/// A run that is to end within a step ends at the earliest time that was answered, where the state is that of dense
/// output: of what lies beyond it no observer is told.
template <class O>
concept Observing = requires(O& observer, const Evaluation& evaluation) {
  requires std::same_as<decltype(observer(evaluation)), void> || std::same_as<decltype(observer(evaluation)), Proceed>;
};

/// An observer seen through a reference that does not own it.
class Observer {
 public:
  /// `observer` must outlive this; std::ref of one stands for what it refers to.
  template <class O>
  requires Observing<referent_t<O>> &&(!std::same_as<std::remove_cv_t<O>, Observer>)explicit Observer(O& observer)
      : observe_(&observe<referent_t<O>>), end_within_(&end_within<referent_t<O>>), finish_(&finish<referent_t<O>>) {
    referent_t<O>& referent = observer;
    referent_ = erase(referent);
  }

  Proceed operator()(const Evaluation& evaluation) const { return observe_(referent_, evaluation); }
  std::optional<double> end_within(const Evaluation& step) const { return end_within_(referent_, step); }
  void finish(const Outcome& outcome) const { finish_(referent_, outcome); }

 private:
  template <class O>
  static Proceed observe(void* observer, const Evaluation& evaluation) {
    if constexpr (std::same_as<decltype(refer<O>(observer)(evaluation)), Proceed>) {
      return refer<O>(observer)(evaluation);
    } else {
      refer<O>(observer)(evaluation);
      return Proceed::on;
    }
  }
  template <class O>
  static std::optional<double> end_within([[maybe_unused]] void* observer, [[maybe_unused]] const Evaluation& step) {
    if constexpr (requires(O & o) {
                    { o.end_within(step) } -> std::same_as<std::optional<double>>;
                  })
      return refer<O>(observer).end_within(step);
    else
      return {};
  }
  template <class O>
  static void finish([[maybe_unused]] void* observer, [[maybe_unused]] const Outcome& outcome) {
    if constexpr (requires(O & o) { o.finish(outcome); }) refer<O>(observer).finish(outcome);
  }

  void* referent_;
  Proceed (*observe_)(void*, const Evaluation&);
  std::optional<double> (*end_within_)(void*, const Evaluation&);
  void (*finish_)(void*, const Outcome&);
};

}  // namespace hamlet
