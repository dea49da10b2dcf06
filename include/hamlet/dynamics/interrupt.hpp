// SPDX-License-Identifier: MIT
#pragma once

namespace hamlet {

/// While one lives, Ctrl-C (SIGINT) or SIGTERM ends every run at its next accepted step, when observers were told of it
/// (status `interrupted`), so that what was computed can be kept:
///
///     const Interrupt interrupt;
///     const Outcome outcome = integrate(flow, state, how, path);
///
/// A run that begins thereafter ends where it begins. The handlers of before are back when the last Interrupt has gone,
/// and from the first signal on: a second one ends the program as usual.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Whether a signal came while an Interrupt lives.
  static bool came();
};

}  // namespace hamlet
