// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/evaluation.hpp>
#include <hamlet/dynamics/outcome.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace hamlet {

/// An observer that tells how a run goes: time, step, energy (the mean over samples) and residual, on one line of a
/// terminal that is renewed ten times a second and gone when the run has ended. Silent when `out` is no terminal.
class Progress {
 public:
  /// `name` begins the line.
  explicit Progress(std::string name = {}, std::FILE* out = stderr);

  void operator()(const Evaluation& evaluation);
  void finish(const Outcome& outcome);

  /// How far a sweep is, the line being gone after its last run: `sweep(…, {.progress = Progress{"capacity"}})`.
  void operator()(std::size_t ended, std::size_t runs);

 private:
  bool due(bool first);
  void show(const std::string& line);
  void clear();

  std::string name_;
  std::FILE* out_;
  bool terminal_;
  std::chrono::steady_clock::time_point shown_{};
};

}  // namespace hamlet
