// SPDX-License-Identifier: MIT
#pragma once

#include "core/function_ref.hpp"

#include <hamlet/core/state.hpp>

namespace hamlet {

/// How many threads work of this many microseconds is worth on this thread, now: one when waking a team would cost
/// more, or when others already share the cores.
int team_for(double microseconds);

/// Calls task(0), …, task(count − 1) on a team of that many threads, in any order. Throws what the first of them in
/// order that threw has thrown, after all others have ended, or were not begun.
void in_team(int team, Index count, FunctionRef<void(Index)> task);

/// While it lives, its thread works alone: it is itself one of several that share the cores.
class WorksAlone {
 public:
  WorksAlone();
  ~WorksAlone();
  WorksAlone(const WorksAlone&) = delete;
  WorksAlone& operator=(const WorksAlone&) = delete;

 private:
  bool before_;
};

}  // namespace hamlet
