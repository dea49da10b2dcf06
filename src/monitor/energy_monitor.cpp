// SPDX-License-Identifier: MIT
#include "monitor/balance.hpp"
#include "monitor/jumps.hpp"
#include "monitor/slope.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/monitor/energy_monitor.hpp>

#include <boost/math/quadrature/gauss.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

namespace hamlet {

struct EnergyMonitor::Watch {
  const Flow& flow;
  Policy policy;
  Verdict verdict;
  std::vector<Jump> jumps;
  JumpFinder finder;
  Balance balance;
  bool near_jump = false;   // whether too few steps lie behind a jump that ended a step, or behind the beginning
  Energies energy, before;  // of the step, and of the one before
  Energies dissipation, predicted_before, none, bound, bound_here;
  State along;  // dense output
  Energies in_between, dissipated;
  long next_gradient_check = 0;
  long next_suspicion = 1;
  long suspicions = 0;
  std::optional<SlopeMeter> meter;
  std::vector<Index> looked_at;  // samples
  Index turn = 0;                // the sample whose turn it is

  Watch(const Flow& watched, Policy chosen) : flow(watched), policy(chosen), finder(watched) {}

  void take_energy_of(const Evaluation& evaluation) {
    if (evaluation.energies)
      energy = *evaluation.energies;
    else
      flow.energy(evaluation.state, energy);
  }

  void begin(const Evaluation& evaluation) {
    take_energy_of(evaluation);
    none = bound = bound_here = Energies::Zero(energy.size());
    verdict = Verdict{};
    verdict.descends = true;
    verdict.start = verdict.end = energy;
    jumps.clear();
    balance.begin(evaluation.time, energy, flow.dissipation(evaluation.state, evaluation.derivative), evaluation.order);
    near_jump = finder.needed();
    next_gradient_check = 4;
    next_suspicion = 1;
    suspicions = 0;
    meter.emplace(flow, energy.size());
    looked_at.reserve(static_cast<std::size_t>(energy.size()));
    turn = 0;
    look_at([](Index) { return false; });
    if (all_finite(evaluation)) check_gradient(evaluation);
  }

  void step(const Evaluation& evaluation) {
    before = energy;
    take_energy_of(evaluation);
    flow.dissipation(evaluation.state, evaluation.derivative, dissipation);
    predicted_before = balance.predicted();
    if (!finder.needed()) {
      balance.add(evaluation.time, energy, dissipation, none);
    } else {
      const JumpsOfStep& met = finder.jumps_of(evaluation, before);
      jumps.insert(jumps.end(), met.jumps.begin(), met.jumps.end());
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
    if (met.departed) {
      flow.dissipation(met.departure, in_between);
      balance.jump(in_between, met.lost_departing);
    }
    const bool jumped = (met.lost.array() != 0).any();
    const bool known = met.at_end && (near_jump || jumped);
    if (known && evaluation.order <= 4) integrate_dissipation<2>(evaluation);
    if (known && evaluation.order > 4) integrate_dissipation<4>(evaluation);
    balance.add(evaluation.time, energy, dissipation, met.lost, known ? &dissipated : nullptr);
    near_jump = met.at_end && (jumped || (near_jump && !balance.complete()));
  }

  // ∫ Ė dt over the last step, by Gauss's rule along dense output.
  template <unsigned points>
  void integrate_dissipation(const Evaluation& evaluation) {
    using Rule = boost::math::quadrature::gauss<double, points>;
    const double middle = 0.5 * (evaluation.previous_time + evaluation.time);
    const double half = 0.5 * (evaluation.time - evaluation.previous_time);
    dissipated.setZero(energy.size());
    along.resizeLike(evaluation.state);
    for (std::size_t node = 0; node < points / 2; ++node) {
      for (const double side : {-1.0, 1.0}) {
        evaluation.interpolate(middle + side * half * Rule::abscissa()[node], along);
        flow.dissipation(along, in_between);
        dissipated += half * Rule::weights()[node] * in_between;
      }
    }
  }

  // Few samples: of those that look wrong as many as half of them, and the others in turn, so that each has its turn
  // whatever the rest look like.
  template <class LooksWrong>
  void look_at(const LooksWrong& looks_wrong) {
    looked_at.clear();
    const Index samples = energy.size(), most = meter->most_at_once(), suspects = most < samples ? most / 2 : 0;
    const auto chosen = [&] { return static_cast<Index>(looked_at.size()); };
    for (Index i = 0; i < samples && chosen() < suspects; ++i) {
      const Index sample = (turn + i) % samples;
      if (looks_wrong(sample)) looked_at.push_back(sample);
    }
    const auto last_suspect = looked_at.end() - looked_at.begin();
    for (Index i = 0; i < samples && chosen() < most; ++i) {
      const Index sample = turn;
      turn = (turn + 1) % samples;
      const auto suspected = looked_at.begin() + last_suspect;
      if (std::find(looked_at.begin(), suspected, sample) == suspected) looked_at.push_back(sample);
    }
  }

  // At steps 4, 16, 64, …; and when a step's ΔE is a tenth off ∫Ė dt, by more than E is rounded, at the 1st, 2nd, 4th,
  // … such step.
  bool gradient_due() {
    bool due = false;
    if (verdict.steps >= next_gradient_check) {
      next_gradient_check *= 4;
      due = true;
    }
    const auto looks_wrong = [&](Index sample) {
      constexpr double rounding = 64 * std::numeric_limits<double>::epsilon();
      const double change = energy[sample] - before[sample],
                   predicted = balance.predicted()[sample] - predicted_before[sample];
      return std::abs(change - predicted) > std::max(0.1 * std::abs(change), rounding * std::abs(energy[sample]));
    };
    bool any = false;
    for (Index sample = 0; sample < energy.size() && !any; ++sample) any = looks_wrong(sample);
    if (any && ++suspicions == next_suspicion) {
      next_suspicion *= 2;
      due = true;
    }
    if (due) look_at(looks_wrong);
    return due;
  }

  void check_gradient(const Evaluation& evaluation) {
    if (const auto wrong = meter->wrong_gradient(looked_at, evaluation.state, energy, evaluation.derivative,
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
  Cause cause_of_rise(const Evaluation& evaluation, Index sample) {
    const State& x = evaluation.previous_state;
    const State& derivative = evaluation.previous_derivative;
    const Energies at_start = flow.energy(x);
    const std::span<const Index> it(&sample, 1);
    if (meter->wrong_gradient(it, x, at_start, derivative, 0)) return Cause::model;
    if (meter->rising(it, x, at_start, derivative)) return Cause::model;
    if (meter->rising(it, evaluation.state, flow.energy(evaluation.state), evaluation.derivative)) return Cause::model;
    const double start = at_start[sample];
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
    looked_at.clear();
    for (Index sample = 0; sample < dissipation.size(); ++sample)
      if (dissipation[sample] > bound[sample]) looked_at.push_back(sample);
    if (const auto worst = meter->rising(looked_at, evaluation.state, energy, evaluation.derivative))
      violated({Check::dissipation, Cause::model, evaluation.time, *worst, dissipation[*worst]});
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
