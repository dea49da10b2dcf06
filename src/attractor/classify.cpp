// SPDX-License-Identifier: MIT
#include <hamlet/attractor/classify.hpp>
#include <hamlet/core/error.hpp>

#include "attractor/symmetric_jacobian.hpp"

#include <Eigen/Eigenvalues>

#include <Spectra/SymEigsSolver.h>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <ostream>
#include <random>
#include <sstream>

namespace hamlet {
namespace {

/// Up to here a matrix is no longer to take apart than to avoid.
constexpr Index largest_dense = 200;

struct Spectrum {
  Vector<double> values;  // descending
  State vectors;
};

Spectrum dense_spectrum(const SymmetricJacobian& jacobian) {
  const Eigen::SelfAdjointEigenSolver<State> solver(jacobian.matrix());
  return {solver.eigenvalues().reverse(), solver.eigenvectors().rowwise().reverse()};
}

/// Spectra's operator: A, but with the eigenvalues `known` has moved down to `bottom`, and all of them by `shift`.
struct Operator {
  using Scalar = double;
  const SymmetricJacobian& jacobian;
  const Spectrum& known;
  double bottom, shift;

  Index rows() const { return jacobian.rows(); }
  Index cols() const { return jacobian.rows(); }
  void perform_op(const double* from, double* to) const {
    jacobian.multiply(from, to);
    const Eigen::Map<const Vector<double>> v(from, rows());
    Eigen::Map<Vector<double>> product(to, rows());
    product += shift * v;
    if (known.values.size() == 0) return;
    const Vector<double> lift = known.values.array() - bottom;
    product -= known.vectors * lift.cwiseProduct(known.vectors.transpose() * v);
  }
};

/// `count` eigenvalues at one end, outermost first, but for those `known` has.
Spectrum extreme_spectrum(const SymmetricJacobian& jacobian, Index count, Spectra::SortRule end, const Spectrum& known,
                          double bottom) {
  constexpr Index most_restarts = 2000;
  constexpr double tolerance = 1e-10;
  const Index krylov = std::min(jacobian.rows(), std::max<Index>(2 * count + 1, 40));
  // Spectra begins in the range of its operator, and would not see an eigenvalue 0: so that there is none, a shift that
  // is no rate but by accident.
  Operator moved{jacobian, known, bottom, std::numbers::pi * jacobian.largest_rate()};
  Spectra::SymEigsSolver<Operator> solver(moved, count, krylov);
  // Of equal eigenvalues only the part of the first vector in their space is seen: each search needs another one.
  std::mt19937_64 random(static_cast<std::uint64_t>(known.values.size()));
  std::normal_distribution<double> number;
  const Vector<double> first = Vector<double>::NullaryExpr(jacobian.rows(), [&] { return number(random); });
  solver.init(first.data());
  const Index found = solver.compute(end, most_restarts, tolerance, end);
  if (solver.info() != Spectra::CompInfo::Successful)
    throw Error(fmt::format("classify: Lanczos' method found {} of {} eigenvalues of {} neurons in {} restarts", found,
                            count, jacobian.rows(), most_restarts));
  return {solver.eigenvalues().array() - moved.shift, solver.eigenvectors()};
}

/// Puts what was found to what is known, the largest first. Where Krylov's space is small, as that of a few memories,
/// Spectra gives vectors again that it has given, and some that are none: those are left out.
Spectrum merged(const SymmetricJacobian& jacobian, const Spectrum& known, const Spectrum& found, double largest) {
  State vectors(jacobian.rows(), known.values.size() + found.values.size());
  std::vector<double> values(known.values.begin(), known.values.end());
  if (!values.empty()) vectors.leftCols(known.values.size()) = known.vectors;
  for (Index k = 0; k < found.values.size(); ++k) {
    const auto count = static_cast<Index>(values.size());
    Vector<double> v = found.vectors.col(k), product(v.size());
    for (const int turn : {1, 2}) {
      if (turn == 2) v.normalize();
      v -= vectors.leftCols(count) * (vectors.leftCols(count).transpose() * v);
      if (v.norm() < 0.9) break;
    }
    jacobian.multiply(v.data(), product.data());
    if (v.norm() < 0.9 || (product - found.values[k] * v).norm() > 1e-6 * largest) continue;
    vectors.col(count) = v;
    values.push_back(found.values[k]);
  }
  std::vector<Index> order(values.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return values[static_cast<std::size_t>(a)] > values[static_cast<std::size_t>(b)];
  });
  const auto all = Eigen::Map<const Vector<double>>(values.data(), static_cast<Index>(values.size()));
  return {all(order), vectors(Eigen::all, order)};
}

/// The largest eigenvalues, `count` or more, and all that are not below −flat. Lanczos' method finds one of several
/// that are equal, and may miss others: so the search is repeated without those found, until none that is left is
/// larger than one of them.
Spectrum top_spectrum(const SymmetricJacobian& jacobian, Index count, double bottom, double flat) {
  const double largest = std::max(std::abs(bottom), jacobian.largest_rate());
  Spectrum known;
  for (Index searches = 0; 4 * known.values.size() <= jacobian.rows() && searches < jacobian.rows(); ++searches) {
    const Spectrum found = extreme_spectrum(jacobian, count, Spectra::SortRule::LargestAlge, known, bottom);
    const Index before = known.values.size();
    const double last = before > 0 ? known.values[before - 1] : 0;
    if (before >= count && last < -flat && found.values[0] <= last + 1e-8 * largest) return known;
    known = merged(jacobian, known, found, largest);
  }
  return dense_spectrum(jacobian);
}

void check(const Classifying& how, const State& fixed_point) {
  if (how.sample < 0 || how.sample >= fixed_point.cols())
    throw ValueError(
        fmt::format("classify: the state has no sample {}, but {} samples", how.sample, fixed_point.cols()));
  if (how.eigenvalues < 1)
    throw ValueError(fmt::format("classify: {} eigenvalues are asked for: it must be 1 at least", how.eigenvalues));
  for (const auto& [name, bound] : {std::pair{"residual", how.residual}, {"flat", how.flat}})
    if (!(bound > 0 && std::isfinite(bound)))
      throw ValueError(fmt::format("classify: {} is {}: it must be positive and finite", name, bound));
}

/// The flow that this sample has alone.
Flow of_sample(const Flow& flow, Index sample) {
  Flow alone = flow;
  for (const LayerHandle layer : flow.network().layers()) {
    const State& input = flow.input(layer);
    if (input.cols() > 1) alone.input(layer) = State(input.col(sample));
  }
  return alone;
}

std::string list(const Vector<double>& values, Index most) {
  std::vector<std::string> texts;
  for (const double value : values.head(std::min(most, values.size()))) texts.push_back(fmt::format("{:.4g}", value));
  return fmt::format("{}{}", fmt::join(texts, ", "), values.size() > most ? ", …" : "");
}

std::string list(const std::vector<Directions>& all) {
  std::vector<std::string> texts;
  for (const Directions& some : all) texts.push_back(fmt::format("{} in '{}'", some.count, some.layer));
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

Classification classify(const Flow& flow, const State& fixed_point, const Classifying& how) {
  check(how, fixed_point);
  Flow alone = of_sample(flow, how.sample);
  const State x = fixed_point.col(how.sample);
  State derivative;
  alone(x, derivative, 0);
  const double residual = alone.residual(derivative);
  if (!(residual <= how.residual))
    throw ValueError(fmt::format("classify: this is no fixed point: its residual ‖τẋ‖∞ is {:.3g}, above {:.3g}",
                                 residual, how.residual));

  const SymmetricJacobian jacobian(alone, x);
  const double flat = how.flat / jacobian.largest_time_constant();
  Classification result{FixedPoint::minimum, residual, jacobian.rows(), {}, {}, 0, 0, {}, jacobian.unseen()};
  Spectrum top;
  const Index count = std::min(how.eigenvalues, jacobian.rows());
  if (jacobian.rows() <= std::max(largest_dense, 8 * count)) {
    top = dense_spectrum(jacobian);
    result.bottom = top.values.tail(count).reverse();
  } else {
    result.bottom = extreme_spectrum(jacobian, count, Spectra::SortRule::SmallestAlge, {}, 0).values;
    top = top_spectrum(jacobian, count, result.bottom[0], flat);
  }
  result.top = top.values.head(std::max(count, (top.values.array() >= -flat).count()));
  result.unstable = (result.top.array() > flat).count();
  std::map<std::string, Index> flat_in;
  for (Index k = result.unstable; k < result.top.size() && result.top[k] >= -flat; ++k) {
    ++result.flat;
    ++flat_in[jacobian.home(top.vectors.col(k))];
  }
  for (const auto& [layer, count] : flat_in) result.flat_in.push_back({layer, count});
  if (result.unstable > 0) {
    result.kind = FixedPoint::saddle;
  } else if (result.flat > 0) {
    result.kind = FixedPoint::degenerate;
  }
  return result;
}

Classification classify(const Network& network, const State& fixed_point, const Classifying& how) {
  return classify(Flow{network}, fixed_point, how);
}

std::string Classification::text() const {
  std::ostringstream name;
  name << kind;
  std::string lines = fmt::format("{}: of {} eigenvalues {} positive, {} zero; residual {:.2g}\n", name.str(), neurons,
                                  unstable, flat, residual);
  lines += fmt::format("largest   {}\nsmallest  {}", list(top, 6), list(bottom, 6));
  if (!flat_in.empty()) lines += fmt::format("\nflat      {}", list(flat_in));
  if (!unseen.empty()) lines += fmt::format("\nunseen    {}", list(unseen));
  return lines;
}

std::ostream& operator<<(std::ostream& out, FixedPoint kind) {
  switch (kind) {
    case FixedPoint::minimum:
      return out << "minimum";
    case FixedPoint::saddle:
      return out << "saddle";
    case FixedPoint::degenerate:
      return out << "degenerate";
  }
  return out << "unknown kind of fixed point";
}

std::ostream& operator<<(std::ostream& out, const Classification& classification) {
  return out << classification.text();
}

}  // namespace hamlet
