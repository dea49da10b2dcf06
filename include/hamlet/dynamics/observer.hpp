// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/evaluation.hpp>
#include <hamlet/dynamics/outcome.hpp>
#include <hamlet/dynamics/referent.hpp>

#include <concepts>

namespace hamlet {

/// What can watch a run: callable with a const Evaluation&, answering nothing or a Proceed. It may have a member
/// finish(const Outcome&), called once when the run has ended.
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
      : observe_(&observe<referent_t<O>>), finish_(&finish<referent_t<O>>) {
    referent_t<O>& referent = observer;
    referent_ = erase(referent);
  }

  Proceed operator()(const Evaluation& evaluation) const { return observe_(referent_, evaluation); }
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
  static void finish([[maybe_unused]] void* observer, [[maybe_unused]] const Outcome& outcome) {
    if constexpr (requires(O & o) { o.finish(outcome); }) refer<O>(observer).finish(outcome);
  }

  void* referent_;
  Proceed (*observe_)(void*, const Evaluation&);
  void (*finish_)(void*, const Outcome&);
};

}  // namespace hamlet
