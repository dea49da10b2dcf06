// SPDX-License-Identifier: MIT
// Patterns of ±1 as bits beside the same as floats: all overlaps with a state, and relaxations one spin at a time in a
// fixed order; by overlaps, or by the fields of weights, which cost N² numbers.
#include <hamlet/hamlet.hpp>

#include <fmt/format.h>

#include <memory>
#include <stdexcept>
#include <string>

#ifdef HAMLET_OPENBLAS
#include <cblas.h>
#endif

#include "contest.hpp"

namespace {

using namespace hamlet;
using Floats = Eigen::VectorXf;

struct Problem {
  SpinPatterns bits;
  Eigen::MatrixXf xi;  // K × N
  Spins start;

  Problem(Index K, Index N) {
    Spins::Random random(1);
    bits = SpinPatterns::random(K, N, random);
    xi = bits.matrix().cast<float>();
    // Sign changes of a third of a memory: many spins flip, and then all are asked once more.
    start = bits[0].with_flips(N / 3, random);
  }
};

/// Overlaps kept up to date in floats.
template <class Dot, class Add>
Index relax_floats(const Problem& problem, const Dot& dot, const Add& add) {
  const auto K = static_cast<float>(problem.xi.rows());
  Floats sigma = problem.start.column().cast<float>(), m = problem.xi * sigma;
  Index flips = 0;
  for (Index before = -1; before != flips;) {
    before = flips;
    for (Index i = 0; i < sigma.size(); ++i) {
      const float* const column = problem.xi.data() + i * problem.xi.rows();
      if ((dot(column, m) - K * sigma[i]) * sigma[i] >= 0) continue;
      add(-2 * sigma[i], column, m);
      sigma[i] = -sigma[i];
      ++flips;
    }
  }
  return flips;
}

Index relax_with_eigen(const Problem& problem) {
  const auto column = [K = problem.xi.rows()](const float* x) { return Eigen::Map<const Floats>(x, K); };
  return relax_floats(
      problem, [&](const float* x, const Floats& m) { return column(x).dot(m); },
      [&](float factor, const float* x, Floats& m) { m += factor * column(x); });
}

/// Fields kept up to date in floats, which hold whole numbers below 2²⁴.
Index relax_fields(const Problem& problem, const Eigen::MatrixXf& weights) {
  Floats sigma = problem.start.column().cast<float>(), h = weights * sigma;
  Index flips = 0;
  for (Index before = -1; before != flips;) {
    before = flips;
    for (Index i = 0; i < sigma.size(); ++i) {
      if (h[i] * sigma[i] >= 0) continue;
      h -= 2 * sigma[i] * weights.col(i);
      sigma[i] = -sigma[i];
      ++flips;
    }
  }
  return flips;
}

Index relax_bits(const Problem& problem, const SpinNetwork& network) {
  Spins state = problem.start;
  return relax(network, state, {.update = Update::fixed_order}).flips;
}

void enter_overlaps(Index K, Index N) {
  const std::string row = fmt::format("overlaps {}x{}", K, N);
  contest::enter(row, "ours", [=] {
    return [problem = std::make_shared<Problem>(K, N), m = Vector<int>(K)]() mutable {
      problem->bits.overlaps(problem->start, std::span(m.data(), static_cast<std::size_t>(m.size())));
      benchmark::DoNotOptimize(m.data());
    };
  });
  contest::enter(row, "Eigen", [=] {
    auto problem = std::make_shared<Problem>(K, N);
    return [problem, sigma = Floats(problem->start.column().cast<float>()), m = Floats(K)]() mutable {
      m.noalias() = problem->xi * sigma;
      benchmark::DoNotOptimize(m.data());
    };
  });
#ifdef HAMLET_OPENBLAS
  // Row by row, which is its faster way
  contest::enter(row, "OpenBLAS", [=] {
    openblas_set_num_threads(1);
    const Problem problem(K, N);
    return [xi = Eigen::MatrixXf(problem.xi.transpose()), sigma = Floats(problem.start.column().cast<float>()),
            m = Floats(K)]() mutable {
      const auto k = static_cast<blasint>(m.size()), n = static_cast<blasint>(sigma.size());
      cblas_sgemv(CblasColMajor, CblasTrans, n, k, 1, xi.data(), n, sigma.data(), 1, 0, m.data(), 1);
      benchmark::DoNotOptimize(m.data());
    };
  });
#endif
}

void enter_flips(Index K, Index N, bool by_weights) {
  const std::string row = fmt::format("flips {}x{}{}", K, N, by_weights ? " by weights" : "");
  contest::enter(row, "ours", [=] {
    auto problem = std::make_shared<Problem>(K, N);
    const SpinNetwork by_overlaps = ClassicalSpins(problem->bits);
    const SpinNetwork network = by_weights ? SpinNetwork(HebbianWeights(problem->bits).network()) : by_overlaps;
    if (relax_bits(*problem, network) != relax_with_eigen(*problem))
      throw std::logic_error(row + ": not the same flips");
    return [problem, network] { benchmark::DoNotOptimize(relax_bits(*problem, network)); };
  });
  contest::enter(row, "Eigen", [=] {
    return [problem = std::make_shared<Problem>(K, N)] { benchmark::DoNotOptimize(relax_with_eigen(*problem)); };
  });
  if (by_weights) {
    contest::enter(row, "floats by weights", [=] {
      auto problem = std::make_shared<Problem>(K, N);
      Eigen::MatrixXf weights = problem->xi.transpose() * problem->xi;
      weights.diagonal().setZero();
      if (relax_fields(*problem, weights) != relax_with_eigen(*problem))
        throw std::logic_error(row + ": not the same flips");
      return [problem, weights] { benchmark::DoNotOptimize(relax_fields(*problem, weights)); };
    });
  }
#ifdef HAMLET_OPENBLAS
  contest::enter(row, "OpenBLAS", [=] {
    openblas_set_num_threads(1);
    return [problem = std::make_shared<Problem>(K, N), k = static_cast<blasint>(K)] {
      benchmark::DoNotOptimize(relax_floats(
          *problem, [k](const float* x, const Floats& m) { return cblas_sdot(k, x, 1, m.data(), 1); },
          [k](float factor, const float* x, Floats& m) { cblas_saxpy(k, factor, x, 1, m.data(), 1); }));
    };
  });
#endif
}

}  // namespace

int main(int count, char** arguments) {
  for (const auto& [K, N] : {std::pair<Index, Index>{1000, 1000}, {4000, 4000}}) enter_overlaps(K, N);
  for (const auto& [K, N] : {std::pair<Index, Index>{1000, 1000}, {4000, 4000}})
    for (const bool by_weights : {false, true}) enter_flips(K, N, by_weights);
  return contest::run(count, arguments);
}
