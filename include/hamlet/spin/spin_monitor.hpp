// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/spin_observer.hpp>

#include <iosfwd>
#include <optional>
#include <string>

namespace hamlet {

/// An observer that asserts ΔE ≤ 0 at every step, with the sign ΔE has in exact arithmetic: there is no tolerance.
///
///     hamlet::SpinMonitor descent;
///     hamlet::relax(net, state, {.seed = 3}, descent);
///     std::cout << descent;                            // Descends: 41 steps, E -12 → -97.5
class SpinMonitor {
 public:
  /// A step at which E rose.
  struct Rise {
    long step;   ///< From 0.
    Index site;  ///< That flipped, at a synchronous update the first of them.
    WideReal difference;
  };

  void operator()(const SpinStep& step);

  /// Whether there was no rise. A run without a step has none.
  bool descends() const { return rises_ == 0; }
  explicit operator bool() const { return descends(); }
  long steps() const { return steps_; }
  long rises() const { return rises_; }
  const std::optional<Rise>& first_rise() const { return first_; }
  /// One line that begins with "Descends" or "Rises".
  std::string text() const;

 private:
  long steps_ = 0, rises_ = 0;
  std::optional<Rise> first_;
  WideReal start_, end_;
};

std::ostream& operator<<(std::ostream&, const SpinMonitor&);

}  // namespace hamlet
