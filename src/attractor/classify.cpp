// SPDX-License-Identifier: MIT
#include <hamlet/attractor/classify.hpp>
#include <hamlet/core/error.hpp>

#include "attractor/lanczos.hpp"
#include "attractor/symmetric_jacobian.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <ostream>
#include <sstream>

namespace hamlet {
namespace {

/// Up to here a matrix is no longer to take apart than to avoid.
constexpr Index largest_dense = 200;

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
  if (jacobian.rows() > std::max(largest_dense, 8 * count)) {
    const auto product = [&](const Vector<double>& v) -> Vector<double> { return jacobian.multiply(v); };
    const auto negative = [&](const Vector<double>& v) -> Vector<double> { return -jacobian.multiply(v); };
    const auto at_top = largest_eigenvalues(jacobian.rows(), product, count, -flat);
    const auto at_bottom =
        largest_eigenvalues(jacobian.rows(), negative, count, std::numeric_limits<double>::infinity());
    if (at_top && at_bottom) {
      top = *at_top;
      result.bottom = -at_bottom->values.head(count);
    }
  }
  if (top.values.size() == 0) {
    top = spectrum(jacobian.matrix());
    result.bottom = top.values.tail(count).reverse();
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
