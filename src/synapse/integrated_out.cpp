// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/synapse/integrated_out.hpp>

#include "core/scratch.hpp"
#include "synapse/dot_product.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/container/small_vector.hpp>

#include <algorithm>

namespace hamlet {
namespace {

using Slots = const std::vector<Index>&;

ConstView as_read(const View& view) {
  return {view.data(), view.rows(), view.cols(), Eigen::OuterStride<>(view.outerStride())};
}

/// The activations an inner synapse sees: those of this synapse, and g_h in the slot of the layer integrated out.
class InnerActivations {
 public:
  InnerActivations(Slots slots, Activations outer, const ConstView& g_h) {
    for (const Index slot : slots) {
      views_.push_back(slot == IntegratedOut::hidden ? g_h : outer[static_cast<std::size_t>(slot)]);
    }
  }
  operator Activations() const { return {views_.data(), views_.size()}; }

 private:
  boost::container::small_vector<ConstView, 8> views_;
};

/// Where an inner synapse adds its currents.
class InnerCurrents {
 public:
  /// Into the layer integrated out alone.
  InnerCurrents(Slots slots, Activations outer, const View& into_h) {
    for (const Index slot : slots) {
      if (slot == IntegratedOut::hidden) {
        views_.push_back(into_h);
      } else {
        const ConstView& g = outer[static_cast<std::size_t>(slot)];
        views_.push_back(unwanted(g.rows(), g.cols()));
      }
    }
  }
  /// Into the other layers.
  InnerCurrents(Slots slots, Currents outer, const View& h) {
    for (const Index slot : slots) {
      views_.push_back(slot == IntegratedOut::hidden ? unwanted(h.rows(), h.cols())
                                                     : outer[static_cast<std::size_t>(slot)]);
    }
  }
  operator Currents() { return {views_.data(), views_.size()}; }

 private:
  boost::container::small_vector<View, 8> views_;
};

}  // namespace

IntegratedOut::IntegratedOut(std::string layer, Shape shape, Lagrangian lagrangian, Vector<double> input,
                             std::vector<Inner> inner)
    : layer_(std::move(layer)),
      shape_(std::move(shape)),
      lagrangian_(std::move(lagrangian)),
      input_(std::move(input)),
      inner_(std::move(inner)) {
  if (input_.size() != shape_.size()) {
    throw ShapeError(fmt::format("the input of '{}' ({}) has {} rows", layer_, shape_.text(), input_.size()));
  }
  if (!input_.allFinite()) throw ValueError(fmt::format("the input of '{}' is not finite", layer_));
  for (const auto& [synapse, slots] : inner_) {
    const auto place = std::find(slots.begin(), slots.end(), hidden);
    if (place == slots.end() || *std::min_element(slots.begin(), slots.end()) < hidden) {
      throw ValueError(fmt::format("{} is given the slots {}: one must be hidden, the others slots of the whole",
                                   synapse.name(), fmt::join(slots, ", ")));
    }
    if (std::count(slots.begin(), slots.end(), hidden) > 1) {
      throw ModelError(
          fmt::format("'{}' cannot be integrated out: {} joins it twice, so that its energy is not linear "
                      "in the activation",
                      layer_, synapse.name()));
    }
    if (!synapse.linear_in(static_cast<std::size_t>(place - slots.begin()))) {
      throw ModelError(fmt::format("'{}' cannot be integrated out: the energy of {} is not linear in its activation",
                                   layer_, synapse.name()));
    }
    const Index largest = *std::max_element(slots.begin(), slots.end());
    outer_slots_ = std::max(outer_slots_, static_cast<std::size_t>(largest + 1));
  }
}

void IntegratedOut::settle(Activations activations, View h) const {
  h.colwise() = input_;
  // u does not depend on g_h, since every inner energy is linear in it.
  Scratch g_h(h.rows(), h.cols());
  g_h.setZero();
  ScratchEnergies energies(h.cols());
  for (const auto& [synapse, slots] : inner_) {
    synapse.apply(InnerActivations(slots, activations, g_h), InnerCurrents(slots, activations, h), energies);
  }
}

void IntegratedOut::apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
  if (inner_.size() == 1 && in_one_pass(activations, currents, energies)) return;
  // h = I_h + u(g)
  Scratch h(shape_.size(), energies.cols());
  settle(activations, h);
  if (std::any_of(currents.begin(), currents.end(), wanted)) {
    // g_h = f = ∂L_h/∂h
    Scratch f(h.rows(), h.cols());
    lagrangian_.activation(h, f);
    for (const auto& [synapse, slots] : inner_) {
      synapse.apply(InnerActivations(slots, activations, f), InnerCurrents(slots, currents, h), energies);
    }
  }
  // E = −L_h(h)
  lagrangian_.value(h, energies);
  energies = -energies;
}

bool IntegratedOut::in_one_pass(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
  const auto& [synapse, slots] = inner_.front();
  const auto slot = static_cast<std::size_t>(std::find(slots.begin(), slots.end(), hidden) - slots.begin());
  const View nothing = unwanted(shape_.size(), energies.cols());
  return synapse.integrate_out(slot, lagrangian_, input_, InnerActivations(slots, activations, as_read(nothing)),
                               InnerCurrents(slots, currents, nothing), energies);
}

void IntegratedOut::differential(Activations g, Activations dg, Currents dcurrents) const {
  if (std::none_of(dcurrents.begin(), dcurrents.end(), wanted)) return;
  const Index samples = g.front().cols();
  Scratch h(shape_.size(), samples), f(h.rows(), samples), dh(h.rows(), samples), df(h.rows(), samples);
  settle(g, h);
  lagrangian_.activation(h, f);
  // dh = du, which does not depend on g_h
  df.setZero();
  dh.setZero();
  for (const auto& [synapse, slots] : inner_) {
    synapse.differential(InnerActivations(slots, g, f), InnerActivations(slots, dg, df), InnerCurrents(slots, g, dh));
  }
  lagrangian_.hessian_product(h, dh, df);
  for (const auto& [synapse, slots] : inner_) {
    synapse.differential(InnerActivations(slots, g, f), InnerActivations(slots, dg, df),
                         InnerCurrents(slots, dcurrents, h));
  }
}

void IntegratedOut::rounding(Activations activations, Eigen::Ref<Energies> bound) const {
  Scratch h(shape_.size(), bound.cols());
  settle(activations, h);
  Scratch f(h.rows(), h.cols());
  lagrangian_.activation(h, f);
  lagrangian_.rounding(h, bound);
  // |f·δh|: h is a sum of one term for I_h and one for each synapse, whose own rounding its bound at g_h = f holds
  bound += dot_product_rounding(static_cast<Index>(inner_.size())) * f.cwiseProduct(h).cwiseAbs().colwise().sum();
  ScratchEnergies inner_bound(bound.cols());
  for (const auto& [synapse, slots] : inner_) {
    synapse.rounding(InnerActivations(slots, activations, f), inner_bound);
    bound += inner_bound;
  }
}

std::string IntegratedOut::misfit(std::span<const Shape> shapes) const {
  if (shapes.size() != outer_slots_) {
    return fmt::format("it joins {} layers, not {}", outer_slots_, shapes.size());
  }
  for (const auto& [synapse, slots] : inner_) {
    std::vector<Shape> joined;
    for (const Index slot : slots) {
      joined.push_back(slot == hidden ? shape_ : shapes[static_cast<std::size_t>(slot)]);
    }
    if (const std::string reason = synapse.misfit(joined); !reason.empty()) {
      return fmt::format("of its {}, {}", synapse.name(), reason);
    }
  }
  return lagrangian_.misfit(shape_);
}

bool IntegratedOut::concave_in(std::size_t slot, std::size_t) const {
  return std::all_of(inner_.begin(), inner_.end(), [&](const Inner& inner) {
    const auto filled = std::count(inner.slots.begin(), inner.slots.end(), static_cast<Index>(slot));
    const auto place = std::find(inner.slots.begin(), inner.slots.end(), static_cast<Index>(slot));
    return filled == 0 ||
           (filled == 1 && inner.synapse.linear_in(static_cast<std::size_t>(place - inner.slots.begin())));
  });
}

Index IntegratedOut::parameters() const {
  Index sum = 0;
  for (const Inner& inner : inner_) sum += inner.synapse.parameters();
  return sum;
}

std::string IntegratedOut::name() const {
  std::vector<std::string> names;
  for (const Inner& inner : inner_) names.push_back(inner.synapse.name());
  return fmt::format("IntegratedOut {}: {} over {}", layer_, lagrangian_.name(),
                     names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, " and ")));
}

}  // namespace hamlet
