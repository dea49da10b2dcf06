// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/reverse.hpp>
#include <hamlet/derivative/rounding.hpp>
#include <hamlet/synapse/synapse.hpp>

#include <array>
#include <limits>
#include <tuple>
#include <utility>

namespace hamlet {

/// Whether F is an energy of as many activations as there are slots, for any scalar: what it gives for activations that
/// are recorded is recorded too. (Eigen would let an energy of doubles alone be called, and fail inside.)
template <class F, std::size_t... slot>
constexpr bool takes_activations(std::index_sequence<slot...>) {
  using Column = Vector<Reverse<double>>;
  if constexpr (std::is_invocable_v<const F&, decltype(static_cast<void>(slot), Column{})...>) {
    using Energy = std::invoke_result_t<const F&, decltype(static_cast<void>(slot), Column{})...>;
    return std::is_convertible_v<Energy, Reverse<double>> && !std::is_arithmetic_v<Energy>;
  }
  return false;
}

/// How many activations an energy takes: the only n from 1 to 6 for which it can be called with n columns; else 0.
template <class F>
inline constexpr std::size_t energy_arity = []<std::size_t... n>(std::index_sequence<n...>) {
  const std::size_t ways = (std::size_t{0} + ... + takes_activations<F>(std::make_index_sequence<n + 1>{}));
  const std::size_t sum =
      (std::size_t{0} + ... + (takes_activations<F>(std::make_index_sequence<n + 1>{}) ? n + 1 : 0));
  return ways == 1 ? sum : 0;
}
(std::make_index_sequence<6>{});

/// Why an energy of so many activations cannot join so many layers.
std::string misfit_of_arity(std::size_t arity, std::size_t layers);

/// Any scalar function of activations as a synapse; the currents −∂E/∂g follow by reverse differentiation. The functor
/// has `template <class T> T operator()(const Vector<T>& g_a, const Vector<T>& g_b, …) const`, the energy of one
/// sample, for one to six layers. Its optional members `std::string name() const`, `Index parameters() const`, `bool
/// linear_in(std::size_t slot) const`, `bool concave_in(std::size_t slot, std::size_t slots) const` and `std::string
/// misfit(std::span<const Shape>) const` mean what they mean for SynapseModel.
template <class F>
class General {
 public:
  static constexpr std::size_t arity = energy_arity<F>;
  static_assert(arity > 0,
                "General needs an energy with: template <class T> T operator()(const hamlet::Vector<T>& g_a, const "
                "hamlet::Vector<T>& g_b, ...) const, of one to six activations");

  explicit General(F energy) : energy_(std::move(energy)) {}

  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
    bool any_wanted = false;
    for (const View& current : currents) any_wanted = any_wanted || wanted(current);
    for (Index sample = 0; sample < energies.cols(); ++sample) {
      if (any_wanted) {
        energies[sample] = differentiate(activations, currents, sample);
      } else {
        energies[sample] = call(columns<double>(activations, sample, [](double g, std::size_t, Index) { return g; }));
      }
    }
  }

  /// −(∂²E/∂g²) dg, by forward over reverse.
  void differential(Activations g, Activations dg, Currents dcurrents) const {
    for (Index sample = 0; sample < g[0].cols(); ++sample) {
      Recording<Dual<double>> recording;
      const auto& slots = columns<Reverse<Dual<double>>>(g, sample, [&](double value, std::size_t slot, Index neuron) {
        const Dual<double> moved{value, dg[slot](neuron, sample)};
        return wanted(dcurrents[slot]) ? recording.variable(moved) : Reverse<Dual<double>>(moved);
      });
      recording.sweep(call(slots));
      for (std::size_t slot = 0; slot < arity; ++slot) {
        if (!wanted(dcurrents[slot])) continue;
        auto current = dcurrents[slot].col(sample);
        for (Index i = 0; i < current.size(); ++i) current[i] -= recording.adjoint(slots[slot][i]).tangent;
      }
    }
  }

  /// By running error analysis, from activations that are rounded themselves.
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const {
    for (Index sample = 0; sample < bound.cols(); ++sample) {
      const Rounding energy = call(columns<Rounding>(activations, sample, [](double g, std::size_t, Index) {
        return Rounding(g, std::numeric_limits<double>::epsilon() * std::abs(g));
      }));
      bound[sample] = energy.bound;
    }
  }

  std::string misfit(std::span<const Shape> shapes) const {
    if (shapes.size() != arity) return misfit_of_arity(arity, shapes.size());
    if constexpr (requires { energy_.misfit(shapes); }) return energy_.misfit(shapes);
    return {};
  }

  bool linear_in(std::size_t slot) const {
    if constexpr (requires { energy_.linear_in(slot); }) return energy_.linear_in(slot);
    return false;
  }

  bool concave_in(std::size_t slot, std::size_t slots) const {
    if constexpr (requires { energy_.concave_in(slot, slots); }) return energy_.concave_in(slot, slots);
    return linear_in(slot);
  }

  Index parameters() const {
    if constexpr (requires { energy_.parameters(); }) return energy_.parameters();
    return 0;
  }

  std::string name() const {
    if constexpr (requires { energy_.name(); }) return energy_.name();
    return "General";
  }

 private:
  /// E of one sample; its wanted currents are added.
  double differentiate(Activations activations, Currents currents, Index sample) const {
    Recording<double> recording;
    const auto& slots = columns<Reverse<double>>(activations, sample, [&](double g, std::size_t slot, Index) {
      return wanted(currents[slot]) ? recording.variable(g) : Reverse<double>(g);
    });
    const Reverse<double> energy = call(slots);
    recording.sweep(energy);
    for (std::size_t slot = 0; slot < arity; ++slot) {
      if (!wanted(currents[slot])) continue;
      auto current = currents[slot].col(sample);
      for (Index i = 0; i < current.size(); ++i) current[i] -= recording.adjoint(slots[slot][i]);
    }
    return energy.value;
  }

  /// One sample's activations as scalars of type T, in memory that stays with the thread.
  template <class T, class Lift>
  static const std::array<Vector<T>, arity>& columns(Activations activations, Index sample, const Lift& lift) {
    static thread_local std::array<Vector<T>, arity> slots;
    for (std::size_t slot = 0; slot < arity; ++slot) {
      const auto g = activations[slot].col(sample);
      slots[slot].resize(g.size());
      for (Index i = 0; i < g.size(); ++i) slots[slot][i] = lift(g[i], slot, i);
    }
    return slots;
  }

  template <class T>
  T call(const std::array<Vector<T>, arity>& slots) const {
    return std::apply([this](const auto&... g) { return static_cast<T>(energy_(g...)); }, slots);
  }

  F energy_;
};

}  // namespace hamlet
