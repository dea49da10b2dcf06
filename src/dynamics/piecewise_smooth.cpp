// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/piecewise_smooth.hpp>

#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace hamlet {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Holds a system to a piece until the end of the scope.
class Held {
 public:
  Held(System& system, const Piece& piece) : system_(system) { system_.hold(&piece); }
  ~Held() { system_.hold(nullptr); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  System& system_;
};

/// q(s), s in [0, 1], by its values and slopes at both ends: how far an entry is from a jump.
struct Cubic {
  double q0, slope0, q1, slope1;

  double operator()(double s) const {
    const double r = 1 - s;
    return r * r * ((1 + 2 * s) * q0 + s * slope0) + s * s * ((1 + 2 * r) * q1 - r * slope1);
  }

  /// The first s at which it is no longer positive, to a few digits; +∞ when there is none.
  double first_zero() const {
    if (q1 <= 0) return q0 > 0 ? zero_before(1, q1) : 0.5;
    if (!(slope0 < 0 && slope1 > 0)) return infinity;
    // The minimum between: q′ = 3as² + 2bs + slope0 = 0
    const double a = 2 * (q0 - q1) + slope0 + slope1, b = 3 * (q1 - q0) - 2 * slope0 - slope1;
    const double lowest = -slope0 / (b + std::sqrt(b * b - 3 * a * slope0));
    if (!(lowest > 0 && lowest < 1)) return infinity;
    const double least = (*this)(lowest);
    return least > 0 ? infinity : q0 > 0 ? zero_before(lowest, least) : lowest;
  }

 private:
  double zero_before(double s, double value) const {
    if (value == 0) return s;
    std::uintmax_t most = 100;
    const auto close = [](double low, double high) { return high - low < 1e-6; };
    return boost::math::tools::toms748_solve(*this, 0.0, s, q0, value, close, most).second;
  }
};

class RunningPiecewiseSmooth final : public RunningStepper {
 public:
  explicit RunningPiecewiseSmooth(std::unique_ptr<RunningStepper> inner) : inner_(std::move(inner)) {}

  bool adaptive() const override { return true; }
  int order() const override { return inner_->order(); }
  void begin(System& system, const Point& start) override { inner_->begin(system, start); }
  double first_step(System& system, const Point& start, double largest) override {
    return inner_->first_step(system, start, largest);
  }
  double largest_step(const System& system) const override { return inner_->largest_step(system); }
  void restart() override { inner_->restart(); }

  Attempt attempt(System& system, const Point& from, double dt, Point& to) override {
    if (!system.has_pieces())
      throw ModelError("PiecewiseSmooth: the system does not say where it jumps, by members piece and hold");
    system.piece(from.state, piece_);
    const Held held(system, piece_);
    cut_ = false;
    if (turned_back(from) || !depart(system, from)) return slides;

    Attempt whole = inner_->attempt(system, start(from), dt, to);
    while (whole.accepted && to.state.allFinite() && assign_sides(to.state)) {
      if (!settle_sides(system, from)) return slides;
      inner_->restart();
      whole = inner_->attempt(system, start(from), dt, to);
    }
    if (!inner_->adaptive()) whole.next_step = inner_->first_step(system, from, infinity);
    if (!whole.accepted || !to.state.allFinite()) return whole;
    dt = whole.taken.value_or(dt);
    if (!whole.derivative_known) system(to.state, to.derivative, from.time + dt);
    whole.derivative_known = true;
    const double part = first_crossing(start(from), to, dt);
    if (part > 1) {
      crossed_.clear();
      return whole;
    }
    return cut(system, start(from), dt, part * dt, to, whole);
  }

  void interpolate(System& system, const Point& from, const Point& to, double t, State& x) override {
    const Held held(system, piece_);
    inner_->interpolate(system, start(from), cut_ ? end_ : to, t, x);
  }

 private:
  static constexpr Attempt slides{false, 0, false};

  /// A step that ends where it is asked to: one that the inner stepper shortened counts as refused.
  Attempt step(System& system, const Point& from, double dt, Point& to) {
    Attempt tried = inner_->attempt(system, from, dt, to);
    if (!tried.taken) return tried;
    inner_->restart();
    return {false, *tried.taken, false, false, {}, tried.refused};
  }

  /// Where a step begins: where an entry is on a jump ẋ is not that of the system, but that of the sides taken.
  const Point& start(const Point& from) const { return on_jump_.empty() ? from : start_; }

  /// Whether an entry that has just crossed a jump moves back to it.
  bool turned_back(const Point& from) const {
    return from.time == end_.time && std::any_of(crossed_.begin(), crossed_.end(), [&](const Crossed& entry) {
             return from.derivative(entry.at) * entry.direction < 0;
           });
  }

  /// Lets entries that lie on a jump take the side to which they move; false when they do not agree on such sides.
  bool depart(System& system, const Point& from) {
    on_jump_.clear();
    for (Index at = 0; at < from.state.size(); ++at)
      if (piece_.lower(at) == piece_.upper(at)) on_jump_.push_back(at);
    if (on_jump_.empty()) return true;
    start_ = from;
    aside_ = from.state;
    return settle_sides(system, from);
  }

  /// Corrects the sides taken, which aside_ has, until none is left by ẋ as it is on these sides.
  bool settle_sides(System& system, const Point& from) {
    for (std::size_t turn = 0; turn < on_jump_.size() + 2; ++turn) {
      system.piece(aside_, piece_);
      system(from.state, start_.derivative, from.time);
      bool settled = true;
      for (const Index at : on_jump_) {
        const double side = aside_(at) - from.state(at), speed = start_.derivative(at);
        if (speed == 0 || (speed > 0 ? side > 0 : side < 0)) continue;
        settled = false;
        take_side(at, speed);
      }
      if (settled) return true;
    }
    return false;
  }

  /// Entries that stayed on a jump because ẋ is 0, but did not in the end, go to the side where `x` has them.
  bool assign_sides(const State& x) {
    bool any = false;
    for (const Index at : on_jump_) {
      if (piece_.lower(at) < piece_.upper(at) || x(at) == start_.state(at)) continue;
      take_side(at, x(at) - start_.state(at));
      any = true;
    }
    return any;
  }

  void take_side(Index at, double direction) {
    aside_(at) = std::nextafter(start_.state(at), direction > 0 ? infinity : -infinity);
  }

  /// The part of the step dt after which, by its cubic, the first entry leaves the piece; more than 1 when none does.
  double first_crossing(const Point& from, const Point& to, double dt) const {
    double first = infinity;
    for (Index at = 0; at < from.state.size(); ++at) {
      const double lower = piece_.lower(at), upper = piece_.upper(at);
      if (lower == upper) continue;
      const double slope0 = dt * from.derivative(at), slope1 = dt * to.derivative(at);
      if (lower > -infinity)
        first = std::min(first, Cubic{from.state(at) - lower, slope0, to.state(at) - lower, slope1}.first_zero());
      if (upper < infinity)
        first = std::min(first, Cubic{upper - from.state(at), -slope0, upper - to.state(at), -slope1}.first_zero());
    }
    return first;
  }

  /// The end of a step as the search for the first crossing sees it.
  struct Sight {
    bool beyond = false;      // an entry has left the piece
    bool closely = true;      // all that have are beyond by rounding
    double earlier = 0;       // how long ago, at its speed, the first of them crossed
    double later = infinity;  // after how long the next one will
  };

  Sight look(const Point& from, const Point& to, double dt) const {
    Sight sight;
    for (Index at = 0; at < from.state.size(); ++at) {
      const double lower = piece_.lower(at), upper = piece_.upper(at);
      if (lower == upper || (lower == -infinity && upper == infinity)) continue;
      const double x = to.state(at), speed = std::abs(to.derivative(at));
      const double rounding = 4 * epsilon * (std::abs(from.state(at)) + dt * std::abs(from.derivative(at)));
      const double left = std::min(x - lower, upper - x);
      if (left <= 0) {
        sight.beyond = true;
        sight.closely = sight.closely && -left <= rounding;
        sight.earlier = std::max(sight.earlier, (-left - 0.5 * rounding) / speed);
      } else if (const double ahead = to.derivative(at) > 0 ? upper - x : x - lower; ahead < infinity) {
        sight.later = std::min(sight.later, (ahead + 0.5 * rounding) / speed);
      }
    }
    return sight;
  }

  /// Repeats the step dt so that it ends just beyond the first crossing, which is near `taken`, by the secant's way at
  /// the speed of the entry that crosses, or by halves.
  Attempt cut(System& system, const Point& from, double dt, double taken, Point& to, Attempt whole) {
    const double rounding = 4 * epsilon * std::max(std::abs(from.time), dt);
    double low = 0, high = dt;
    bool high_beyond = look(from, to, dt).beyond;
    for (int tries = 0;; ++tries) {
      taken = std::max(taken, rounding);
      inner_->restart();
      const Attempt part = step(system, from, taken, to);
      if (!part.accepted || !to.state.allFinite())
        return {false, std::min(part.next_step, taken / 2), false, part.energy_rose};
      if (!part.derivative_known) system(to.state, to.derivative, from.time + taken);
      const Sight sight = look(from, to, taken);
      if (sight.beyond && (sight.closely || taken - low <= rounding)) break;
      if (!sight.beyond && taken >= high) {  // what the cubic saw, or a longer step, is not so
        crossed_.clear();
        if (taken < dt) whole.taken = taken;
        return whole;
      }
      (sight.beyond ? high : low) = taken;
      high_beyond = high_beyond || sight.beyond;
      const double next = sight.beyond ? taken - sight.earlier : taken + sight.later;
      if (high - low <= rounding)
        taken = high;
      else if (low < next && next < high && tries < 8)
        taken = next;
      else
        taken = high_beyond ? low + (high - low) / 2 : high;
    }
    whole.derivative_known = false;
    if (taken < dt) whole.taken = taken;
    return arrive(from, taken, rounding, to) ? whole : slides;
  }

  /// Keeps what the next step and dense output must know of a step that ended just beyond a crossing.
  /// False where entries cross in turn for ever in no time.
  bool arrive(const Point& from, double taken, double rounding, const Point& to) {
    in_a_row_ = taken <= rounding ? in_a_row_ + 1 : 0;
    if (in_a_row_ > from.state.size()) return false;
    crossed_.clear();
    for (Index at = 0; at < to.state.size(); ++at) {
      if (piece_.lower(at) == piece_.upper(at)) continue;
      if (to.state(at) <= piece_.lower(at)) crossed_.push_back({at, -1});
      if (to.state(at) >= piece_.upper(at)) crossed_.push_back({at, 1});
    }
    end_ = to;
    end_.time = from.time + taken;
    cut_ = true;
    inner_->restart();
    return true;
  }

  struct Crossed {
    Index at;
    double direction;
  };

  std::unique_ptr<RunningStepper> inner_;
  Piece piece_;                   // of the last step
  std::vector<Index> on_jump_;    // entries that were on a jump when it began
  State aside_;                   // its start, those entries moved to the sides they take
  Point start_{};                 // its start with ẋ on these sides, if there are any
  bool cut_ = false;              // it ended just beyond a crossing
  Point end_{};                   // its end with ẋ before the crossing, if it did
  std::vector<Crossed> crossed_;  // what crossed there
  Index in_a_row_ = 0;            // crossings that no time has told apart
};

}  // namespace

std::unique_ptr<RunningStepper> PiecewiseSmooth::start() const {
  return std::make_unique<RunningPiecewiseSmooth>(stepper.start());
}

std::string PiecewiseSmooth::text() const { return "PiecewiseSmooth(" + stepper.text() + ")"; }

}  // namespace hamlet
