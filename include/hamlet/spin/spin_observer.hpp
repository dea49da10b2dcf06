// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/spins.hpp>
#include <hamlet/spin/wide_real.hpp>

#include <functional>
#include <memory>
#include <span>
#include <type_traits>

namespace hamlet {

/// One change of a state: a flip, or those of one synchronous update. References hold during the call.
struct SpinStep {
  long sweep;                    ///< From 0.
  std::span<const Index> sites;  ///< What flipped.
  WideReal difference;           ///< E − E before; of a single flip it has the sign that it has in exact arithmetic.
  WideReal energy;               ///< E after it.
  const Spins& spins;            ///< σ after it.
};

/// What can watch a relaxation: callable with a const SpinStep&.
template <class O>
concept SpinObserving = std::is_invocable_v<O&, const SpinStep&>;

/// An observer seen through a reference that does not own it.
class SpinObserver {
 public:
  /// `observer` must outlive this.
  template <class O>
  requires SpinObserving<O> &&(!std::is_same_v<std::remove_cv_t<O>, SpinObserver>)explicit SpinObserver(O& observer)
      : observer_(const_cast<void*>(static_cast<const volatile void*>(std::addressof(observer)))),
        observe_([](void* erased, const SpinStep& step) { std::invoke(*static_cast<O*>(erased), step); }) {}

  void operator()(const SpinStep& step) const { observe_(observer_, step); }

 private:
  void* observer_;
  void (*observe_)(void*, const SpinStep&);
};

}  // namespace hamlet
