// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/grouped.hpp>

#include <fmt/format.h>

#include <utility>

namespace hamlet {

namespace {

class GroupedForm final : public LagrangianForm {
 public:
  GroupedForm(Lagrangian lagrangian, Index size) : lagrangian_(std::move(lagrangian)), size_(size) {
    name = fmt::format("Grouped({}, size = {})", lagrangian_.name(), size_);
    discontinuities.assign(lagrangian_.discontinuities().begin(), lagrangian_.discontinuities().end());
  }

  void value(ConstView x, double* values) const override {
    Energies terms(groups(x.rows()));
    for (Index j = 0; j < x.cols(); ++j) {
      lagrangian_.value(column(x, j), terms);
      values[j] = pairwise_sum<double>(0, terms.size(), [&](Index k) { return terms[k]; });
    }
  }

  void activation(ConstView x, View g) const override {
    for (Index j = 0; j < x.cols(); ++j) lagrangian_.activation(column(x, j), column(g, j));
  }

  void hessian_product(ConstView x, ConstView u, View product) const override {
    for (Index j = 0; j < x.cols(); ++j) lagrangian_.hessian_product(column(x, j), column(u, j), column(product, j));
  }

  void rounding(ConstView x, double* bound) const override {
    Energies terms(groups(x.rows())), bounds(groups(x.rows()));
    for (Index j = 0; j < x.cols(); ++j) {
      lagrangian_.value(column(x, j), terms);
      lagrangian_.rounding(column(x, j), bounds);
      bound[j] = pairwise_sum<Rounding>(0, terms.size(), [&](Index k) { return Rounding(terms[k], bounds[k]); }).bound;
    }
  }

  bool elementwise() const override { return lagrangian_.elementwise(); }

  std::shared_ptr<const LagrangianForm> derived() const override {
    auto inner = lagrangian_.derived();
    return inner ? std::make_shared<GroupedForm>(*std::move(inner), size_) : nullptr;
  }

  std::string misfit(const Shape& shape) const override {
    if (shape.size() % size_ != 0) return fmt::format("groups of {} do not divide {}", size_, shape.size());
    return {};
  }

 private:
  Index groups(Index rows) const {
    if (rows % size_ != 0) throw ShapeError(fmt::format("{}: groups of {} do not divide {}", name, size_, rows));
    return rows / size_;
  }

  // A column of N neurons is a matrix of one group a column.
  ConstView column(ConstView x, Index j) const {
    return {x.data() + j * x.outerStride(), size_, groups(x.rows()), Eigen::OuterStride<>(size_)};
  }
  View column(View x, Index j) const {
    return {x.data() + j * x.outerStride(), size_, groups(x.rows()), Eigen::OuterStride<>(size_)};
  }

  Lagrangian lagrangian_;
  Index size_;
};

}  // namespace

std::shared_ptr<const LagrangianForm> Grouped::form() const {
  if (size < 1) throw ValueError(fmt::format("size of Grouped is {}: a group needs at least one neuron", size));
  const std::string why = lagrangian.misfit(Shape{size});
  if (!why.empty()) throw ShapeError(fmt::format("groups of {} cannot have {}: {}", size, lagrangian.name(), why));
  return std::make_shared<GroupedForm>(lagrangian, size);
}

}  // namespace hamlet
