// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/independent_sets.hpp>
#include <hamlet/core/piece.hpp>
#include <hamlet/core/state.hpp>
#include <hamlet/dynamics/referent.hpp>

#include <concepts>
#include <memory>
#include <span>
#include <vector>

namespace hamlet {

/// What can be integrated: callable as f(x, dxdt, t), where dxdt has the shape of x before and after the call.
template <class F>
concept RightHandSide = std::invocable<F&, const State&, State&, double>;

/// A right-hand side seen through a reference that does not own it, in a type that no longer shows which it is. Counts
/// the calls, and finds by their names what else the callable can do:
///
///   void   energy_at_last(const State& x, Energies&) const   energies of the state of the last call
///   double residual(const State& derivative) const           distance from rest, ‖τẋ‖∞; by default ‖ẋ‖∞
///   double smallest_time_constant() const                    min τ; by default unknown, +∞
///   void   jacobian_product(const State& x, const State& v, State& product) const    (∂ẋ/∂x) v; for a system that does
///                                                            not depend on time
///   F      restricted_to(span<const Index> samples) const    another one, of these samples (columns) only, which shows
///                                                            that it acts on each alone, whatever t
///   Energies rounding(const State& x) const                  a bound on the rounding error of the energies of x; with
///                                                            void rounding(x, Energies&) as well that one is called
///   Vector<double> decay_rates() const                       1/τ of every row, 0 where it is held: the linear part
///   −x/τ
///
/// and, both together, what a stepper needs that relaxes layers in turn (Flow says what they mean), and, all together,
/// what one needs that works on activations:
///
///   std::vector<IndependentSet> independent_sets() const
///   double derivative_of(std::span<const Rows> layers, std::span<const Rows> moved, const State& x, State& dxdt)
///
///   void activations(const State& x, State& g) const
///   void currents(const State& g, State& u) const
///   void potential(const State& g, Energies&) const
///   void conjugate(const State& x, const State& g, Energies&) const
///
/// and, both together, what a stepper needs that stops at jumps:
///
///   void   piece(const State& x, Piece&) const               where x may go without a jump of ẋ
///   void   hold(const Piece*)                                from now on ẋ is the smooth continuation of what it is on
///                                                            that piece, also beyond it; on null no more
class System {
 public:
  /// `callable` must outlive the System; std::ref of one stands for what it refers to.
  template <RightHandSide F>
  requires(!std::same_as<std::remove_cv_t<F>, System>) explicit System(F& callable)
      : abilities_(&abilities_of<referent_t<F>>) {
    referent_t<F>& referent = callable;
    referent_ = erase(referent);
  }

  /// One that can do no more than `other`, for a callable that hands on to it what is asked of it. What the callable
  /// itself cannot do it cannot either.
  template <RightHandSide F>
  System(F& callable, const System& other) : System(callable) {
    Abilities abilities = *abilities_;
    if (!other.has_energies()) abilities.energy_at_last = nullptr;
    if (!other.has_jacobian_product()) abilities.jacobian_product = nullptr;
    if (!other.has_rounding()) abilities.rounding = nullptr;
    if (!other.has_decay_rates()) abilities.decay_rates = nullptr;
    if (!other.has_independent_sets()) abilities.independent_sets = nullptr;
    if (!other.has_activations()) abilities.activations = nullptr;
    if (!other.restrictable()) abilities.restricted_to = nullptr;
    narrowed_ = std::make_shared<const Abilities>(abilities);
    abilities_ = narrowed_.get();
  }

  /// ẋ at (x, t). Throws ShapeError when what the callable left in dxdt has not the shape of x.
  void operator()(const State& x, State& dxdt, double t);
  /// How often it was called since its cost() was `since`; calls for a part of the derivative add up to whole ones.
  long right_hand_sides(double since = 0) const;
  /// The same from the start, parts not rounded up.
  double cost() const { return static_cast<double>(whole_calls_) + parts_; }

  bool has_energies() const { return abilities_->energy_at_last != nullptr; }
  /// The energies of x, the state of the last call. Only for a system that has energies.
  void energy_at_last(const State& x, Energies& energies) const { abilities_->energy_at_last(referent_, x, energies); }
  bool has_jacobian_product() const { return abilities_->jacobian_product != nullptr; }
  /// (∂ẋ/∂x) v. Only for a system that has it. Throws ShapeError when what the callable left in `product` has not the
  /// shape of x.
  void jacobian_product(const State& x, const State& v, State& product);
  /// How often it was asked for.
  long jacobian_products() const { return jacobian_products_; }
  /// Whether it says where it jumps, by both of the following.
  bool has_pieces() const { return abilities_->piece != nullptr; }
  /// Throws ShapeError when what the callable left in `piece` has not the shape of x.
  void piece(const State& x, Piece& piece) const;
  void hold(const Piece* piece) { abilities_->hold(referent_, piece); }
  /// How far from rest: ‖τẋ‖∞ of a system that knows its time constants, ‖ẋ‖∞ of one that does not.
  double residual(const State& derivative) const;
  /// min τ; +∞ when unknown.
  double smallest_time_constant() const;

  bool has_rounding() const { return abilities_->rounding != nullptr; }
  /// An upper bound on the rounding error of the energies of x. Only for a system that has it.
  Energies rounding(const State& x) const {
    Energies bound;
    rounding(x, bound);
    return bound;
  }
  void rounding(const State& x, Energies& bound) const { abilities_->rounding(referent_, x, bound); }

  bool has_decay_rates() const { return abilities_->decay_rates != nullptr; }
  /// 1/τ of every row. Only for a system that has them.
  Vector<double> decay_rates() const { return abilities_->decay_rates(referent_); }

  /// Whether its layers can be relaxed in turn.
  bool has_independent_sets() const { return abilities_->independent_sets != nullptr && has_decay_rates(); }
  /// Only for a system that has them, as the next.
  std::vector<IndependentSet> independent_sets() const { return abilities_->independent_sets(referent_); }
  /// ẋ of these layers alone; `moved` holds those in which x may differ from the last call of this or of operator().
  void derivative_of(std::span<const Rows> layers, std::span<const Rows> moved, const State& x, State& dxdt);

  /// Whether it is a gradient flow of activations that it lets be seen.
  bool has_activations() const { return abilities_->activations != nullptr && has_decay_rates() && has_rounding(); }
  /// Only for a system that has them, as the next.
  void activations(const State& x, State& g) const { abilities_->activations(referent_, x, g); }
  /// u = −∂(potential)/∂g at activations g; counts as a right-hand side.
  void currents(const State& g, State& u);
  /// What the energies hold of synapses and inputs; counts as half a right-hand side.
  void potential(const State& g, Energies& energies);
  /// What they hold of the layers.
  void conjugate(const State& x, const State& g, Energies& energies) const {
    abilities_->conjugate(referent_, x, g, energies);
  }

  bool restrictable() const { return abilities_->restricted_to != nullptr; }
  /// The system of these samples only. Only for a system that can be restricted.
  System restricted_to(std::span<const Index> samples) const { return abilities_->restricted_to(referent_, samples); }

 private:
  struct Abilities {
    void (*call)(void*, const State&, State&, double);
    void (*energy_at_last)(const void*, const State&, Energies&);
    double (*residual)(const void*, const State&);
    double (*smallest_time_constant)(const void*);
    void (*jacobian_product)(const void*, const State&, const State&, State&);
    void (*rounding)(const void*, const State&, Energies&);
    Vector<double> (*decay_rates)(const void*);
    std::vector<IndependentSet> (*independent_sets)(const void*);
    double (*derivative_of)(void*, std::span<const Rows>, std::span<const Rows>, const State&, State&);
    void (*activations)(const void*, const State&, State&);
    void (*currents)(const void*, const State&, State&);
    void (*potential)(const void*, const State&, Energies&);
    void (*conjugate)(const void*, const State&, const State&, Energies&);
    System (*restricted_to)(const void*, std::span<const Index>);
    void (*piece)(const void*, const State&, Piece&);
    void (*hold)(void*, const Piece*);
  };

  /// A system that owns what it calls.
  template <RightHandSide F>
  explicit System(std::shared_ptr<F> callable)
      : referent_(erase(*callable)), abilities_(&abilities_of<F>), owned_(std::move(callable)) {}

  template <class F>
  static constexpr auto energy_at_last_of() -> decltype(Abilities::energy_at_last);
  template <class F>
  static constexpr auto residual_of() -> decltype(Abilities::residual);
  template <class F>
  static constexpr auto smallest_time_constant_of() -> decltype(Abilities::smallest_time_constant);
  template <class F>
  static constexpr auto jacobian_product_of() -> decltype(Abilities::jacobian_product);
  template <class F>
  static constexpr void add_rounding_of(Abilities& abilities);
  template <class F>
  static constexpr void add_relaxation_of(Abilities& abilities);
  template <class F>
  static constexpr void add_activations_of(Abilities& abilities);
  template <class F>
  static constexpr void add_restriction_of(Abilities& abilities);
  template <class F>
  static constexpr void add_pieces_of(Abilities& abilities);
  template <class F>
  static constexpr Abilities all_of();
  template <class F>
  static const Abilities abilities_of;

  void* referent_;
  const Abilities* abilities_;
  std::shared_ptr<void> owned_;                // null for one that only refers
  std::shared_ptr<const Abilities> narrowed_;  // null for one that shows all its callable can do
  long whole_calls_ = 0, jacobian_products_ = 0;
  double parts_ = 0;  // of a call
};

template <class F>
constexpr auto System::energy_at_last_of() -> decltype(Abilities::energy_at_last) {
  if constexpr (requires(const F& f, const State& x, Energies& e) { f.energy_at_last(x, e); })
    return [](const void* f, const State& x, Energies& e) { static_cast<const F*>(f)->energy_at_last(x, e); };
  else
    return nullptr;
}

template <class F>
constexpr auto System::residual_of() -> decltype(Abilities::residual) {
  if constexpr (requires(const F& f, const State& x) {
                  { f.residual(x) } -> std::convertible_to<double>;
                })
    return [](const void* f, const State& x) -> double { return static_cast<const F*>(f)->residual(x); };
  else
    return nullptr;
}

template <class F>
constexpr auto System::smallest_time_constant_of() -> decltype(Abilities::smallest_time_constant) {
  if constexpr (requires(const F& f) {
                  { f.smallest_time_constant() } -> std::convertible_to<double>;
                })
    return [](const void* f) -> double { return static_cast<const F*>(f)->smallest_time_constant(); };
  else
    return nullptr;
}

template <class F>
constexpr auto System::jacobian_product_of() -> decltype(Abilities::jacobian_product) {
  if constexpr (requires(const F& f, const State& x, State& product) { f.jacobian_product(x, x, product); })
    return [](const void* f, const State& x, const State& v, State& product) {
      static_cast<const F*>(f)->jacobian_product(x, v, product);
    };
  else
    return nullptr;
}

template <class F>
constexpr void System::add_rounding_of(Abilities& abilities) {
  if constexpr (requires(const F& f, const State& x) {
                  { f.rounding(x) } -> std::convertible_to<Energies>;
                })
    abilities.rounding = [](const void* f, const State& x, Energies& bound) {
      if constexpr (requires { static_cast<const F*>(f)->rounding(x, bound); })
        static_cast<const F*>(f)->rounding(x, bound);
      else
        bound = static_cast<const F*>(f)->rounding(x);
    };
}

template <class F>
constexpr void System::add_relaxation_of(Abilities& abilities) {
  if constexpr (requires(const F& f) {
                  { f.decay_rates() } -> std::convertible_to<Vector<double>>;
                })
    abilities.decay_rates = [](const void* f) -> Vector<double> { return static_cast<const F*>(f)->decay_rates(); };
  if constexpr (requires(F & f, const State& x, State& dxdt, std::span<const Rows> rows) {
                  { f.independent_sets() } -> std::convertible_to<std::vector<IndependentSet>>;
                  { f.derivative_of(rows, rows, x, dxdt) } -> std::convertible_to<double>;
                }) {
    abilities.independent_sets = [](const void* f) { return static_cast<const F*>(f)->independent_sets(); };
    abilities.derivative_of = [](void* f, std::span<const Rows> layers, std::span<const Rows> moved, const State& x,
                                 State& dxdt) -> double { return refer<F>(f).derivative_of(layers, moved, x, dxdt); };
  }
}

template <class F>
constexpr void System::add_activations_of(Abilities& abilities) {
  if constexpr (requires(const F& f, const State& x, State& of_state, Energies& energies) {
                  f.activations(x, of_state);
                  f.currents(x, of_state);
                  f.potential(x, energies);
                  f.conjugate(x, x, energies);
                }) {
    abilities.activations = [](const void* f, const State& x, State& g) {
      static_cast<const F*>(f)->activations(x, g);
    };
    abilities.currents = [](const void* f, const State& g, State& u) { static_cast<const F*>(f)->currents(g, u); };
    abilities.potential = [](const void* f, const State& g, Energies& energies) {
      static_cast<const F*>(f)->potential(g, energies);
    };
    abilities.conjugate = [](const void* f, const State& x, const State& g, Energies& energies) {
      static_cast<const F*>(f)->conjugate(x, g, energies);
    };
  }
}

template <class F>
constexpr void System::add_restriction_of(Abilities& abilities) {
  if constexpr (requires(const F& f, std::span<const Index> samples) {
                  { f.restricted_to(samples) } -> RightHandSide;
                })
    abilities.restricted_to = [](const void* f, std::span<const Index> samples) {
      using Restricted = std::remove_cvref_t<decltype(static_cast<const F*>(f)->restricted_to(samples))>;
      return System(std::make_shared<Restricted>(static_cast<const F*>(f)->restricted_to(samples)));
    };
}

template <class F>
constexpr void System::add_pieces_of(Abilities& abilities) {
  if constexpr (requires(F & f, const F& constant, const State& x, Piece& piece) {
                  constant.piece(x, piece);
                  f.hold(&piece);
                }) {
    abilities.piece = [](const void* f, const State& x, Piece& piece) { static_cast<const F*>(f)->piece(x, piece); };
    abilities.hold = [](void* f, const Piece* piece) { refer<F>(f).hold(piece); };
  }
}

template <class F>
constexpr System::Abilities System::all_of() {
  Abilities abilities{};
  abilities.call = [](void* f, const State& x, State& dxdt, double t) { refer<F>(f)(x, dxdt, t); };
  abilities.energy_at_last = energy_at_last_of<F>();
  abilities.residual = residual_of<F>();
  abilities.smallest_time_constant = smallest_time_constant_of<F>();
  abilities.jacobian_product = jacobian_product_of<F>();
  add_rounding_of<F>(abilities);
  add_relaxation_of<F>(abilities);
  add_activations_of<F>(abilities);
  add_restriction_of<F>(abilities);
  add_pieces_of<F>(abilities);
  return abilities;
}

template <class F>
inline constexpr System::Abilities System::abilities_of = all_of<F>();

}  // namespace hamlet
