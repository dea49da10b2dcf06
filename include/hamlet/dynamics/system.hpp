// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>
#include <hamlet/dynamics/referent.hpp>

#include <concepts>

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
class System {
 public:
  /// `callable` must outlive the System; std::ref of one stands for what it refers to.
  template <RightHandSide F>
  requires(!std::same_as<std::remove_cv_t<F>, System>) explicit System(F& callable)
      : abilities_(&abilities_of<referent_t<F>>) {
    referent_t<F>& referent = callable;
    referent_ = erase(referent);
  }

  /// ẋ at (x, t). Throws ShapeError when what the callable left in dxdt has not the shape of x.
  void operator()(const State& x, State& dxdt, double t);
  /// How often it was called.
  long right_hand_sides() const { return right_hand_sides_; }

  bool has_energies() const { return abilities_->energy_at_last != nullptr; }
  /// The energies of x, the state of the last call. Only for a system that has energies.
  void energy_at_last(const State& x, Energies& energies) const { abilities_->energy_at_last(referent_, x, energies); }
  bool has_jacobian_product() const { return abilities_->jacobian_product != nullptr; }
  /// (∂ẋ/∂x) v. Only for a system that has it. Throws ShapeError when what the callable left in `product` has not the
  /// shape of x.
  void jacobian_product(const State& x, const State& v, State& product);
  /// How often it was asked for.
  long jacobian_products() const { return jacobian_products_; }
  /// How far from rest: ‖τẋ‖∞ of a system that knows its time constants, ‖ẋ‖∞ of one that does not.
  double residual(const State& derivative) const;
  /// min τ; +∞ when unknown.
  double smallest_time_constant() const;

 private:
  struct Abilities {
    void (*call)(void*, const State&, State&, double);
    void (*energy_at_last)(const void*, const State&, Energies&);
    double (*residual)(const void*, const State&);
    double (*smallest_time_constant)(const void*);
    void (*jacobian_product)(const void*, const State&, const State&, State&);
  };

  template <class F>
  static constexpr auto energy_at_last_of() -> decltype(Abilities::energy_at_last);
  template <class F>
  static constexpr auto residual_of() -> decltype(Abilities::residual);
  template <class F>
  static constexpr auto smallest_time_constant_of() -> decltype(Abilities::smallest_time_constant);
  template <class F>
  static constexpr auto jacobian_product_of() -> decltype(Abilities::jacobian_product);
  template <class F>
  static const Abilities abilities_of;

  void* referent_;
  const Abilities* abilities_;
  long right_hand_sides_ = 0, jacobian_products_ = 0;
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
inline constexpr System::Abilities System::abilities_of = {
    [](void* f, const State& x, State& dxdt, double t) { refer<F>(f)(x, dxdt, t); },
    energy_at_last_of<F>(),
    residual_of<F>(),
    smallest_time_constant_of<F>(),
    jacobian_product_of<F>(),
};

}  // namespace hamlet
