// SPDX-License-Identifier: MIT
// Every stepper on one memory whose hidden layer is ever faster than the visible one: how many right-hand sides lead to
// the fixed point, and what error and energy do on the way. Writes out/steppers.npz (tools/plot.py draws it).
#include <hamlet/hamlet.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace hamlet;

constexpr double drawn = 0.01;  // the τ_h/τ_f of the picture
constexpr double longest = 100;

/// Model B as two layers, N = 64, β = 8: memories of unit length, a cue with noise, and where it leads.
struct Problem {
  Problem(Index memories, double ratio) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal;
    State xi = State::NullaryExpr(memories, 64, [&] { return normal(random); });
    xi.rowwise().normalize();
    v = net.add({.name = "v", .shape = {64}, .lagrangian = Quadratic{}, .tau = 1.0});
    h = net.add({.name = "h", .shape = {memories}, .lagrangian = LogSumExp{.beta = 8}, .tau = ratio});
    net.connect({v, h}, Dense{xi});
    cue = net.zeros();
    net.block(cue, v) = xi.row(0).transpose() + 0.1 * State::NullaryExpr(64, 1, [&] { return normal(random); });
    rest = cue;
    settle(net, rest, {.tolerance = 1e-14});
  }

  double error(const State& state) const {
    return (net.block(state, v) - net.block(rest, v)).lpNorm<Eigen::Infinity>();
  }

  Network net;
  LayerHandle v, h;
  State cue, rest;
};

/// A flow that counts what is asked of it, as the statistics of a run do.
struct Counted : Flow {
  using Flow::Flow;
  mutable double calls = 0;

  void operator()(const State& x, State& dxdt, double t) {
    ++calls;
    Flow::operator()(x, dxdt, t);
  }
  double derivative_of(std::span<const Rows> layers, std::span<const Rows> moved, const State& x, State& dxdt) {
    const double part = Flow::derivative_of(layers, moved, x, dxdt);
    calls += part;
    return part;
  }
  void currents(const State& g, State& u) const {
    ++calls;
    Flow::currents(g, u);
  }
  void potential(const State& g, Energies& energies) const {
    calls += 0.5;
    Flow::potential(g, energies);
  }
};

/// The way of one method to the fixed point: a point every step.
struct Way {
  std::vector<double> right_hand_sides, errors, heights;  // E − E at rest
  std::optional<double> to_eight, to_twelve;              // right-hand sides to an error of 1e-8, of 1e-12

  void add(double calls, double error, double height) {
    right_hand_sides.push_back(calls);
    errors.push_back(error);
    heights.push_back(height);
    if (error < 1e-8 && !to_eight) to_eight = calls;
    if (error < 1e-12 && !to_twelve) to_twelve = calls;
  }
};

Way integrated(const Problem& problem, const Stepper& stepper) {
  Counted flow{problem.net};
  const double lowest = flow.energy(problem.rest)[0];
  Way way;
  const auto follow = [&](const Evaluation& now) {
    way.add(flow.calls, problem.error(now.state), (*now.energies)[0] - lowest);
    return way.to_twelve ? Proceed::stop : Proceed::on;
  };
  State state = problem.cue;
  integrate(flow, state, {.stepper = stepper, .end = longest}, follow);
  return way;
}

Way settled(const Problem& problem) {
  const Flow flow{problem.net};
  const double lowest = flow.energy(problem.rest)[0];
  Way way;
  for (long calls = 1; calls < 100 && !way.to_twelve; ++calls) {
    State state = problem.cue;
    settle(flow, state, {.tolerance = 1e-14, .most_right_hand_sides = calls});
    way.add(static_cast<double>(calls), problem.error(state), flow.energy(state)[0] - lowest);
  }
  return way;
}

struct Method {
  std::string name;
  std::function<Way(const Problem&, double ratio)> run;
};

Method stepper(const std::string& name, const std::function<Stepper(double ratio)>& at) {
  return {name, [at](const Problem& problem, double ratio) { return integrated(problem, at(ratio)); }};
}

/// Explicit steppers take 2 min τ at most; what solves the decay exactly needs no such care.
std::vector<Method> methods() {
  const auto explicit_step = [](double ratio) { return std::min(0.5, 2 * ratio); };
  std::vector<Method> all{
      stepper("RungeKutta4", [=](double ratio) { return RungeKutta4{explicit_step(ratio)}; }),
      stepper("Guarded RungeKutta4", [](double) { return Guarded{RungeKutta4{0.5}}; }),
      stepper("DormandPrince", [](double) { return DormandPrince{}; }),
      stepper("Fehlberg78", [](double) { return Fehlberg78{}; }),
      stepper("ExponentialEuler", [](double) { return ExponentialEuler{0.5}; }),
      stepper("ExponentialRungeKutta2", [](double) { return ExponentialRungeKutta2{0.5}; }),
      stepper("DiscreteGradient", [](double) { return DiscreteGradient{2}; }),
      stepper("AlternatingFlow", [](double) { return AlternatingFlow{.step = 2}; }),
      stepper("AlternatingFlow, order 2", [](double) { return AlternatingFlow{.step = 2, .order = 2}; }),
      {"settle", [](const Problem& problem, double) { return settled(problem); }}};
  if (Cvode::available()) all.insert(all.begin() + 4, stepper("Cvode", [](double) { return Cvode{1e-9, 1e-12}; }));
  return all;
}

std::string text(const std::optional<double>& calls) { return calls ? fmt::format("{:.0f}", std::ceil(*calls)) : "-"; }

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"Compares the steppers on a stiff memory"};
  Index memories = 1000;
  int decades = 3;
  app.add_option("--memories", memories, "how many memories the network has")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--decades", decades, "of τ_h/τ_f, from 1 down")->check(CLI::Range(2, 6))->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  std::vector<double> ratios{1};
  while (static_cast<int>(ratios.size()) <= decades) ratios.push_back(ratios.back() / 10);
  fmt::print("Right-hand sides to an error of 1e-8 and of 1e-12 (-: not within t = {}), by τ_h/τ_f\n{:<26}", longest,
             "");
  for (const double ratio : ratios) fmt::print("{:>18.3g}", ratio);
  fmt::print("\n");
  Npz file;
  for (const Method& method : methods()) {
    fmt::print("{:<26}", method.name);
    for (const double ratio : ratios) {
      const Way way = method.run(Problem(memories, ratio), ratio);
      fmt::print("{:>18}", text(way.to_eight) + " / " + text(way.to_twelve));
      std::cout << std::flush;
      if (std::abs(ratio - drawn) > 1e-6) continue;
      file.add(method.name + "/right-hand sides", Array::from(way.right_hand_sides));
      file.add(method.name + "/error", Array::from(way.errors));
      file.add(method.name + "/height", Array::from(way.heights));
    }
    fmt::print("\n");
  }
  std::filesystem::create_directories("out");
  save_npz("out/steppers.npz", file);
} catch (const hamlet::Error& error) {
  fmt::print(stderr, "steppers: {}\n", error.what());
  return 1;
}
