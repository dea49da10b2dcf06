// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/interrupt.hpp>

#include "dynamics/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace hamlet {

namespace {

bool all_finite(const State& x) { return (x.array() * 0).sum() == 0; }  // ±∞ · 0 is NaN

/// Of two numbers about this size, how far rounding may have put them apart.
double rounding(double size) { return 16 * std::numeric_limits<double>::epsilon() * std::abs(size); }

/// One run: three points that change places, so that nothing is copied and no step is taken in place.
class Run : private DenseOutput {
 public:
  /// From the beginning, or from a checkpoint.
  Run(System& system, State& state, const Integration& how, std::span<const Observer> observers, const Checkpoint* from)
      : system_(system), result_(state), how_(how), observers_(observers), from_(from), stepper_(how.stepper.start()) {
    at_ = {from ? from->time : how.begin, from ? from->state : state, State(state.rows(), state.cols())};
    next_ = previous_ = at_;
    if (from) statistics_ = from->statistics;
    cost_before_ = system.cost();
    products_before_ = system.jacobian_products() - statistics_.jacobian_products;
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() { result_ = at_.state; }

  Outcome run() {
    const Status status = loop();
    const Outcome outcome{status, at_.time, statistics()};
    for (const Observer& observer : observers_) observer.finish(outcome);
    return outcome;
  }

 private:
  Status loop() {
    system_(at_.state, at_.derivative, at_.time);
    if (from_) {
      check_system(*from_, system_, at_.derivative);
      cost_before_ = system_.cost() - from_->cost;  // this call is among the latter
    }
    if (!all_finite(at_.derivative)) return Status::not_finite;
    previous_ = at_;
    if (const auto status = judge()) return *status;
    stepper_->begin(system_, at_);
    if (from_) {
      steps_ = {stepper_->adaptive(), from_->chosen_first_step, how_.smallest_step.value_or(0),
                from_->chosen_largest_step};
      proposed_ = from_->next_step;
    } else {
      steps_ = choose_steps(how_, *stepper_, system_, at_);
      proposed_ = steps_.first;
    }
    while (true) {
      if (statistics_.steps >= how_.most_steps) return Status::too_many_steps;
      if (const auto status = steps_.adaptive ? step_adaptively() : step_equally()) return *status;
      if (at_checkpoint()) system_(at_.state, at_.derivative, at_.time);  // as a resumed run begins
      if (const auto status = judge()) return *status;
      if (at_checkpoint()) {
        stepper_ = how_.stepper.start();
        stepper_->begin(system_, at_);
      }
    }
  }

  /// Whether no step was taken yet.
  bool starts() const { return statistics_.steps == (from_ ? from_->statistics.steps : 0); }

  bool at_checkpoint() const {
    const long every = how_.checkpoints.every;
    return every > 0 && statistics_.steps % every == 0 && !starts();
  }

  Statistics statistics() const {
    Statistics statistics = statistics_;
    statistics.right_hand_sides = system_.right_hand_sides(cost_before_);
    statistics.jacobian_products = system_.jacobian_products() - products_before_;
    statistics.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    return statistics;
  }

  void save_checkpoint() const {
    how_.checkpoints.save({.stepper = how_.stepper.text(),
                           .begin = how_.begin,
                           .end = how_.end,
                           .first_step = how_.first_step,
                           .smallest_step = how_.smallest_step,
                           .largest_step = how_.largest_step,
                           .every = how_.checkpoints.every,
                           .time = at_.time,
                           .state = at_.state,
                           .derivative = at_.derivative,
                           .chosen_first_step = steps_.first,
                           .chosen_largest_step = steps_.largest,
                           .next_step = proposed_,
                           .cost = system_.cost() - cost_before_,
                           .statistics = statistics()});
  }

  /// Asks the observers about the step taken, tells them about the point reached, saves a checkpoint where one is due,
  /// and tells whether the run ends there.
  std::optional<Status> judge() {
    Proceed proceed = Proceed::on;
    if (!observers_.empty()) {
      evaluate();
      const std::optional<double> end = starts() ? std::nullopt : end_within_step();
      if (end && !cut_step_at(*end)) return Status::not_finite;
      proceed = tell();
      if (end) return Status::event;
    }
    if (at_checkpoint() && how_.checkpoints.save) save_checkpoint();
    if (proceed == Proceed::stop) return Status::stopped;
    if (system_.residual(at_.derivative) < how_.settled) return Status::settled;
    if (at_.time >= how_.end) return Status::end_reached;
    if (Interrupt::came()) return Status::interrupted;
    return {};
  }

  /// What observers see beside the points; the system's last call was at the point reached.
  void evaluate() {
    residual_ = system_.residual(at_.derivative);
    if (system_.has_energies()) system_.energy_at_last(at_.state, energies_);
  }

  Evaluation evaluation() const {
    return {statistics_.steps,
            starts(),
            how_.begin,
            at_.time,
            at_.state,
            at_.derivative,
            system_.has_energies() ? &energies_ : nullptr,
            residual_,
            previous_.time,
            previous_.state,
            previous_.derivative,
            *this,
            stepper_->order(),
            at_checkpoint()};
  }

  /// The earliest time at which an observer wants the run to end; nothing when none does.
  std::optional<double> end_within_step() const {
    std::optional<double> earliest;
    for (const Observer& observer : observers_) {
      const std::optional<double> end = observer.end_within(evaluation());
      if (!end) continue;
      if (!(previous_.time < *end && *end <= at_.time))
        throw ValueError(fmt::format("an observer wants the run to end at t = {}, but the step went from t = {} to {}",
                                     *end, previous_.time, at_.time));
      if (!earliest || *end < *earliest) earliest = end;
    }
    return earliest;
  }

  /// Makes t the end of the last step. False, and before that step, where ẋ is not finite there.
  bool cut_step_at(double t) {
    if (t == at_.time) return true;
    stepper_->interpolate(system_, previous_, at_, t, next_.state);
    system_(next_.state, next_.derivative, next_.time = t);
    statistics_ = before_step_;
    if (!all_finite(next_.state) || !all_finite(next_.derivative)) {
      std::swap(at_, previous_);
      ++statistics_.rejected;
      return false;
    }
    std::swap(at_, next_);
    cut_ = true;
    count_step(t - previous_.time);
    evaluate();
    return true;
  }

  Proceed tell() const {
    Proceed proceed = Proceed::on;
    for (const Observer& observer : observers_)
      if (observer(evaluation()) == Proceed::stop) proceed = Proceed::stop;
    return proceed;
  }

  /// A step of the size the stepper chooses, repeated smaller until it is accepted and finite.
  std::optional<Status> step_adaptively() {
    bool finite = true;
    while (true) {
      double dt = std::min(proposed_, steps_.largest);
      const double smallest = std::max(steps_.smallest, rounding(std::max(std::abs(at_.time), steps_.first)));
      if (dt < smallest) return finite ? Status::step_too_small : Status::not_finite;
      const double left = how_.end - at_.time;
      if (dt >= left - rounding(at_.time))
        dt = left;
      else if (2 * dt > left)
        dt = left / 2;  // two equal steps to the end rather than a full one and a sliver

      const Trial trial = attempt(dt, dt == left ? how_.end : at_.time + dt);
      finite = trial.finite;
      proposed_ = trial.arrived ? trial.next_step : finite ? std::min(trial.next_step, 0.9 * dt) : dt / 5;
      if (trial.arrived) return {};
    }
  }

  /// A step of the one size the stepper takes; the last one may be shorter. Times are begin + n dt, without drift.
  std::optional<Status> step_equally() {
    double dt = steps_.first;
    double time = how_.begin + static_cast<double>(statistics_.steps + 1) * dt;
    if (time <= at_.time) return Status::step_too_small;
    if (time > how_.end - rounding(time)) {
      if (time > how_.end + rounding(time)) dt = how_.end - at_.time;
      time = how_.end;
    }
    const Trial trial = attempt(dt, time);
    if (!trial.arrived) return trial.finite ? Status::step_too_small : Status::not_finite;
    return {};
  }

  struct Trial {
    bool arrived;
    bool finite;
    double next_step;
  };

  /// Tries the step dt to `time`, and goes there when the stepper accepts it and nothing there is NaN or infinite.
  Trial attempt(double dt, double time) {
    next_.time = time;
    const auto [accepted, next_step, derivative_known, energy_rose, taken, refused] =
        stepper_->attempt(system_, at_, dt, next_);
    statistics_.rejected += refused;
    if (taken) next_.time = at_.time + (dt = *taken);
    bool finite = all_finite(next_.state);
    if (finite && accepted && !derivative_known) system_(next_.state, next_.derivative, next_.time);
    if (finite && (accepted || derivative_known)) finite = all_finite(next_.derivative);
    const bool arrived = accepted && finite;
    if (arrived)
      accept(dt);
    else
      count_refusal(energy_rose);
    return {arrived, finite, next_step};
  }

  void accept(double dt) {
    std::swap(previous_, at_);
    std::swap(at_, next_);
    before_step_ = statistics_;
    count_step(dt);
  }

  void count_refusal(bool energy_rose) {
    ++statistics_.rejected;
    if (energy_rose) ++statistics_.energy_rises;
  }

  void count_step(double dt) {
    Statistics& s = statistics_;
    s.smallest_step = s.steps == 0 ? dt : std::min(s.smallest_step, dt);
    s.largest_step = std::max(s.largest_step, dt);
    ++s.steps;
  }

  void interpolate(double t, State& x) const override {
    stepper_->interpolate(system_, previous_, cut_ ? next_ : at_, t, x);
  }

  void energies_of(const State& x, double t, Energies& energies) const override {
    State derivative(x.rows(), x.cols());
    system_(x, derivative, t);
    system_.energy_at_last(x, energies);
  }

  System& system_;
  State& result_;
  const Integration& how_;
  std::span<const Observer> observers_;
  const Checkpoint* from_;  // null for a run from the beginning
  std::unique_ptr<RunningStepper> stepper_;
  Point previous_, at_, next_;
  Steps steps_{};
  double proposed_ = 0;
  double residual_ = 0;
  Energies energies_;
  bool cut_ = false;  // the last step ended at at_, on its way to next_
  Statistics statistics_, before_step_;
  double cost_before_;
  long products_before_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace

Outcome integrate(System& system, State& state, const Integration& how, std::span<const Observer> observers) {
  check_options(how);
  check_saved(how.checkpoints);
  check_state(state);
  return Run(system, state, how, observers, nullptr).run();
}

Outcome resume(const Checkpoint& checkpoint, System& system, State& state, const Integration& how,
               std::span<const Observer> observers) {
  check_options(how);
  check_resumable(checkpoint, state, how);
  check_state(checkpoint.state);
  return Run(system, state, how, observers, &checkpoint).run();
}

}  // namespace hamlet
