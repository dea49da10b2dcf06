// SPDX-License-Identifier: MIT
#include "dynamics/options.hpp"

#include <hamlet/core/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace hamlet {

namespace {

void check_step(const char* name, const std::optional<double>& step) {
  if (step && !(*step > 0 && std::isfinite(*step)))
    throw ValueError(fmt::format("{} is {}: it must be positive and finite", name, *step));
}

/// Throws when both are given and the one is larger than the other.
void check_order(const char* less, const std::optional<double>& a, const char* more, const std::optional<double>& b) {
  if (a && b && *a > *b) throw ValueError(fmt::format("{} is {}, larger than {}, {}", less, *a, more, *b));
}

}  // namespace

void check_options(const Integration& how) {
  if (!std::isfinite(how.begin)) throw ValueError(fmt::format("begin is {}: it must be finite", how.begin));
  if (std::isnan(how.end))
    throw ValueError("end is not given, or not a number: set end, to +∞ with settled for a run until rest");
  if (how.end < how.begin) throw ValueError(fmt::format("end, {}, lies before begin, {}", how.end, how.begin));
  if (!(how.settled >= 0 && std::isfinite(how.settled)))
    throw ValueError(fmt::format("settled is {}: it must be a positive residual, or 0 for never", how.settled));
  if (std::isinf(how.end) && how.settled == 0)
    throw ValueError("a run with no end (end is infinite) must be told when it has settled");
  if (how.most_steps < 1) throw ValueError(fmt::format("most_steps is {}: it must be at least 1", how.most_steps));
  if (how.checkpoints.every < 0)
    throw ValueError(
        fmt::format("checkpoints.every is {}: it must be positive, or 0 for never", how.checkpoints.every));
  if (how.checkpoints.every == 0 && how.checkpoints.save)
    throw ValueError("checkpoints are to be saved, but checkpoints.every does not say after how many steps");
  check_step("first_step", how.first_step);
  check_step("smallest_step", how.smallest_step);
  check_step("largest_step", how.largest_step);
  check_order("smallest_step", how.smallest_step, "largest_step", how.largest_step);
  check_order("smallest_step", how.smallest_step, "first_step", how.first_step);
  check_order("first_step", how.first_step, "largest_step", how.largest_step);
}

void check_saved(const Checkpoints& checkpoints) {
  if (checkpoints.every > 0 && !checkpoints.save)
    throw ValueError(fmt::format(
        "checkpoints.every is {}, but checkpoints.save does not say what becomes of a checkpoint: give it a "
        "CheckpointFile or a function, or leave out every",
        checkpoints.every));
}

void check_state(const State& state) {
  if (state.size() == 0)
    throw ShapeError(fmt::format("a state of {} × {} holds nothing to integrate", state.rows(), state.cols()));
  for (Index sample = 0; sample < state.cols(); ++sample)
    for (Index row = 0; row < state.rows(); ++row)
      if (!std::isfinite(state(row, sample)))
        throw ValueError(
            fmt::format("the state to begin with is {} in row {}, sample {}", state(row, sample), row, sample));
}

void check_resumable(const Checkpoint& from, const State& state, const Integration& how) {
  if (from.state.rows() != state.rows() || from.state.cols() != state.cols())
    throw ShapeError(fmt::format("the checkpoint is of a state of {} × {}, it is resumed with one of {} × {}",
                                 from.state.rows(), from.state.cols(), state.rows(), state.cols()));
  std::vector<std::string> differences;
  const auto compare = [&](const char* what, const auto& was, const auto& is) {
    if (was != is) differences.push_back(fmt::format("{} was {}, is {}", what, was, is));
  };
  const auto text = [](const std::optional<double>& step) { return step ? fmt::format("{}", *step) : "not given"; };
  compare("stepper", from.stepper, how.stepper.text());
  compare("begin", from.begin, how.begin);
  compare("end", from.end, how.end);
  compare("first_step", text(from.first_step), text(how.first_step));
  compare("smallest_step", text(from.smallest_step), text(how.smallest_step));
  compare("largest_step", text(from.largest_step), text(how.largest_step));
  compare("checkpoints.every", from.every, how.checkpoints.every);
  if (from.every != how.checkpoints.every)
    differences.back() += fmt::format(
        ", but steps depend on it: write .checkpoints = {{.every = {}, .save = …}}, "
        "without .save to keep no more of them",
        from.every);
  if (!differences.empty())
    throw ValueError(
        fmt::format("the checkpoint is of another run: {}; to go on as that run, give resume its options; to go on "
                    "otherwise, integrate from the checkpoint's state, with its time as begin",
                    fmt::join(differences, "; ")));
}

void check_system(const Checkpoint& from, const System& system, const State& derivative) {
  // Another machine may round otherwise; another system does not hide behind that. ẋ ~ x/τ sets the scale.
  const double tau = system.smallest_time_constant();
  const double scale = std::max(from.derivative.lpNorm<Eigen::Infinity>(),
                                from.state.lpNorm<Eigen::Infinity>() / (std::isfinite(tau) ? tau : 1));
  Index row = 0, sample = 0;
  const double largest = (derivative - from.derivative).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(&row, &sample);
  if (!(largest <= 1e-8 * scale))
    throw ValueError(
        fmt::format("the checkpoint is of another system: at t = {}, row {}, sample {} its derivative was {}, is {}",
                    from.time, row, sample, from.derivative(row, sample), derivative(row, sample)));
}

Steps choose_steps(const Integration& how, RunningStepper& stepper, System& system, const Point& start) {
  if (!stepper.adaptive()) {
    const double step = stepper.first_step(system, start, std::numeric_limits<double>::infinity());
    if (how.first_step && *how.first_step != step)
      throw ValueError(fmt::format("first_step is {}, but the stepper takes steps of {}", *how.first_step, step));
    check_order("smallest_step", how.smallest_step, "the stepper's step", step);
    check_order("the stepper's step", step, "largest_step", how.largest_step);
    return {false, step, 0, step};
  }
  // A default gives way to what the user asked for.
  const double largest =
      how.largest_step
          ? *how.largest_step
          : std::max({stepper.largest_step(system), how.first_step.value_or(0), how.smallest_step.value_or(0)});
  const double first =
      how.first_step ? *how.first_step : stepper.first_step(system, start, std::min(largest, how.end - how.begin));
  return {true, std::max(first, how.smallest_step.value_or(0)), how.smallest_step.value_or(0), largest};
}

}  // namespace hamlet
