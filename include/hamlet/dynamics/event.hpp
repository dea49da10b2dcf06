// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/evaluation.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace hamlet {

/// How a function goes through zero.
enum class Direction { rising, falling, either };

struct EventOptions {
  /// Zeros in which direction count.
  Direction direction = Direction::either;
  /// Whether the first one ends the run (status `event`): of all samples, at the time and the state of the event.
  bool terminal = false;
};

/// A zero of one sample.
struct Occurrence {
  double time;
  Index sample;
  State state;          // of that sample, N × 1
  Direction direction;  // rising or falling
};

/// One number a sample, of a state, or of a state and the time.
template <class F>
concept EventFunction = std::is_invocable_r_v<Energies, const F&, const State&> ||
    std::is_invocable_r_v<Energies, const F&, const State&, double>;

/// An observer that finds the zeros of a function of the state, in every sample for itself:
/// `hamlet::Event crossing{[](const State& x) -> Energies { return x.row(0); }, {.direction = Direction::rising}};`. A
/// zero is where the function has changed sign over a step; it is located on the step's dense output to the rounding of
/// time, on the far side of the zero or on it, for about eight states by dense output. A zero at the start of the run
/// is none. Two zeros within one step go unseen, as the sign is the same after them: a largest_step shorter than what
/// lies between them shows them. A zero that is touched and not crossed goes unseen however short steps are, unless one
/// ends on it: seek the zero of a rate of change instead.
class Event {
 public:
  template <EventFunction F>
  explicit Event(F function, EventOptions options = {}) : options_(options) {
    if constexpr (std::is_invocable_r_v<Energies, const F&, const State&, double>)
      function_ = std::move(function);
    else
      function_ = [function = std::move(function)](const State& x, double) -> Energies { return function(x); };
  }

  /// Where a terminal event ends the run. This and the next throw ValueError when the function is not a number,
  /// ShapeError when it has not one number a sample.
  std::optional<double> end_within(const Evaluation& step);
  /// Keeps the zeros up to the end of the step. Stops the run at a terminal one when end_within was not asked before.
  Proceed operator()(const Evaluation& evaluation);

  /// In order of time; empty when nothing occurred. A further run starts the list anew; a resumed one goes on after its
  /// checkpoint.
  const std::vector<Occurrence>& occurrences() const { return occurrences_; }

 private:
  Energies value(const State& x, double t) const;
  void search(const Evaluation& step);
  Occurrence locate(const Evaluation& step, Index sample, double before, double after);

  std::function<Energies(const State&, double)> function_;
  EventOptions options_;
  std::vector<Occurrence> occurrences_;
  std::vector<Occurrence> found_;  // in the last step searched
  long searched_ = -1;             // which that was
  Energies value_;                 // at its end
  State between_;
};

}  // namespace hamlet
