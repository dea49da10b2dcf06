// SPDX-License-Identifier: MIT
#include "core/scratch.hpp"
#include "kernel/elementary.hpp"
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/log_sum_exp.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace hamlet {

namespace {

/// Σ of numbers in [0, 1] that is the same, to the last bit, whatever their order: each is rounded to whole numbers of
/// 2⁻⁶², and these are added exactly, as whole numbers of 2⁻³⁰ and what is left. NaN when one of them is.
double sum_in_any_order(Eigen::Ref<const Vector<double>> terms) {
  constexpr double coarse = 0x1p30, fine = 0x1p32;
  // Adding it leaves no place for what is not whole.
  constexpr double whole = 0x1.8p52;
  // Of so many terms the sums, below 2⁴⁷, are exact in double, in whatever lanes of SIMD.
  constexpr Index most = 1 << 16, lanes = 8;
  using Lanes = Eigen::Array<double, lanes, 1>;
  std::int64_t of_coarse = 0, of_fine = 0;
  for (Index first = 0; first < terms.size(); first += most) {
    Lanes sum = Lanes::Zero(), rest = Lanes::Zero();
    const auto add = [&](const auto& some) {
      const Lanes scaled = coarse * some, rounded = (scaled + whole) - whole;
      sum += rounded;
      rest += (fine * (scaled - rounded) + whole) - whole;
    };
    const Index end = std::min(terms.size(), first + most), left = (end - first) % lanes;
    for (Index i = first; i + lanes <= end; i += lanes) add(terms.segment<lanes>(i).array());
    Lanes last = Lanes::Zero();
    last.head(left) = terms.segment(end - left, left);
    add(last);
    if (!(sum.sum() >= 0)) return std::numeric_limits<double>::quiet_NaN();
    of_coarse += static_cast<std::int64_t>(sum.sum());
    of_fine += static_cast<std::int64_t>(rest.sum());
  }
  return static_cast<double>(of_coarse) / coarse + static_cast<double>(of_fine) / (coarse * fine);
}

/// c and e_i = e^{β(x_i − c)}, c the largest x
double exponentials(double beta, const Vector<double>& x, double* e) {
  const double c = x.maxCoeff();
  for (Index i = 0; i < x.size(); ++i) e[i] = beta * (x[i] - c);
  kernel::exp(e, x.size(), e);
  return c;
}

}  // namespace

double LogSumExp::value(const Vector<double>& x) const {
  Scratch e(x.size(), 1);
  const double c = exponentials(beta, x, e.data());
  return c + log(pairwise_sum<double>(0, x.size(), [&](Index i) { return e.data()[i]; })) / beta;
}

Rounding LogSumExp::value(const Vector<Rounding>& x) const {
  // kernel::exp may be wrong by 3 units in the last place more than std::exp.
  const double c = largest(x);
  const auto sum = pairwise_sum<Rounding>(0, x.size(), [&](Index i) {
    const Rounding e = exp(beta * (x[i] - c));
    return Rounding::chain(e.value, e, 1, 3);
  });
  return c + log(sum) / beta;
}

void LogSumExp::activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const {
  // g = e^{β(x − max x)} / Σ
  exponentials(beta, x, g.data());
  g /= sum_in_any_order(g);
}

void LogSumExp::hessian_product(const Vector<double>& x, const Vector<double>& u,
                                Eigen::Ref<Vector<double>> product) const {
  // H u = β g ∘ (u − g·u). H 1 = 0, so that u may be counted from its entry at the largest g, where most would cancel.
  activation(x, product);
  Index top = 0;
  product.maxCoeff(&top);
  const double mean = product.dot((u.array() - u[top]).matrix());
  product = beta * product.array() * (u.array() - u[top] - mean);
}

void LogSumExp::validate() const { expect_positive("LogSumExp", "beta", beta); }

std::string LogSumExp::name() const { return fmt::format("LogSumExp(beta = {})", beta); }

template std::shared_ptr<const LagrangianForm> make_form(const LogSumExp&);

}  // namespace hamlet
