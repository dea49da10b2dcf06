// SPDX-License-Identifier: MIT
// A whole recall, 64 cues of 1,000 memories of 784 pixels, by several ways to the same fixed points; what the monitor
// adds to it; and how a right-hand side grows with pixels, memories and samples.
#include <hamlet/hamlet.hpp>
#include <models/model_b.hpp>
#include <models/two_layer.hpp>

#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "contest.hpp"

namespace {

using namespace hamlet;

State memories(Index K, Index N) {
  std::srand(1);
  return State::Random(K, N).rowwise().normalized();
}

Network network(const State& xi) { return models::two_layer(xi, models::ModelB{.beta = 50}.microscopic(0.1)); }

Network model_b(const State& xi) {
  const Network full = network(xi);
  return eliminate(full, full.find("memories"));
}

struct Recall {
  Flow flow;
  State start;

  Recall(bool effective, Index samples) : Recall(effective, memories(1000, 784), samples) {}

 private:
  Recall(bool effective, const State& xi, Index samples)
      : flow(effective ? model_b(xi) : network(xi)), start(flow.network().zeros(samples)) {
    rows(start, 0, xi.cols()) = xi.topRows(samples).transpose() + 0.03 * State::Random(xi.cols(), samples);
  }
};

constexpr double tolerance = 1e-6;  // of ‖τẋ‖∞

contest::Work run(bool effective, const Stepper& stepper, bool monitored = false, Index samples = 64) {
  auto recall = std::make_shared<Recall>(effective, samples);
  return [recall, how = Integration{.stepper = stepper, .end = 1000, .settled = tolerance}, monitored] {
    State state = recall->start;
    if (monitored) {
      EnergyMonitor monitor(recall->flow);
      integrate(recall->flow, state, how, monitor);
    } else {
      integrate(recall->flow, state, how);
    }
  };
}

contest::Work settled() {
  auto recall = std::make_shared<Recall>(false, 64);
  return [recall] {
    State state = recall->start;
    settle(recall->flow, state, {.tolerance = tolerance});
  };
}

contest::Work right_hand_side(Index N, Index K, Index samples) {
  auto flow = std::make_shared<Flow>(network(memories(K, N)));
  const State x = State::Random(flow->network().size(), samples);
  return [flow, x, derivative = State()]() mutable { (*flow)(x, derivative, 0); };
}

}  // namespace

int main(int count, char** arguments) {
  const std::string row = "recall of 64 cues";
  contest::enter(row, "two layers, DormandPrince", [] { return run(false, DormandPrince{}); });
  contest::enter(row, "effective, DormandPrince", [] { return run(true, DormandPrince{}); });
  contest::enter(row, "two layers, AlternatingFlow", [] { return run(false, AlternatingFlow{.step = 2}); });
  contest::enter(row, "two layers, settle", settled);
  for (const Index samples : {1, 64}) {
    const std::string monitored = fmt::format("recall of {} cues, monitored", samples);
    contest::enter(monitored, "ours", [=] { return run(false, DormandPrince{}, true, samples); });
    contest::enter(monitored, "without monitor", [=] { return run(false, DormandPrince{}, false, samples); });
  }
  for (const Index factor : {1, 3, 10, 30, 100}) {
    const auto grow = [&](const char* what, Index size, Index N, Index K, Index samples) {
      contest::enter(fmt::format("growth with {} {}", what, size), "ours",
                     [=] { return right_hand_side(N, K, samples); });
    };
    grow("N", 100 * factor, 100 * factor, 1000, 1);
    grow("K", 100 * factor, 1000, 100 * factor, 1);
    grow("B", 4 * factor, 784, 1000, 4 * factor);
  }
  return contest::run(count, arguments);
}
