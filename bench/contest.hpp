// SPDX-License-Identifier: MIT
// Rows of a table: what does the same work in several ways. tools/bench makes the table of them.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <functional>
#include <string>

namespace contest {

/// One way to do the work of a row, "row|contender"; the contender "limit" is what the machine allows. `prepare` makes
/// what is needed and returns the work.
using Work = std::function<void()>;
inline void enter(const std::string& row, const std::string& contender, const std::function<Work()>& prepare) {
  benchmark::RegisterBenchmark((row + "|" + contender).c_str(), [prepare](benchmark::State& state) {
    const Work work = prepare();
    work();
    for (auto _ : state) work();
  })->UseRealTime();
}

/// Runs the contenders that the command line names.
inline int run(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return EXIT_FAILURE;
  benchmark::RunSpecifiedBenchmarks();
  return EXIT_SUCCESS;
}

}  // namespace contest
