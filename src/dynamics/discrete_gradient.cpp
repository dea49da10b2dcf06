// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/discrete_gradient.hpp>

#include <fmt/format.h>

#include "core/larger.hpp"
#include "dynamics/anderson.hpp"
#include "dynamics/relaxation.hpp"
#include "dynamics/step_size.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace hamlet {

namespace {

constexpr int patience = 6;             // iterations in which the residual must halve, or the sample halves its step
constexpr double least_part = 0x1p-40;  // of a step
constexpr Index memory = 6;             // of Anderson's acceleration

/// Where a sample is.
struct Place {
  Vector<double> x, g;
  double potential = 0, energy = 0;
};

/// One sample on its way through the whole step: from a start by a part of it, with `left` to go. Parts are sums of
/// halves of halves, and exact.
struct Sample {
  explicit Sample(Anderson acceleration) : anderson(std::move(acceleration)) {}

  Place start;
  double left = 1, part = 1;
  Vector<double> approach;  // 1 − e^{−dt/τ}
  Vector<double> u;         // of the last iteration
  Anderson anderson;
  int iterations = 0;
  double residual = 0;  // some iterations ago

  bool converges(double now) {
    if (iterations++ % patience != 0) return true;
    const bool halved = iterations == 1 || now < residual / 2;
    residual = now;
    return halved;
  }
  void take(double part_of_step, double whole, const Vector<double>& rates) {
    part = part_of_step;
    approach = -(-part * whole * rates.array()).unaryExpr([](double z) { return std::expm1(z); });
    anderson.forget();
    iterations = 0;
  }
  /// x + (1 − e^{−dt/τ}) (u − x): an expression, not to be kept, so that it allocates nothing.
  auto approached() const { return start.x + approach.cwiseProduct(u - start.x); }
};

class RunningDiscreteGradient final : public RunningStepper {
 public:
  explicit RunningDiscreteGradient(double step) : step_(step) {}

  bool adaptive() const override { return false; }
  int order() const override { return 2; }

  void begin(System& system, const Point& start) override {
    if (!system.has_activations())
      throw ModelError(
          "DiscreteGradient needs a system with activations(), currents(), potential(), conjugate(), decay_rates() and "
          "rounding(), and this one has not all of them: call integrate with a Flow, or take DormandPrince, which "
          "integrates any system");
    rates_ = system.decay_rates();
    system.rounding(start.state, rounding_);  // makes room for what is asked only at some steps
    noise_.assign(static_cast<std::size_t>(start.state.cols()), 1e-13);
    samples_.clear();
    samples_.reserve(noise_.size());
    for (Index j = 0; j < start.state.cols(); ++j) samples_.emplace_back(Anderson(start.state.rows(), memory));
    least_squares_.emplace(start.state.rows(), memory);
  }

  double first_step(System&, const Point&, double) override { return step_; }

  Attempt attempt(System& system, const Point& from, double dt, Point& to) override {
    whole_ = dt;
    begin_step(system, from, to.state);
    bool moving = true;
    while (moving) {
      look(system, to.state);
      midpoint_.resizeLike(g_);
      for (std::size_t j = 0; j < samples_.size(); ++j)
        midpoint_.col(static_cast<Index>(j)) = 0.5 * (samples_[j].start.g + g_.col(static_cast<Index>(j)));
      system.currents(midpoint_, currents_);
      moving = false;
      for (std::size_t j = 0; j < samples_.size(); ++j) {
        if (samples_[j].left == 0) continue;
        const auto column = static_cast<Index>(j);
        samples_[j].u = currents_.col(column);
        place(to.state, column, at_);
        improve(system, j, to.state);
        if (samples_[j].part < least_part) return {false, dt, false};
        moving = moving || samples_[j].left > 0;
      }
    }
    return {true, dt, false};
  }

 private:
  void look(System& system, const State& x) {
    system.activations(x, g_);
    system.potential(g_, potential_);
    system.conjugate(x, g_, conjugate_);
  }

  /// Where a sample of x is, which was looked at last.
  void place(const State& x, Index column, Place& at) const {
    at.x = x.col(column);
    at.g = g_.col(column);
    at.potential = potential_[column];
    at.energy = potential_[column] + conjugate_[column];
  }

  void begin_step(System& system, const Point& from, State& x) {
    look(system, from.state);
    x.resizeLike(from.state);
    for (Index j = 0; j < from.state.cols(); ++j) {
      Sample& sample = samples_[static_cast<std::size_t>(j)];
      place(from.state, j, sample.start);
      sample.left = 1;
      sample.take(1, whole_, rates_);
      // The currents of the beginning: u = x + τẋ
      sample.u =
          (rates_.array() > 0)
              .select(sample.start.x.array() + from.derivative.col(j).array() / rates_.array(), sample.start.x.array());
      x.col(j) = sample.approached();
    }
  }

  /// One iteration of a sample from x⁺, at_; leaves the next one in its column of x.
  void improve(System& system, std::size_t j, State& x) {
    Sample& sample = samples_[j];
    const Place &start = sample.start, &at = at_;
    auto next = x.col(static_cast<Index>(j));
    Vector<double>& change = change_;
    change = at.g - start.g;
    // u = −D̄S = −∂S(ḡ) − (ΔS − ∂S(ḡ)·Δg) Δg/|Δg|²; a correction of a small step is lost in the rounding of ΔS, and
    // E falls without it
    const double excess = at.potential - start.potential + sample.u.dot(change);
    const double magnitude =
        std::abs(at.potential) + std::abs(start.potential) + sample.u.cwiseProduct(change).lpNorm<1>();
    if (std::abs(excess) > 1e4 * noise_[j] * magnitude) sample.u -= excess / change.squaredNorm() * change;

    Vector<double>& f = f_;
    f = sample.approached() - at.x;
    const double residual = largest(f);
    const auto solved = [&] {
      return residual <= noise_[j] * (largest(at.x) + largest(sample.u)) + 1e-10 * largest(at.x - start.x);
    };
    if (!solved() && std::isfinite(residual)) {
      if (sample.converges(residual)) {
        sample.anderson.next(at.x, f, *least_squares_, next);
        return;
      }
      noise_[j] = std::max(noise_[j], noise(system, at, sample.u, x, static_cast<Index>(j)));
    }
    if (solved() && descended(system, start, at, x, static_cast<Index>(j))) {
      arrive(sample, at);
      if (sample.left > 0)
        next = sample.approached();
      else
        next = at.x;
      return;
    }
    if (!sample.u.allFinite()) sample.u = start.x;
    sample.take(sample.part / 2, whole_, rates_);
    next = sample.approached();
  }

  /// Whether E(x⁺) ≤ E(x) up to rounding: what is proved of the exact solution, tested on the one that was found.
  bool descended(System& system, const Place& start, const Place& at, const State& x, Index column) {
    return at.energy <= start.energy || at.energy - start.energy <= 2 * rounding(system, x, column);
  }

  /// How exactly currents are known, relative to x and u: of weights that are summed in f32, iterations end there. The
  /// bound of the energy is of 6 standard deviations, of all its sums; the currents are each off by one of one.
  double noise(System& system, const Place& at, const Vector<double>& u, const State& x, Index column) {
    constexpr double most = 1e-5;  // where g vanishes the energy tells nothing of currents
    const double size = 32 * (at.x.norm() + u.norm()) * at.g.norm();
    return size > 0 ? std::min(rounding(system, x, column) / size, most) : 0;
  }

  double rounding(System& system, const State& x, Index column) {
    system.rounding(x, rounding_);
    return rounding_[column];
  }

  void arrive(Sample& sample, const Place& at) {
    sample.left -= sample.part;
    sample.start = at;
    if (sample.left > 0) sample.take(std::min(2 * sample.part, sample.left), whole_, rates_);
  }

  double step_;
  double whole_ = 0;  // the step
  Vector<double> rates_;
  std::vector<Sample> samples_;
  std::vector<double> noise_;  // of each sample, as far as it was met
  // Of the iteration, kept so that it allocates nothing
  State g_, midpoint_, currents_;
  Energies potential_, conjugate_, rounding_;
  Place at_;
  Vector<double> change_, f_;
  std::optional<LeastSquares> least_squares_;
};

}  // namespace

std::unique_ptr<RunningStepper> DiscreteGradient::start() const {
  check_step_size("DiscreteGradient", step);
  return std::make_unique<RunningDiscreteGradient>(step);
}

std::string DiscreteGradient::text() const { return fmt::format("DiscreteGradient(step = {})", step); }

}  // namespace hamlet
