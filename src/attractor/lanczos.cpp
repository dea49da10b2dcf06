// SPDX-License-Identifier: MIT
#include "attractor/lanczos.hpp"

#include <hamlet/core/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>

namespace hamlet {
namespace {

constexpr Index most_steps = 1000;
/// ‖Av − λv‖ of what is found, in units of the largest |λ|; the error of λ is about its square.
constexpr double accuracy = 1e-8;

/// Takes out of v what lies along orthonormal columns; twice is enough.
void orthogonalise(const Eigen::Ref<const State>& columns, Vector<double>& v) {
  for (int turn = 0; turn < 2; ++turn) v -= columns * (columns.transpose() * v);
}

/// One run among what is orthogonal to `known`: its `count` largest eigenvalues but for copies, fewer when there are no
/// more.
Spectrum search(Index size, const Product& product, Index count, const State& known) {
  const Index most = std::min(size - known.cols(), most_steps);
  State basis(size, std::min<Index>(most, 64));
  Vector<double> alpha(most), beta(most);  // diagonal of the projected matrix, and what is beside it
  // No seed that a user may have made patterns with: a vector among them would not show what is orthogonal to them.
  std::mt19937_64 random(0x6c61'6e63'7a6f'7300u + static_cast<std::uint64_t>(known.cols()));
  std::normal_distribution<double> number;
  Vector<double> v = Vector<double>::NullaryExpr(size, [&] { return number(random); });
  orthogonalise(known, v);
  double scale = 0, length = v.norm();
  Index next_look = 2 * count + 10;
  for (Index step = 0; step < most; ++step) {
    if (step == basis.cols()) basis.conservativeResize(size, std::min(2 * step, most));
    basis.col(step) = v / length;
    v = product(basis.col(step));
    alpha[step] = basis.col(step).dot(v);
    orthogonalise(basis.leftCols(step + 1), v);
    orthogonalise(known, v);
    beta[step] = length = v.norm();
    scale = std::max(scale, std::abs(alpha[step]) + length);
    // Nothing leads out of the space but rounding.
    const double rounding = 10 * std::numeric_limits<double>::epsilon() * std::sqrt(static_cast<double>(size)) * scale;
    const bool closed = length <= rounding || step + 1 == size - known.cols();
    if (!closed && step + 1 < next_look && step + 1 < most) continue;
    next_look = step + 1 + (step + 1) / 4;
    const Spectrum projected = spectrum(alpha.head(step + 1), beta.head(step));
    const Index found = std::min(count, step + 1);
    const State weights = projected.vectors.leftCols(found);
    if (closed || (weights.row(step).cwiseAbs().array() * length <= accuracy * scale).all())
      return {projected.values.head(found), basis.leftCols(step + 1) * weights};
  }
  throw Error(fmt::format("Lanczos' method has not found {} eigenvalues of {} in {} steps", count, size, most));
}

/// Both, the largest first.
Spectrum merged(const Spectrum& known, const Spectrum& found) {
  Vector<double> values(known.values.size() + found.values.size());
  State vectors(found.vectors.rows(), values.size());
  values.head(known.values.size()) = known.values;
  values.tail(found.values.size()) = found.values;
  vectors.leftCols(known.values.size()) = known.vectors;
  vectors.rightCols(found.values.size()) = found.vectors;
  std::vector<Index> order(static_cast<std::size_t>(values.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return values[a] > values[b]; });
  return {values(order), vectors(Eigen::all, order)};
}

}  // namespace

std::optional<Spectrum> largest_eigenvalues(Index size, const Product& product, Index count, double floor) {
  Spectrum known{Vector<double>(0), State(size, 0)};
  while (4 * known.values.size() <= size) {
    const Spectrum found = search(size, product, std::max(count, known.values.size()), known.vectors);
    if (known.values.size() >= count && found.values[0] < floor && found.values[0] <= known.values[count - 1])
      return known;
    known = merged(known, found);
  }
  return {};
}

}  // namespace hamlet
