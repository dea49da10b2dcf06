// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/hamlet.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace recall {

/// An observer that tells how a run goes: on a terminal one line that renews itself, elsewhere a line now and then.
class Progress {
 public:
  Progress(std::string model, double end) : model_(std::move(model)), end_(end) {}

  void operator()(const hamlet::Evaluation& evaluation) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000))) return;
    last_ = now;
    fmt::print(stderr, "{}{:<10} t = {:6.2f} of {:g}, step {:5}, mean E = {:12.6g}, ‖τẋ‖ = {:.1e}{}",
               terminal_ ? "\r" : "", model_, evaluation.time, end_, evaluation.step, evaluation.energies->mean(),
               evaluation.residual, terminal_ ? "" : "\n");
    std::fflush(stderr);
  }

  void finish(const hamlet::Outcome&) {
    if (terminal_) fmt::print(stderr, "\r{:100}\r", "");
  }

 private:
  std::string model_;
  double end_;
  bool terminal_ = isatty(STDERR_FILENO) != 0;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace recall
