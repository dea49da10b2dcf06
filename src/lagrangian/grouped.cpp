// SPDX-License-Identifier: MIT
#include "lagrangian/grouped.hpp"

#include "core/scratch.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/grouped.hpp>

#include <fmt/format.h>

#include <utility>

namespace hamlet {

namespace {

class GroupedForm final : public LagrangianForm {
 public:
  GroupedForm(Lagrangian lagrangian, Groups groups, std::string own_name)
      : lagrangian_(std::move(lagrangian)), groups_(std::move(groups)) {
    name = std::move(own_name);
    discontinuities.assign(lagrangian_.discontinuities().begin(), lagrangian_.discontinuities().end());
  }

  void value(ConstView x, double* values) const override {
    ScratchEnergies terms(groups_.count(x.rows()));
    for (Index j = 0; j < x.cols(); ++j) {
      read(x, j, [&](ConstView group) { lagrangian_.value(group, terms); });
      values[j] = pairwise_sum<double>(0, terms.size(), [&](Index k) { return terms[k]; });
    }
  }

  void activation(ConstView x, View g) const override {
    for (Index j = 0; j < x.cols(); ++j) {
      read(x, j, [&](ConstView of_x) { write(g, j, [&](View of_g) { lagrangian_.activation(of_x, of_g); }); });
    }
  }

  void hessian_product(ConstView x, ConstView u, View product) const override {
    for (Index j = 0; j < x.cols(); ++j) {
      read(x, j, [&](ConstView of_x) {
        read(u, j, [&](ConstView of_u) {
          write(product, j, [&](View of_product) { lagrangian_.hessian_product(of_x, of_u, of_product); });
        });
      });
    }
  }

  void rounding(ConstView x, double* bound) const override {
    ScratchEnergies terms(groups_.count(x.rows())), bounds(terms.size());
    for (Index j = 0; j < x.cols(); ++j) {
      read(x, j, [&](ConstView group) {
        lagrangian_.value(group, terms);
        lagrangian_.rounding(group, bounds);
      });
      bound[j] = pairwise_sum<Rounding>(0, terms.size(), [&](Index k) { return Rounding(terms[k], bounds[k]); }).bound;
    }
  }

  bool elementwise() const override { return lagrangian_.elementwise(); }

  std::shared_ptr<const LagrangianForm> derived() const override {
    auto inner = lagrangian_.derived();
    return inner ? std::make_shared<GroupedForm>(*std::move(inner), groups_, name) : nullptr;
  }

  std::string misfit(const Shape& shape) const override { return groups_.misfit(shape); }

 private:
  // Column j, N numbers, as a matrix of one group a column: in place where groups are consecutive, else gathered.
  template <class Use>
  void read(ConstView all, Index j, const Use& use) const {
    const double* const column = all.data() + j * all.outerStride();
    const Index size = groups_.size(), count = groups_.count(all.rows());
    if (groups_.neurons().empty()) return use(ConstView(column, size, count, Eigen::OuterStride<>(size)));
    Scratch gathered(size, count);
    double* next = gathered.data();
    for (const Index neuron : groups_.neurons()) *next++ = column[neuron];
    use(gathered);
  }

  // The same for what `use` assigns, scattered afterwards.
  template <class Use>
  void write(View all, Index j, const Use& use) const {
    double* const column = all.data() + j * all.outerStride();
    const Index size = groups_.size(), count = groups_.count(all.rows());
    if (groups_.neurons().empty()) return use(View(column, size, count, Eigen::OuterStride<>(size)));
    Scratch gathered(size, count);
    use(gathered);
    const double* next = gathered.data();
    for (const Index neuron : groups_.neurons()) column[neuron] = *next++;
  }

  Lagrangian lagrangian_;
  Groups groups_;
};

}  // namespace

std::shared_ptr<const LagrangianForm> grouped_form(Lagrangian lagrangian, Groups groups, std::string name) {
  const std::string why = lagrangian.misfit(Shape{groups.size()});
  if (!why.empty()) throw ShapeError(fmt::format("{} cannot have {}: {}", groups.text(), lagrangian.name(), why));
  return std::make_shared<GroupedForm>(std::move(lagrangian), std::move(groups), std::move(name));
}

std::shared_ptr<const LagrangianForm> Grouped::form() const {
  return grouped_form(lagrangian, groups, fmt::format("Grouped({}, {})", lagrangian.name(), groups.text()));
}

}  // namespace hamlet
