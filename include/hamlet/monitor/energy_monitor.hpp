// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/evaluation.hpp>
#include <hamlet/monitor/verdict.hpp>
#include <hamlet/network/flow.hpp>

#include <memory>
#include <vector>

namespace hamlet {

/// What a monitor does at a violation: remember it, end the run (status `stopped`), or throw DescentError.
enum class Policy { record, stop, raise };

/// An observer that proves or refutes, step by step and sample by sample, that the energy of a flow descends.
///   1. E is finite, and never rises beyond the rounding bound computed from the magnitudes that were summed.
///   2. E(t₁) − E(t₀) = ∫ Ė dt, with Ė = −Σ τ ẋᵀ (∂²L/∂x²) ẋ, by quadrature over the steps, of the stepper's order.
///      At the first steps, and the steps about each jump, of a network whose activations jump this costs two
///      right-hand sides a step, or four of a stepper of order beyond 4.
///   3. The flow is −∂E/∂g: central differences of E along ẋ and along a random direction, at the start, at steps
///      4, 16, 64, …, and where 2 looks wrong, at the 1st, 2nd, 4th, … such step. Of up to eight samples each time
///      (fewer of a network of more than 65,536 neurons): half of them of those that look wrong, the others in turn.
/// A rise is repeated from the same state with ever smaller steps to tell the integrator from the model. Where an
/// activation jumps, the drop of E is booked as an event. Source: Krotov & Hopfield 2021, eq. 4.
class EnergyMonitor {
 public:
  /// Watches `flow`, which must outlive the monitor.
  explicit EnergyMonitor(const Flow& flow, Policy policy = Policy::record);
  EnergyMonitor(Flow&&, Policy = Policy::record) = delete;
  ~EnergyMonitor();
  EnergyMonitor(const EnergyMonitor&) = delete;
  EnergyMonitor& operator=(const EnergyMonitor&) = delete;
  EnergyMonitor(EnergyMonitor&&) noexcept;
  EnergyMonitor& operator=(EnergyMonitor&&) noexcept;

  /// Throws DescentError at a violation under Policy::raise.
  Proceed operator()(const Evaluation& evaluation);

  const Verdict& verdict() const;
  /// The crossings of discontinuities, in order of time.
  const std::vector<Jump>& jumps() const;

 private:
  struct Watch;
  std::unique_ptr<Watch> watch_;
};

}  // namespace hamlet
