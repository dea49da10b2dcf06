// SPDX-License-Identifier: MIT
#include "core/parallel.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/core/threads.hpp>

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>

namespace hamlet {
namespace {

std::atomic<int> chosen = 0;           // 0: nobody has
std::atomic<bool> team_awake = false;  // one team at a time: threads of the caller's own must not each wake another
thread_local bool alone = false;

/// Waking a team takes some 50 µs where it has gone to sleep.
constexpr double worth_a_team = 100;

}  // namespace

void set_threads(int count) {
  if (count < 1) throw ValueError(fmt::format("{} threads are asked for: it takes one at least", count));
  chosen = count;
}

int threads() {
  static const int unasked = std::getenv("OMP_NUM_THREADS") ? omp_get_max_threads() : 1;
  return chosen > 0 ? chosen.load() : unasked;
}

int team_for(double microseconds) {
  return microseconds < worth_a_team || alone || omp_in_parallel() || team_awake ? 1 : threads();
}

void in_team(int team, Index count, FunctionRef<void(Index)> task) {
  team = static_cast<int>(std::min<Index>(team, count));
  if (team <= 1 || team_awake.exchange(true)) {
    for (Index i = 0; i < count; ++i) task(i);
    return;
  }
  std::exception_ptr thrown;
  Index thrown_by = count;
#pragma omp parallel for num_threads(team) schedule(dynamic)
  for (Index i = 0; i < count; ++i) {
    const WorksAlone works_alone;
    try {
      task(i);
    } catch (...) {
#pragma omp critical(hamlet_in_team)
      if (i < thrown_by) {
        thrown_by = i;
        thrown = std::current_exception();
      }
    }
  }
  team_awake = false;
  if (thrown) std::rethrow_exception(thrown);
}

WorksAlone::WorksAlone() : before_(std::exchange(alone, true)) {}
WorksAlone::~WorksAlone() { alone = before_; }

}  // namespace hamlet
