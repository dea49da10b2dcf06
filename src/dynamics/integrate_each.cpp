// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate_each.hpp>

#include "dynamics/fiber.hpp"
#include "dynamics/options.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace hamlet {

namespace {

/// Ends the other runs when one has thrown.
struct Abandoned {};

/// The samples that still run: what they asked for last, in one piece, and what came of it.
struct Batch {
  System system;               // of these samples
  double time;                 // told to the system
  State asked, answered = {};  // x, one column a sample: of the calls to come and of the last ones made
  State derivative = {};       // ẋ of `answered`
  Energies energies = {};      // of `answered`
  bool has_energies_now = false;
  bool abandoned = false;

  void call() {
    std::swap(asked, answered);
    asked.resizeLike(answered);
    derivative.resizeLike(answered);
    has_energies_now = false;
    system(answered, derivative, time);
  }
};

/// One sample's system: its right-hand sides are those of the batch, everything else is its own.
class Shared {
 public:
  Shared(Batch& batch, System& alone, Fiber& fiber, const Index& column)
      : batch_(batch), alone_(alone), fiber_(fiber), column_(column) {}

  void operator()(const State& x, State& dxdt, double) {
    if (batch_.abandoned) throw Abandoned{};
    batch_.asked.col(column_) = x;
    fiber_.pause();
    if (batch_.abandoned) throw Abandoned{};
    dxdt = batch_.derivative.col(column_);
  }
  void energy_at_last(const State&, Energies& energies) const {
    if (!std::exchange(batch_.has_energies_now, true)) batch_.system.energy_at_last(batch_.answered, batch_.energies);
    energies = batch_.energies.segment(column_, 1);
  }
  void jacobian_product(const State& x, const State& v, State& product) const {
    alone_.jacobian_product(x, v, product);
  }
  Energies rounding(const State& x) const { return alone_.rounding(x); }
  Vector<double> decay_rates() const { return alone_.decay_rates(); }
  double residual(const State& derivative) const { return alone_.residual(derivative); }
  double smallest_time_constant() const { return alone_.smallest_time_constant(); }

 private:
  Batch& batch_;
  System& alone_;
  Fiber& fiber_;
  const Index& column_;  // of the batch; changes when others leave
};

/// One sample's run.
class SampleRun {
 public:
  SampleRun(Batch& batch, const System& system, State& states, Index sample, const Integration& how,
            std::span<const ObserverOfEach> observers)
      : batch_(batch),
        alone_(system.restricted_to({&sample, 1})),
        states_(states),
        sample_(sample),
        column_(sample),
        how_(how),
        observers_(observers),
        fiber_([this] { run(); }) {}

  Index sample() const { return sample_; }
  bool ended() const { return fiber_.ended(); }
  const Outcome& outcome() const { return outcome_; }

  void resume() { fiber_.resume(); }

  /// Its column is now this one, no further to the right.
  void move_to(Index column) {
    if (column != column_) batch_.asked.col(column) = batch_.asked.col(column_);
    column_ = column;
  }

  /// Ends it where it is.
  void abandon() {
    batch_.abandoned = true;
    while (!fiber_.ended()) {
      try {
        fiber_.resume();
      } catch (...) {  // what ended all runs is on its way already
      }
    }
  }

 private:
  struct Watch {
    const ObserverOfEach& observer;
    Index sample;
    Proceed operator()(const Evaluation& evaluation) const { return observer(sample, evaluation); }
    std::optional<double> end_within(const Evaluation& step) const { return observer.end_within(sample, step); }
    void finish(const Outcome& outcome) const { observer.finish(sample, outcome); }
  };

  void run() {
    std::vector<Watch> watches;
    for (const ObserverOfEach& observer : observers_) watches.push_back({observer, sample_});
    std::vector<Observer> watching;
    for (Watch& watch : watches) watching.emplace_back(watch);
    Shared shared(batch_, alone_, fiber_, column_);
    System system(shared, alone_);
    State state = states_.col(sample_);
    try {
      outcome_ = integrate(system, state, how_, watching);
    } catch (...) {
      states_.col(sample_) = state;
      throw;
    }
    states_.col(sample_) = state;
  }

  Batch& batch_;
  System alone_;
  State& states_;
  Index sample_;
  Index column_;
  const Integration& how_;
  std::span<const ObserverOfEach> observers_;
  Outcome outcome_{};
  Fiber fiber_;
};

/// All runs, in turn, from one call of the system to the next.
class SampleRuns {
 public:
  SampleRuns(System& system, State& states, const Integration& how, std::span<const ObserverOfEach> observers)
      : system_(system), batch_{.system = system, .time = how.begin, .asked = states} {
    for (Index sample = 0; sample < states.cols(); ++sample)
      running_.push_back(std::make_unique<SampleRun>(batch_, system, states, sample, how, observers));
    outcomes_.resize(running_.size());
  }
  SampleRuns(const SampleRuns&) = delete;
  SampleRuns& operator=(const SampleRuns&) = delete;
  ~SampleRuns() {
    for (const auto& run : running_) run->abandon();
  }

  std::vector<Outcome> run() {
    go_on();
    while (!running_.empty()) {
      batch_.call();
      go_on();
    }
    return outcomes_;
  }

 private:
  /// Every run up to its next call. Those that have ended leave, and the others close the gaps.
  void go_on() {
    for (const auto& run : running_) run->resume();
    const auto left = std::remove_if(running_.begin(), running_.end(), [&](const auto& run) {
      if (run->ended()) outcomes_[static_cast<std::size_t>(run->sample())] = run->outcome();
      return run->ended();
    });
    if (left == running_.end()) return;
    running_.erase(left, running_.end());
    if (running_.empty()) return;
    std::vector<Index> samples;
    for (const auto& run : running_) {
      run->move_to(static_cast<Index>(samples.size()));
      samples.push_back(run->sample());
    }
    batch_.asked.conservativeResize(Eigen::NoChange, static_cast<Index>(samples.size()));
    batch_.system = system_.restricted_to(samples);
  }

  System& system_;
  Batch batch_;
  std::vector<std::unique_ptr<SampleRun>> running_;
  std::vector<Outcome> outcomes_;
};

}  // namespace

std::vector<Outcome> integrate_each(System& system, State& states, const Integration& how,
                                    std::span<const ObserverOfEach> observers) {
  check_options(how);
  if (how.checkpoints.every > 0)
    throw ValueError("integrate_each makes no checkpoints: samples have no step in common");
  check_state(states);
  if (!system.restrictable())
    throw ModelError(
        "integrate_each needs a system that can be restricted to some of its samples: this one has no member "
        "restricted_to(samples)");
  return SampleRuns(system, states, how, observers).run();
}

}  // namespace hamlet
