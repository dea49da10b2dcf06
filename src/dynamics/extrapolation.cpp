// SPDX-License-Identifier: MIT
#include "dynamics/extrapolation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {

namespace {

constexpr std::size_t lowest_aim = 2, first_aim = 4, highest_aim = 7;

/// A_k = 2 + 4 + … + 2 (k + 1), right-hand sides of the rows up to k.
double cost(std::size_t k) { return static_cast<double>((k + 1) * (k + 2)); }

/// H_k = H · 0.94 (0.65/error)^(1/(2k + 1)), within f/4 and 1/f times H, f = 0.02^(1/(2k + 1)).
double best_step(std::size_t k, double error, double dt) {
  const double exponent = 1 / static_cast<double>(2 * k + 1);
  const double least = std::pow(0.02, exponent);
  return dt * std::clamp(0.94 / std::pow(error / 0.65, exponent), least / 4, 1 / least);
}

}  // namespace

void MidpointExtrapolation::reset() {
  aim_ = first_aim;
  first_ = true;
  refused_ = false;
}

/// What was learnt from the last attempt is for the step it told to try next, not for another.
void MidpointExtrapolation::begin(const State& x, double dt) {
  for (State* state : {&derivative_, &error_}) state->resizeLike(x);
  for (State& row : table_) row.resizeLike(x);
  if (dt != next_) reset();
}

/// p_{i…k} = p_{i+1…k} + (p_{i+1…k} − p_{i…k−1}) / ((n_k/n_i)² − 1), n_k = 2 (k + 1)   (Aitken, Neville)
void MidpointExtrapolation::extrapolate(std::size_t k) {
  for (std::size_t i = k; i-- > 0;) {
    const double ratio = static_cast<double>(k + 1) / static_cast<double>(i + 1);
    const double weight = 1 / (ratio * ratio - 1);
    table_[i] = (1 + weight) * table_[i + 1] - weight * table_[i];
  }
}

/// max |p_{0…k} − p_{1…k}| / (absolute + relative (|x| + dt |ẋ|))
double MidpointExtrapolation::error(const State& x, double dt) {
  error_ = (table_[0] - table_[1]).array().abs() /
           (absolute_ + relative_ * (x.array().abs() + dt * derivative_.array().abs()));
  return OdeintAlgebra::norm_inf(error_);
}

MidpointExtrapolation::Verdict MidpointExtrapolation::judge(std::size_t k, double error, double dt) {
  best_[k] = best_step(k, error, dt);
  work_[k] = cost(k) / best_[k];
  if (error < 1 && (first_ || k + 1 >= aim_)) {
    next_ = aim_after(k);
    return Verdict::accepted;
  }
  if (error >= 1 && hopeless(k, error)) {
    next_ = best_[std::min(k, aim_)];
    return Verdict::refused;
  }
  return Verdict::open;
}

/// Whether no row that is still allowed would be exact enough.
bool MidpointExtrapolation::hopeless(std::size_t k, double error) const {
  const auto beyond = [error](std::size_t factor) { return error > static_cast<double>(factor * factor); };
  if (k + 1 == aim_) return !first_ && beyond((aim_ + 1) * (aim_ + 2));  // n_{k+1} n_{k+2} / n_0²
  if (k == aim_) return beyond(aim_ + 1);                                // n_k / n_0; the books: n_{k+1} / n_0
  return k > aim_;
}

/// Aims anew once row k was accepted; the step to go on with.
double MidpointExtrapolation::aim_after(std::size_t k) {
  // One row more, at the same cost per time: H_k A_{k+1}/A_k.
  const double longer = best_[k] * (cost(k + 1) / cost(k));
  if (first_ || k < aim_) {
    const bool raise = cheaper(k, k - 1) || aim_ == lowest_aim;
    aim_ = raise ? k + 1 : std::max(k, lowest_aim);
    return raise ? longer : best_[k];
  }
  if (k == aim_) {
    if (cheaper(k - 1, k)) {
      aim_ = std::max(k - 1, lowest_aim);
    } else if (cheaper(k, k - 1) && !refused_ && k < highest_aim) {
      aim_ = k + 1;
      return longer;
    }
    return best_[aim_];
  }
  if (cheaper(k - 2, k - 1)) aim_ = std::max(k - 2, lowest_aim);
  if (cheaper(k, aim_) && !refused_) aim_ = std::min(k, highest_aim);
  return best_[aim_];
}

/// Whether W_k < 0.9 W_than, W = A/H. That of row 0, which has no estimate, is 0: no row is cheaper.
bool MidpointExtrapolation::cheaper(std::size_t k, std::size_t than) const { return work_[k] < 0.9 * work_[than]; }

/// After a refusal the step does not grow. The difference that counts is odeint's, absolute: steps below it stay.
void MidpointExtrapolation::end(Verdict verdict, double& dt) {
  if (!refused_ || dt - next_ > std::numeric_limits<double>::epsilon()) dt = next_;
  next_ = dt;
  refused_ = verdict == Verdict::refused;
  first_ = false;
}

}  // namespace hamlet
