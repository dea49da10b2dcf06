// SPDX-License-Identifier: MIT
#include "core/larger.hpp"
#include "core/spectrum.hpp"
#include "monitor/normal_states.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/monitor/audit.hpp>

#include <fmt/format.h>

#include <cmath>
#include <set>

namespace hamlet {
namespace {

double relative(const State& difference, const State& reference) {
  const double scale = largest(reference);
  const double worst = largest(difference);
  return worst == 0 ? 0 : worst / (scale > 0 ? scale : 1);
}

// Whether some x_i is within reach of a jump of the activation, where no derivative exists.
bool near_jump(const Lagrangian& lagrangian, double x, double reach) {
  for (const double at : lagrangian.discontinuities()) {
    if (std::abs(x - at) <= reach) return true;
  }
  return false;
}

// Eigenvalues take n³ operations: beyond this size they are those of the Hessian on a subspace.
constexpr Index large_layer = 256;
constexpr Index sampled_directions = 32;

class LagrangianAudit {
 public:
  LagrangianAudit(const Lagrangian& lagrangian, Index neurons, const Sampling& sampling, std::string subject)
      : lagrangian_(lagrangian), subject_(std::move(subject)), random_(sampling) {
    states_ = random_(neurons, sampling.states) * sampling.scale;
    // A jump has no derivative; the states keep clear of it.
    states_ = states_.unaryExpr([&](double x) { return near_jump(lagrangian, x, 1e-3) ? x + 1e-2 : x; });
  }

  std::vector<Finding> run() {
    against_derived();
    against_differences();
    hessian_at_states();
    overflow_sweep();
    return std::move(findings_);
  }

 private:
  void found(std::string property, double measured, double bound, bool holds, std::string note = {}) {
    findings_.push_back({subject_, std::move(property), measured, bound, holds, std::move(note)});
  }

  void against_derived() {
    const std::optional<Lagrangian> derived = lagrangian_.derived();
    if (!derived) return;
    const State u = random_(states_.rows(), states_.cols());
    const State g = derived->activation(states_);
    const double g_error = relative(lagrangian_.activation(states_) - g, g);
    found("g = ∂L/∂x by differentiation", g_error, 1e-12, g_error <= 1e-12);
    const State product = derived->hessian_product(states_, u);
    const double h_error = relative(lagrangian_.hessian_product(states_, u) - product, product);
    found("(∂²L/∂x²) u by differentiation", h_error, 1e-12, h_error <= 1e-12);
  }

  // d·g = (L(x + δd) − L(x − δd)) / 2δ and H d = (g(x + δd) − g(x − δd)) / 2δ; the best of several δ a sample
  void against_differences() {
    const State d = random_(states_.rows(), states_.cols());
    const State g = lagrangian_.activation(states_);
    const State product = lagrangian_.hessian_product(states_, d);
    const Energies slope = g.cwiseProduct(d).colwise().sum();
    const Energies slope_scale = g.cwiseAbs().cwiseProduct(d.cwiseAbs()).colwise().sum();
    Energies g_errors = Energies::Constant(states_.cols(), 1e300);
    Energies h_errors = g_errors;
    for (const double delta : {1e-3, 1e-4, 1e-5, 1e-6, 1e-7}) {
      const State forward = states_ + delta * d;
      const State backward = states_ - delta * d;
      const Energies measured = (lagrangian_.value(forward) - lagrangian_.value(backward)) / (2 * delta);
      const State measured_product = (lagrangian_.activation(forward) - lagrangian_.activation(backward)) / (2 * delta);
      for (Index sample = 0; sample < states_.cols(); ++sample) {
        const double scale = std::max(slope_scale[sample], 1e-300);
        g_errors[sample] = std::min(g_errors[sample], std::abs(measured[sample] - slope[sample]) / scale);
        h_errors[sample] = std::min(h_errors[sample],
                                    relative(measured_product.col(sample) - product.col(sample), product.col(sample)));
      }
    }
    found("g = ∂L/∂x by central differences", g_errors.maxCoeff(), 1e-6, g_errors.maxCoeff() <= 1e-6);
    found("(∂²L/∂x²) u by central differences", h_errors.maxCoeff(), 1e-5, h_errors.maxCoeff() <= 1e-5);
  }

  // Columns of length 1 at right angles: all of space, or of a large layer as many of its neurons as of random
  // directions.
  State directions() {
    const Index n = states_.rows();
    if (n <= large_layer) return State::Identity(n, n);
    State some = State::Zero(n, 2 * sampled_directions);
    for (Index k = 0; k < sampled_directions; ++k) some(k * (n / sampled_directions), k) = 1;
    some.rightCols(sampled_directions) = random_(n, sampled_directions);
    return orthonormal(some);
  }

  void hessian_at_states() {
    const Index n = states_.rows();
    const State span = directions();
    const bool all = span.cols() == n;
    double asymmetry = 0;
    double smallest = std::numeric_limits<double>::infinity();
    double norm = 0;
    std::set<std::string> null_directions;
    for (Index sample = 0; sample < states_.cols(); ++sample) {
      const State x = states_.col(sample).replicate(1, span.cols());
      const State hessian = span.transpose() * lagrangian_.hessian_product(x, span);
      asymmetry = larger(asymmetry, relative(hessian - hessian.transpose(), hessian));
      const Vector<double> eigenvalues = spectrum((hessian + hessian.transpose()) / 2).values;
      smallest = -larger(-smallest, -eigenvalues.tail(1).value());
      norm = std::max(norm, eigenvalues.cwiseAbs().maxCoeff());
      if (all) note_null_directions(hessian, states_.col(sample), eigenvalues, null_directions);
    }
    found("Hessian symmetric", asymmetry, 1e-12, asymmetry <= 1e-12);
    const double bound = -1e-12 * norm * static_cast<double>(n);
    found("smallest eigenvalue of the Hessian", smallest, bound, smallest >= bound,
          !all                      ? fmt::format("on {} of {} directions", span.cols(), n)
          : null_directions.empty() ? ""
                                    : fmt::format("null: {}", fmt::join(null_directions, ", ")));
  }

  // Names the kernel where it is one of those of the catalogue: single neurons, the vector of ones, x itself.
  static void note_null_directions(const State& hessian, const Vector<double>& x, const Vector<double>& eigenvalues,
                                   std::set<std::string>& names) {
    const double norm = eigenvalues.cwiseAbs().maxCoeff();
    const double zero = 1e-10 * norm;
    const auto nullity = (eigenvalues.array().abs() <= zero).count();
    if (nullity == 0) return;
    if (norm == 0) {
      names.insert("every direction");
      return;
    }
    const auto dead = (hessian.colwise().norm().array() <= zero).count();
    const bool ones = hessian.rowwise().sum().norm() <= zero * std::sqrt(static_cast<double>(x.size()));
    const bool radial = (hessian * x).norm() <= zero * x.norm();
    if (dead > 0) names.insert("single neurons");
    if (ones) names.insert("the vector of ones");
    if (radial) names.insert("x itself");
    if (nullity > dead + (dead == 0 && ones) + (dead == 0 && radial)) {
      names.insert(fmt::format("{} of {} directions", nullity, x.size()));
    }
  }

  // The sampled states scaled from 1e-300 to 1e300. NaN is never allowed. Infinity is, since eˣ overflows rightly: from
  // where on is reported, for the reader to judge.
  void overflow_sweep() {
    double largest_finite = 0;
    double first_nan = 0;
    for (int exponent = -300; exponent <= 300; exponent += 10) {
      const double scale = std::pow(10.0, exponent);
      const State x = states_ / states_.lpNorm<Eigen::Infinity>() * scale;
      const Energies l = lagrangian_.value(x);
      const State g = lagrangian_.activation(x);
      if (l.allFinite() && g.allFinite()) largest_finite = scale;
      if ((l.array().isNaN().any() || g.array().isNaN().any()) && first_nan == 0) first_nan = scale;
    }
    found("largest |x| with finite L and g", largest_finite, 1, first_nan == 0 && largest_finite >= 1,
          first_nan == 0 ? "" : fmt::format("NaN from |x| = {:g}", first_nan));
  }

  const Lagrangian& lagrangian_;
  std::string subject_;
  NormalStates random_;
  State states_;
  std::vector<Finding> findings_;
};

}  // namespace

Report audit(const Lagrangian& lagrangian, Index neurons, const Sampling& sampling) {
  if (const std::string misfit = lagrangian.misfit(Shape{neurons}); !misfit.empty()) {
    throw ShapeError(fmt::format("audit of {} with {} neurons: {}", lagrangian.name(), neurons, misfit));
  }
  return {LagrangianAudit(lagrangian, neurons, sampling, lagrangian.name()).run()};
}

}  // namespace hamlet
