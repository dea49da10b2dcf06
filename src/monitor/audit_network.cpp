// SPDX-License-Identifier: MIT
#include "monitor/normal_states.hpp"
#include "monitor/slope.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/monitor/audit.hpp>

#include <fmt/format.h>

#include <numeric>
#include <set>
#include <vector>

namespace hamlet {
namespace {

// A Hessian of every neuron of a large layer says no more than that of a few, unless the Lagrangian has a size of its
// own.
constexpr Index few_neurons = 24;

Index audited_neurons(const Layer& layer) {
  for (Index neurons = few_neurons; neurons < std::min(layer.shape.size(), 4 * few_neurons); ++neurons) {
    if (layer.lagrangian.misfit(Shape{neurons}).empty()) return neurons;
  }
  return layer.shape.size();
}

void append(Report& report, const Report& part, const std::string& subject) {
  for (Finding finding : part.findings) {
    finding.subject = fmt::format("{}: {}", subject, finding.subject);
    report.findings.push_back(std::move(finding));
  }
}

// The flow of the whole network at random states, each layer spread by `scale`.
void audit_flow(const Network& network, const Sampling& sampling, Report& report) {
  NormalStates normal(sampling);
  const State x = normal(network.size(), sampling.states) * sampling.scale;
  Flow flow(network);
  State derivative;
  flow(x, derivative, 0);

  std::vector<Index> all(static_cast<std::size_t>(x.cols()));
  std::iota(all.begin(), all.end(), Index{0});
  const auto wrong = SlopeMeter(flow, x.cols()).wrong_gradient(all, x, flow.energy(x), derivative, sampling.seed);
  report.findings.push_back({"network", "flow = −∂E/∂g and Ė, by central differences of E", wrong ? wrong->size : 0,
                             1e-5, !wrong,
                             wrong ? fmt::format("state {}", wrong->sample) : "within the error of measurement"});
  Index sample = 0;
  const double worst = flow.dissipation(x, derivative).maxCoeff(&sample);
  const double bound = flow.rounding(x)[sample] / flow.smallest_time_constant();
  report.findings.push_back({"network", "Ė = −Σ τ ẋᵀ (∂²L/∂x²) ẋ ≤ 0", worst, bound, worst <= bound, ""});
}

}  // namespace

Report audit(const Network& network, const Sampling& sampling) {
  if (network.layers().empty()) throw ModelError("audit of a network without layers");
  Report report;
  for (const LayerHandle handle : network.layers()) {
    const Layer& layer = network.layer(handle);
    append(report, audit(layer.lagrangian, audited_neurons(layer), sampling), fmt::format("'{}'", layer.name));
  }
  for (const SynapseHandle handle : network.synapses()) {
    std::vector<Shape> shapes;
    for (const LayerHandle layer : network.joins(handle)) shapes.push_back(network.layer(layer).shape);
    append(report, audit(network.synapse(handle), shapes, sampling), fmt::format("'{}'", network.name(handle)));
  }
  audit_flow(network, sampling, report);
  return report;
}

}  // namespace hamlet
