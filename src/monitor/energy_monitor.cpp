// SPDX-License-Identifier: MIT
#include "monitor/balance.hpp"
#include "monitor/jumps.hpp"
#include "monitor/slope.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/monitor/energy_monitor.hpp>

#include <boost/math/quadrature/gauss.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>

namespace hamlet {

struct EnergyMonitor::Watch {
  const Flow& flow;
  Policy policy;
  Verdict verdict;
  std::vector<Jump> jumps;
  std::vector<Discontinuity> jumping;
  Balance balance;
  bool near_jump = false;   // whether too few steps lie behind a jump that ended a step, or behind the beginning
  Energies energy, before;  // of the step, and of the one before
  Energies dissipation, predicted_before, none, bound, bound_here;
  long next_gradient_check = 0;
  long next_suspicion = 1;
  long suspicions = 0;

  Watch(const Flow& watched, Policy chosen)
      : flow(watched), policy(chosen), jumping(discontinuities(watched.network())) {}

  void take_energy_of(const Evaluation& evaluation) {
    if (evaluation.energies)
      energy = *evaluation.energies;
    else
      flow.energy(evaluation.state, energy);
  }

  void begin(const Evaluation& evaluation) {
    take_energy_of(evaluation);
    none = Energies::Zero(energy.size());
    verdict = Verdict{};
    verdict.descends = true;
    verdict.start = verdict.end = energy;
    jumps.clear();
    balance.begin(evaluation.time, energy, flow.dissipation(evaluation.state, evaluation.derivative), evaluation.order);
    near_jump = !jumping.empty();
    next_gradient_check = 1;
    next_suspicion = 1;
    suspicions = 0;
    if (all_finite(evaluation)) check_gradient(evaluation);
  }

  void step(const Evaluation& evaluation) {
    before = energy;
    take_energy_of(evaluation);
    flow.dissipation(evaluation.state, evaluation.derivative, dissipation);
    predicted_before = balance.predicted();
    if (jumping.empty()) {
      balance.add(evaluation.time, energy, dissipation, none);
    } else {
      JumpsOfStep met = jumps_of_step(flow, jumping, evaluation, before);
      std::move(met.jumps.begin(), met.jumps.end(), std::back_inserter(jumps));
      verdict.jumps = static_cast<long>(jumps.size());
      add_to_balance(evaluation, met);
    }

    ++verdict.steps;
    verdict.end = energy;
    verdict.balance = balance.error();
    const long violations = verdict.violations;
    if (all_finite(evaluation)) check_rise(evaluation);
    if (verdict.violations == violations) check_dissipation(evaluation);
    if (verdict.violations == violations && gradient_due()) check_gradient(evaluation);
  }

  // Jumps may lie so close together that the steps between them are too few, or too unequal, for a polynomial: up to
  // such a jump, and behind it until steps suffice, ∫ Ė dt is found within each step.
  void add_to_balance(const Evaluation& evaluation, const JumpsOfStep& met) {
    if (met.departed) balance.jump(flow.dissipation(*met.departed), met.lost_departing);
    const bool jumped = (met.lost.array() != 0).any();
    std::optional<Energies> known;
    if (met.at_end && (near_jump || jumped)) {
      known = evaluation.order <= 4 ? dissipated_in_step<2>(evaluation) : dissipated_in_step<4>(evaluation);
    }
    balance.add(evaluation.time, energy, dissipation, met.lost, known);
    near_jump = met.at_end && (jumped || (near_jump && !balance.complete()));
  }

  // ∫ Ė dt over the last step, by Gauss's rule along dense output.
  template <unsigned points>
  Energies dissipated_in_step(const Evaluation& evaluation) const {
    using Rule = boost::math::quadrature::gauss<double, points>;
    const double middle = 0.5 * (evaluation.previous_time + evaluation.time);
    const double half = 0.5 * (evaluation.time - evaluation.previous_time);
    Energies sum = Energies::Zero(energy.size());
    State x(evaluation.state.rows(), evaluation.state.cols());
    for (std::size_t node = 0; node < points / 2; ++node) {
      for (const double side : {-1.0, 1.0}) {
        evaluation.interpolate(middle + side * half * Rule::abscissa()[node], x);
        sum += half * Rule::weights()[node] * flow.dissipation(x);
      }
    }
    return sum;
  }

  // At steps 1, 4, 16, …; and when a step's ΔE is a tenth off ∫Ė dt, by more than E is rounded, at the 1st, 2nd, 4th, …
  // such step.
  bool gradient_due() {
    bool due = false;
    if (verdict.steps == next_gradient_check) {
      next_gradient_check *= 4;
      due = true;
    }
    const auto change = energy - before;
    const auto predicted = balance.predicted() - predicted_before;
    constexpr double rounding = 64 * std::numeric_limits<double>::epsilon();
    const auto unnoticed = (0.1 * change.array().abs()).max(rounding * energy.array().abs());
    if (((change - predicted).array().abs() > unnoticed).any() && ++suspicions == next_suspicion) {
      next_suspicion *= 2;
      due = true;
    }
    return due;
  }

  void check_gradient(const Evaluation& evaluation) {
    if (const auto wrong = wrong_gradient(flow, evaluation.state, energy, evaluation.derivative,
                                          static_cast<unsigned>(evaluation.step))) {
      violated({Check::gradient, Cause::model, evaluation.time, wrong->sample, wrong->size});
    }
  }

  // Whether E of every sample is a finite number; NaN would pass for one that never rose.
  bool all_finite(const Evaluation& evaluation) {
    for (Index sample = 0; sample < energy.size(); ++sample) {
      if (std::isfinite(energy[sample])) continue;
      const bool began_so = evaluation.starts;
      const Cause cause = began_so || verdict.first ? Cause::model : cause_of_rise(evaluation, sample);
      violated({Check::finite, cause, evaluation.time, sample, energy[sample]});
      return false;
    }
    return true;
  }

  // ΔE > ε-bound of both energies. The bound costs an energy, so it is asked for only when something rose.
  void check_rise(const Evaluation& evaluation) {
    const auto rise = energy - before;
    verdict.largest_rise = std::max(verdict.largest_rise, rise.maxCoeff());
    if (rise.maxCoeff() <= 0) return;
    flow.rounding(evaluation.previous_state, bound);
    flow.rounding(evaluation.state, bound_here);
    bound += bound_here;
    Index sample = 0;
    if ((rise - bound).maxCoeff(&sample) <= 0) return;
    // Who is to blame is asked once, of the violation that is reported.
    const Cause cause = verdict.first ? Cause::integrator : cause_of_rise(evaluation, sample);
    violated({Check::energy, cause, evaluation.time, sample, energy[sample] - before[sample]});
  }

  // Repeats the step from the same state along ẋ, half as long each time. On a flow that is −∂E/∂g of convex
  // Lagrangians E falls at once; where it never does, or where Ė > 0 at either end of the step or E's slope is wrong
  // there, the model rises, not the stepper.
  Cause cause_of_rise(const Evaluation& evaluation, Index sample) const {
    const State& x = evaluation.previous_state;
    const State& derivative = evaluation.previous_derivative;
    if (wrong_gradient(flow, x, flow.energy(x), derivative, 0)) return Cause::model;
    if (measure_slope(flow, x, derivative, derivative).rises(sample)) return Cause::model;
    const State& at_end = evaluation.derivative;
    if (measure_slope(flow, evaluation.state, at_end, at_end).rises(sample)) return Cause::model;
    const double start = flow.energy(x)[sample];
    double step = evaluation.time - evaluation.previous_time;
    for (int halving = 0; halving < 60; ++halving) {
      step /= 2;
      const State trial = x + step * derivative;
      if (flow.energy(trial)[sample] <= start) return Cause::integrator;
    }
    return Cause::model;
  }

  // Ė > 0, and E along ẋ really rises: along a null direction of the Hessian Ė is rounding and may have either sign.
  void check_dissipation(const Evaluation& evaluation) {
    if (!(dissipation.array() > 0).any()) return;
    flow.rounding(evaluation.state, bound);
    bound /= flow.smallest_time_constant();
    if (!(dissipation.array() > bound.array()).any()) return;
    const Slope slope = measure_slope(flow, evaluation.state, evaluation.derivative, evaluation.derivative);
    Index worst = -1;
    for (Index sample = 0; sample < dissipation.size(); ++sample) {
      const bool rises = dissipation[sample] > bound[sample] && slope.rises(sample);
      if (rises && (worst < 0 || dissipation[sample] > dissipation[worst])) worst = sample;
    }
    if (worst >= 0) violated({Check::dissipation, Cause::model, evaluation.time, worst, dissipation[worst]});
  }

  void violated(const Violation& violation) {
    ++verdict.violations;
    verdict.descends = false;
    if (!verdict.first) verdict.first = violation;
    if (policy == Policy::raise) throw DescentError(violation.text());
  }
};

EnergyMonitor::EnergyMonitor(const Flow& flow, Policy policy) : watch_(std::make_unique<Watch>(flow, policy)) {}
EnergyMonitor::~EnergyMonitor() = default;
EnergyMonitor::EnergyMonitor(EnergyMonitor&&) noexcept = default;
EnergyMonitor& EnergyMonitor::operator=(EnergyMonitor&&) noexcept = default;

Proceed EnergyMonitor::operator()(const Evaluation& evaluation) {
  const long violations = watch_->verdict.violations;
  if (evaluation.starts) {
    watch_->begin(evaluation);
  } else {
    watch_->step(evaluation);
  }
  const bool violated = watch_->verdict.violations > (evaluation.starts ? 0 : violations);
  return violated && watch_->policy == Policy::stop ? Proceed::stop : Proceed::on;
}

const Verdict& EnergyMonitor::verdict() const { return watch_->verdict; }
const std::vector<Jump>& EnergyMonitor::jumps() const { return watch_->jumps; }

}  // namespace hamlet
