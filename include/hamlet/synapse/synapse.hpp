// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/shape.hpp>
#include <hamlet/core/state.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace hamlet {

class Lagrangian;

/// The activations g of the layers a synapse joins, in the order of `connect`; each N_k × B.
using Activations = std::span<const ConstView>;

/// Where the synaptic currents −∂E/∂g of those layers are to be added; each N_k × B, or a view of null data where
/// nobody asked for the current, which then costs nothing.
using Currents = std::span<View>;

/// void apply(Activations, Currents, Eigen::Ref<Energies>) const: the energies of all samples (assigned, 1 × B), and
/// all wanted currents (added), in one pass.
template <class S>
concept GivesEnergyAndCurrents = requires(const S& synapse, Activations activations, Currents currents,
                                          Eigen::Ref<Energies> energies) {
  synapse.apply(activations, currents, energies);
};

/// std::string misfit(std::span<const Shape>) const: empty when the synapse can join layers of these shapes, else the
/// reason ("its rows do not fit").
template <class S>
concept JudgesShapes = requires(const S& synapse, std::span<const Shape> shapes) {
  { synapse.misfit(shapes) } -> std::convertible_to<std::string>;
};

/// What a type must have to be a synapse. Optional members:
///   std::string name() const                       "Dense(1000 × 784)" ("Synapse")
///   Index parameters() const                       the number of weights (0)
///   bool linear_in(std::size_t slot) const         whether E is linear in the activation of that slot (false)
///   bool concave_in(std::size_t slot, std::size_t slots) const   whether E is concave in that of `slots` activations,
///                                                  all others fixed (linear_in)
///   void rounding(Activations, Eigen::Ref<Energies>) const   a bound on the rounding error of the energies
///                                                  (by default from the magnitudes |E| and Σ|g·current|)
///   void differential(Activations g, Activations dg, Currents dcurrents) const   d/dε of all wanted currents at g + ε
///                                                  dg (added; by default exact where E is linear in every slot, and
///                                                  by central differences of order four elsewhere)
///   bool integrate_out(std::size_t slot, const Lagrangian& L, const Vector<double>& input, Activations g,
///                      Currents currents, Eigen::Ref<Energies> energies) const   with the layer of that slot
///                                                  integrated out, h = input + its current and g_slot = ∂L/∂h: the
///                                                  energies −L(h) (assigned) and all wanted currents into the other
///                                                  layers (added) in one pass; false, and nothing done, where there
///                                                  is no better way than two calls of apply (false)
template <class S>
concept SynapseModel = std::copy_constructible<S> && GivesEnergyAndCurrents<S> && JudgesShapes<S>;

/// An energy E_s of the activations of the layers it joins. An immutable value; copies share the weights.
/// Source: Krotov & Hopfield 2021, eq. 1 and 3; Krotov, "Hierarchical Associative Memory", 2021, eq. 1.
class Synapse {
 public:
  /// From anything that meets SynapseModel.
  template <class S>
  requires(std::is_class_v<S> && !std::same_as<S, Synapse>) Synapse(S model) {
    static_assert(std::copy_constructible<S>, "a synapse must be copyable");
    static_assert(GivesEnergyAndCurrents<S>,
                  "a synapse needs: void apply(hamlet::Activations, hamlet::Currents, Eigen::Ref<hamlet::Energies>) "
                  "const; an energy alone, a function of activations, is wrapped: hamlet::General{energy}");
    static_assert(JudgesShapes<S>, "a synapse needs: std::string misfit(std::span<const hamlet::Shape>) const");
    if constexpr (SynapseModel<S>) erased_ = std::make_shared<const Held<S>>(std::move(model));
  }

  /// The energies of all samples (1 × B, assigned); every wanted current is added to.
  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
    erased_->apply(activations, currents, energies);
  }

  /// An upper bound, per sample, on the absolute rounding error of the energies that `apply` gives.
  void rounding(Activations activations, Eigen::Ref<Energies> bound) const { erased_->rounding(activations, bound); }

  /// The derivatives of the currents, d/dε at g + ε dg, that is −(∂²E/∂g²) dg: every wanted one is added to. All are
  /// N_k × B.
  void differential(Activations g, Activations dg, Currents dcurrents) const {
    erased_->differential(g, dg, dcurrents);
  }

  /// With the layer of this slot integrated out, h = input + its current and g_slot = ∂L/∂h: the energies −L(h)
  /// (assigned) and all wanted currents into the other layers (added), in one pass. False, and nothing is done, where
  /// the synapse has no better way than two calls of `apply`. Source: Krotov & Hopfield 2021, section 3.
  bool integrate_out(std::size_t slot, const Lagrangian& L, const Vector<double>& input, Activations g,
                     Currents currents, Eigen::Ref<Energies> energies) const {
    return erased_->integrate_out(slot, L, input, g, currents, energies);
  }

  /// Empty when it can join layers of these shapes, else why not.
  std::string misfit(std::span<const Shape> shapes) const { return erased_->misfit(shapes); }

  /// Whether E is linear in the activation of the layer in this slot, all others fixed.
  bool linear_in(std::size_t slot) const { return erased_->linear_in(slot); }

  /// Whether E is concave in the activation in this slot of so many, all others fixed: the synapse then cannot raise
  /// the energy when that layer relaxes. A layer integrated out is taken to have a convex Lagrangian.
  bool concave_in(std::size_t slot, std::size_t slots) const { return erased_->concave_in(slot, slots); }

  /// The number of weights.
  Index parameters() const { return erased_->parameters(); }

  /// "Dense(1000 × 784)".
  const std::string& name() const { return erased_->name; }

 private:
  struct Erased {
    explicit Erased(std::string name) : name(std::move(name)) {}
    virtual ~Erased() = default;
    virtual void apply(Activations, Currents, Eigen::Ref<Energies>) const = 0;
    virtual void rounding(Activations activations, Eigen::Ref<Energies> bound) const = 0;
    virtual void differential(Activations g, Activations dg, Currents dcurrents) const = 0;
    virtual bool integrate_out(std::size_t slot, const Lagrangian&, const Vector<double>& input, Activations, Currents,
                               Eigen::Ref<Energies>) const = 0;
    virtual std::string misfit(std::span<const Shape>) const = 0;
    virtual bool linear_in(std::size_t) const = 0;
    virtual bool concave_in(std::size_t, std::size_t) const = 0;
    virtual Index parameters() const = 0;
    std::string name;
  };

  /// For a model that states no bound: 16 u (|E| + Σ|g·current|), u = 2⁻⁵³. Those are the magnitudes an energy is
  /// summed from; 16 stands for about a hundred roundings of random sign on the way to each of them.
  static void rounding_by_magnitude(const Erased& synapse, Activations activations, Eigen::Ref<Energies> bound);

  /// For a model that states no differential.
  static void differential_by_currents(const Erased& synapse, Activations g, Activations dg, Currents dcurrents);

  template <class S>
  static std::string name_of(const S& model) {
    if constexpr (requires { model.name(); }) return model.name();
    return "Synapse";
  }

  template <class S>
  struct Held final : Erased {
    explicit Held(S given) : Erased(name_of(given)), model(std::move(given)) {}

    void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const override {
      model.apply(activations, currents, energies);
    }
    void rounding(Activations activations, Eigen::Ref<Energies> bound) const override {
      if constexpr (requires { model.rounding(activations, bound); }) {
        model.rounding(activations, bound);
      } else {
        rounding_by_magnitude(*this, activations, bound);
      }
    }
    void differential(Activations g, Activations dg, Currents dcurrents) const override {
      if constexpr (requires { model.differential(g, dg, dcurrents); }) {
        model.differential(g, dg, dcurrents);
      } else {
        differential_by_currents(*this, g, dg, dcurrents);
      }
    }
    bool integrate_out(std::size_t slot, const Lagrangian& L, const Vector<double>& input, Activations g,
                       Currents currents, Eigen::Ref<Energies> energies) const override {
      if constexpr (requires { model.integrate_out(slot, L, input, g, currents, energies); })
        return model.integrate_out(slot, L, input, g, currents, energies);
      return false;
    }
    std::string misfit(std::span<const Shape> shapes) const override { return model.misfit(shapes); }
    bool linear_in(std::size_t slot) const override {
      if constexpr (requires { model.linear_in(slot); }) return model.linear_in(slot);
      return false;
    }
    bool concave_in(std::size_t slot, std::size_t slots) const override {
      if constexpr (requires { model.concave_in(slot, slots); }) return model.concave_in(slot, slots);
      return linear_in(slot);
    }
    Index parameters() const override {
      if constexpr (requires { model.parameters(); }) return model.parameters();
      return 0;
    }

    S model;
  };

  std::shared_ptr<const Erased> erased_;
};

}  // namespace hamlet
