// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>
#include <hamlet/dynamics/odeint_algebra.hpp>

#include <boost/numeric/odeint/stepper/controlled_step_result.hpp>
#include <boost/numeric/odeint/stepper/modified_midpoint.hpp>
#include <boost/numeric/odeint/stepper/stepper_categories.hpp>

#include <array>
#include <cstddef>

namespace hamlet {

/// The midpoint rule of 2, 4, 6, … 18 substeps, extrapolated to infinitely many: a controlled stepper to odeint's
/// concept, which decides as odeint's bulirsch_stoer does, but allocates in its first attempt alone.
///
/// Row k is of 2 (k + 1) substeps and, with the rows before it, makes a step of order 2 (k + 1), whose error is
/// estimated from k = 1 on. An attempt aims at the row that was cheapest for the time covered, and is decided there,
/// one row before or one after; the first may be accepted at any. Source: Hairer, Nørsett & Wanner, Solving Ordinary
/// Differential Equations I, section II.9; Press, Teukolsky, Vetterling & Flannery, Numerical Recipes, third edition,
/// section 17.3.
class MidpointExtrapolation {
 public:
  using state_type = State;
  using time_type = double;
  using stepper_category = boost::numeric::odeint::controlled_stepper_tag;

  MidpointExtrapolation(double relative, double absolute) : relative_(relative), absolute_(absolute) {}

  /// Tries the step dt > 0 from x at t. Writes where it leads, also when it is refused; moves t when it is accepted;
  /// makes dt the step to try next.
  template <class F>
  boost::numeric::odeint::controlled_step_result try_step(F f, const State& x, double& t, State& to, double& dt) {
    begin(x, dt);
    f(x, derivative_, t);
    Verdict verdict = Verdict::open;
    for (std::size_t k = 0; verdict == Verdict::open; ++k) {
      midpoint_.set_steps(static_cast<unsigned short>(2 * (k + 1)));
      midpoint_.do_step(f, x, derivative_, t, table_[k], dt);
      extrapolate(k);
      if (k > 0) verdict = judge(k, error(x, dt), dt);
    }
    to = table_[0];
    if (verdict == Verdict::accepted) t += dt;
    end(verdict, dt);
    return verdict == Verdict::accepted ? boost::numeric::odeint::success : boost::numeric::odeint::fail;
  }

  /// Forgets the steps taken.
  void reset();

 private:
  enum class Verdict { open, accepted, refused };

  void begin(const State& x, double dt);
  void extrapolate(std::size_t k);
  double error(const State& x, double dt);
  Verdict judge(std::size_t k, double error, double dt);
  bool hopeless(std::size_t k, double error) const;
  double aim_after(std::size_t k);
  bool cheaper(std::size_t k, std::size_t than) const;
  void end(Verdict verdict, double& dt);

  static constexpr std::size_t rows = 9;

  boost::numeric::odeint::modified_midpoint<State> midpoint_;
  double relative_, absolute_;
  State derivative_, error_;
  std::array<State, rows> table_;                   // [i]: extrapolated from the rows i to the last
  std::array<double, rows> best_ = {}, work_ = {};  // of a row: the step it should take, its cost per time
  std::size_t aim_ = 0;
  double next_ = 0;  // the step to try next
  bool first_ = true, refused_ = false;
};

}  // namespace hamlet
