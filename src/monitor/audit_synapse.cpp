// SPDX-License-Identifier: MIT
#include "core/larger.hpp"
#include "monitor/normal_states.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/monitor/audit.hpp>

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace hamlet {
namespace {

// A synapse with owned activations, evaluated with all, some or no currents wanted.
class Bench {
 public:
  Bench(const Synapse& synapse, std::span<const Shape> shapes, Index samples) : synapse_(synapse), samples_(samples) {
    for (const Shape& shape : shapes) sizes_.push_back(shape.size());
  }

  struct Result {
    Energies energies;
    std::vector<State> currents;
  };

  Result operator()(const std::vector<State>& g, const std::vector<bool>& wanted) const {
    Result result{Energies(samples_), {}};
    std::vector<ConstView> activations;
    std::vector<View> currents;
    result.currents.reserve(g.size());
    activations.reserve(g.size());
    currents.reserve(g.size());
    for (std::size_t slot = 0; slot < g.size(); ++slot) {
      result.currents.emplace_back(State::Zero(sizes_[slot], samples_));
      activations.push_back(view(g[slot]));
      View current = view(result.currents[slot]);
      if (!wanted[slot]) new (&current) View(nullptr, sizes_[slot], samples_, Eigen::OuterStride<>(sizes_[slot]));
      currents.push_back(current);
    }
    synapse_.apply(activations, currents, result.energies);
    return result;
  }

  std::vector<State> random(NormalStates& normal, double scale) const {
    std::vector<State> g;
    for (const Index size : sizes_) g.emplace_back(normal(size, samples_) * scale);
    return g;
  }

  std::size_t slots() const { return sizes_.size(); }

 private:
  const Synapse& synapse_;
  Index samples_;
  std::vector<Index> sizes_;
};

// Σ over samples of the worst relative error of −Σ_k u_k·d_k against the central difference of E, the best of several
// δ.
double gradient_error(const Bench& bench, const std::vector<State>& g, NormalStates& normal) {
  const std::vector<State> d = bench.random(normal, 1);
  const auto all = bench(g, std::vector<bool>(bench.slots(), true));
  Energies slope = Energies::Zero(all.energies.size());
  Energies scale = slope;
  for (std::size_t slot = 0; slot < bench.slots(); ++slot) {
    const State terms = all.currents[slot].cwiseProduct(d[slot]);
    slope -= terms.colwise().sum();
    scale += terms.cwiseAbs().colwise().sum();
  }
  Energies errors = Energies::Constant(slope.size(), 1e300);
  for (const double delta : {1e-2, 1e-3, 1e-4, 1e-5, 1e-6}) {
    std::vector<State> forward = g;
    std::vector<State> backward = g;
    for (std::size_t slot = 0; slot < bench.slots(); ++slot) {
      forward[slot] += delta * d[slot];
      backward[slot] -= delta * d[slot];
    }
    const std::vector<bool> none(bench.slots(), false);
    const Energies measured = (bench(forward, none).energies - bench(backward, none).energies) / (2 * delta);
    errors = errors.cwiseMin(((measured - slope).array().abs() / scale.array().max(1e-300)).matrix());
  }
  return errors.maxCoeff();
}

// Asking for one current, or for none, changes neither it nor the energies.
double demand_error(const Bench& bench, const std::vector<State>& g) {
  const auto all = bench(g, std::vector<bool>(bench.slots(), true));
  double worst = 0;
  for (std::size_t slot = 0; slot < bench.slots(); ++slot) {
    std::vector<bool> wanted(bench.slots(), false);
    wanted[slot] = true;
    const auto one = bench(g, wanted);
    const double scale = std::max(largest(all.currents[slot]), 1e-300);
    worst = larger(worst, largest(one.currents[slot] - all.currents[slot]) / scale);
    worst = larger(worst, largest(one.energies - all.energies) / std::max(largest(all.energies), 1e-300));
  }
  return worst;
}

// How far the current into a slot depends on that slot's own activation.
double self_dependence(const Bench& bench, std::vector<State> g, std::size_t slot, NormalStates& normal) {
  const std::vector<bool> all(bench.slots(), true);
  const State before = bench(g, all).currents[slot];
  g[slot] += normal(g[slot].rows(), g[slot].cols());
  return largest(bench(g, all).currents[slot] - before) / std::max(largest(before), 1e-300);
}

}  // namespace

Report audit(const Synapse& synapse, std::span<const Shape> shapes, const Sampling& sampling) {
  if (const std::string misfit = synapse.misfit(shapes); !misfit.empty()) {
    throw ShapeError(fmt::format("audit of {}: {}", synapse.name(), misfit));
  }
  NormalStates normal(sampling);
  const Bench bench(synapse, shapes, sampling.states);
  const std::vector<State> g = bench.random(normal, sampling.scale);
  Report report;
  const auto found = [&](std::string property, double measured, double bound) {
    report.findings.push_back({synapse.name(), std::move(property), measured, bound, measured <= bound, ""});
  };
  found("currents = −∂E/∂g by central differences", gradient_error(bench, g, normal), 1e-6);
  found("a current and E do not depend on what is asked for", demand_error(bench, g), 1e-12);
  for (std::size_t slot = 0; slot < bench.slots(); ++slot) {
    if (synapse.linear_in(slot)) {
      found(fmt::format("E linear in slot {}", slot), self_dependence(bench, g, slot, normal), 1e-12);
    }
  }
  return report;
}

}  // namespace hamlet
