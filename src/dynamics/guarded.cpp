// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/guarded.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace hamlet {

namespace {

constexpr long steps_before_doubling = 8;

class RunningGuarded final : public RunningStepper {
 public:
  explicit RunningGuarded(std::unique_ptr<RunningStepper> inner) : inner_(std::move(inner)) {}

  bool adaptive() const override { return true; }
  int order() const override { return inner_->order(); }

  void begin(System& system, const Point& start) override {
    if (!system.has_energies() || !system.has_rounding())
      throw ModelError(
          "Guarded compares energies with their rounding, which a Flow tells; this system has none: run its stepper "
          "unguarded");
    inner_->begin(system, start);
    // Makes room for what is asked only where E seems to rise.
    system.rounding(start.state, bound_);
    new_bound_ = bound_;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    usual_ = inner_->adaptive() ? infinity : inner_->first_step(system, start, infinity);
  }

  double first_step(System& system, const Point& start, double largest) override {
    return std::min(inner_->first_step(system, start, largest), largest);
  }

  double largest_step(const System& system) const override { return inner_->largest_step(system); }

  Attempt attempt(System& system, const Point& from, double dt, Point& to) override {
    if (energies_.size() == 0 || known_at_ != from.time) {
      system(from.state, to.derivative, from.time);
      system.energy_at_last(from.state, energies_);
      known_at_ = from.time;
    }
    Attempt tried = inner_->attempt(system, from, dt, to);
    if (!tried.accepted) return tried;
    const double time = tried.taken ? from.time + *tried.taken : to.time;
    if (!tried.derivative_known) system(to.state, to.derivative, time);
    system.energy_at_last(to.state, new_energies_);
    const auto rise = new_energies_ - energies_;
    if (rise.maxCoeff<Eigen::PropagateNaN>() > 0) {
      system.rounding(from.state, bound_);
      system.rounding(to.state, new_bound_);
      if ((rise.array() > (bound_ + new_bound_).array()).any()) {
        since_refusal_ = 0;
        return {false, tried.taken.value_or(dt) / 2, true, true, {}, tried.refused};
      }
    }
    std::swap(energies_, new_energies_);
    known_at_ = time;
    tried.derivative_known = true;
    if (inner_->adaptive()) return tried;
    return {true, ++since_refusal_ % steps_before_doubling == 0 ? std::min(2 * dt, usual_) : dt, true};
  }

  void restart() override { inner_->restart(); }

  void interpolate(System& system, const Point& from, const Point& to, double t, State& x) override {
    inner_->interpolate(system, from, to, t, x);
  }

 private:
  std::unique_ptr<RunningStepper> inner_;
  double usual_ = 0;  // the step of a stepper of equal steps
  long since_refusal_ = 0;
  Energies energies_, new_energies_, bound_, new_bound_;
  double known_at_ = 0;  // the time that energies_ belong to
};

}  // namespace

std::unique_ptr<RunningStepper> Guarded::start() const { return std::make_unique<RunningGuarded>(stepper.start()); }

std::string Guarded::text() const { return "Guarded(" + stepper.text() + ")"; }

}  // namespace hamlet
