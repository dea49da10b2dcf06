// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/alternating_flow.hpp>

#include "dynamics/relaxation.hpp"
#include "dynamics/step_size.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hamlet {

namespace {

class Alternating : public RunningStepper {
 public:
  explicit Alternating(const AlternatingFlow& method) : method_(method) {}

  bool adaptive() const override { return false; }
  int order() const override { return method_.order; }  // at most: 1 where a layer meets itself

  void begin(System& system, const Point& start) override {
    if (!system.has_independent_sets())
      throw ModelError(
          "AlternatingFlow needs a system with independent_sets(), derivative_of() and decay_rates(), and this one has "
          "not all of them: call integrate with a Flow, or take DormandPrince, which integrates any system");
    sets_ = sets_with_cue_last(system.independent_sets(), method_.cue);
    rates_ = system.decay_rates();
    fresh_.resize(sets_.size());
    whole_ = {{0, start.state.rows()}};
  }

  double first_step(System&, const Point&, double) override { return method_.step; }

  Attempt attempt(System& system, const Point& from, double dt, Point& to) override {
    to.state = from.state;
    to.derivative = from.derivative;
    // What the system was last asked about is not known here: it may have been dense output.
    moved_ = whole_;
    fresh_.assign(sets_.size(), true);
    step_.set(rates_, dt);
    if (method_.order == 1) {
      for (std::size_t set = 0; set < sets_.size(); ++set) relax(system, set, step_, to);
    } else {
      half_step_.set(rates_, dt / 2);
      for (std::size_t set = 0; set + 1 < sets_.size(); ++set) relax(system, set, half_step_, to);
      if (!sets_.empty()) relax(system, sets_.size() - 1, step_, to);
      for (std::size_t set = sets_.size(); set-- > 1;) relax(system, set - 1, half_step_, to);
    }
    outdated_.clear();
    for (std::size_t set = 0; set < sets_.size(); ++set) {
      if (!fresh_[set]) outdated_.insert(outdated_.end(), sets_[set].layers.begin(), sets_[set].layers.end());
    }
    system.derivative_of(outdated_, moved_, to.state, to.derivative);
    return {true, dt, true};
  }

  void interpolate(System&, const Point& from, const Point& to, double t, State& x) override {
    // x₀ + (1 − e^{−s/τ}) / (1 − e^{−dt/τ}) (x₁ − x₀)
    x = to.state - from.state;
    for (Index row = 0; row < x.rows(); ++row)
      x.row(row) *= approached(rates_[row], t - from.time) / approached(rates_[row], to.time - from.time);
    x += from.state;
  }

 private:
  /// x ← u + e^{−dt/τ} (x − u), with u − x = τẋ.
  void relax(System& system, std::size_t set, const Decay& decay, Point& at) {
    const std::vector<Rows>& layers = sets_[set].layers;
    if (!fresh_[set]) {
      system.derivative_of(layers, moved_, at.state, at.derivative);
      moved_.clear();
    }
    for (const auto& [first, count] : layers) {
      auto velocity = at.derivative.middleRows(first, count).array();
      at.state.middleRows(first, count).array() += velocity.colwise() * decay.approach.segment(first, count).array();
      velocity.colwise() *= decay.factor.segment(first, count).array();
    }
    moved_.insert(moved_.end(), layers.begin(), layers.end());
    for (std::size_t other = 0; other < sets_.size(); ++other) {
      if (sets_[other].depends_on[set]) fresh_[other] = false;
    }
    if (!sets_[set].depends_on[set]) fresh_[set] = true;
  }

  AlternatingFlow method_;
  std::vector<IndependentSet> sets_;
  Vector<double> rates_;
  std::vector<Rows> whole_, moved_, outdated_;
  Decay step_, half_step_;
  std::vector<bool> fresh_;  // whether ẋ of a set is up to date
};

}  // namespace

std::unique_ptr<RunningStepper> AlternatingFlow::start() const {
  check_step_size("AlternatingFlow", step);
  if (order != 1 && order != 2)
    throw ValueError(fmt::format("AlternatingFlow: its order is {}: it can be 1 or 2", order));
  return std::make_unique<Alternating>(*this);
}

std::string AlternatingFlow::text() const {
  return fmt::format("AlternatingFlow(step = {}, order = {}{})", step, order,
                     cue ? fmt::format(", cue = rows [{}, {})", cue->first, cue->first + cue->count) : "");
}

}  // namespace hamlet
