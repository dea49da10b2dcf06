// SPDX-License-Identifier: MIT
#include "dynamics/anderson.hpp"

#include <boost/test/unit_test.hpp>

#include <Eigen/SVD>

#include "laws/random.hpp"

using namespace hamlet;

namespace {

constexpr Index memory = 4;

/// The points after those of an iteration, as the formula has them: the last differences, γ of least norm.
std::vector<Vector<double>> expected(const std::vector<Vector<double>>& x, const std::vector<Vector<double>>& f) {
  std::vector<Vector<double>> next;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const Index rows = x[k].size(), count = std::min({static_cast<Index>(k), memory, rows});
    next.emplace_back(x[k] + f[k]);
    if (count == 0) continue;
    State dx(rows, count), df(rows, count);
    for (Index j = 0; j < count; ++j) {
      const std::size_t at = k - static_cast<std::size_t>(j);
      dx.col(j) = x[at] - x[at - 1];
      df.col(j) = f[at] - f[at - 1];
    }
    const Eigen::JacobiSVD<State> decomposition(df, Eigen::ComputeThinU | Eigen::ComputeThinV);
    next.back() -= (dx + df) * decomposition.solve(f[k]);
  }
  return next;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(anderson)

BOOST_AUTO_TEST_CASE(the_next_point_is_that_of_the_formula) {
  laws::Random random(1);
  for (const Index rows : {1, 2, 3, 20}) {
    std::vector<Vector<double>> x, f;
    for (int k = 0; k < 9; ++k) {
      x.push_back(laws::normal(rows, 1, random));
      f.push_back(laws::normal(rows, 1, random));
    }
    LeastSquares least_squares(rows, memory);
    Anderson iteration(rows, memory);
    // The second time as if it were the first
    for (int turn = 0; turn < 2; ++turn) {
      const std::vector<Vector<double>> points = expected(x, f);
      for (std::size_t k = 0; k < x.size(); ++k) {
        Vector<double> next(rows);
        iteration.next(x[k], f[k], least_squares, next);
        BOOST_TEST(laws::distance(next, points[k]) < 1e-8, rows << " rows, point " << k);
        BOOST_TEST(iteration.remembers() == (k > 0));
      }
      iteration.forget();
      BOOST_TEST(!iteration.remembers());
    }
  }
}

BOOST_AUTO_TEST_CASE(differences_that_depend_on_one_another_say_nothing_more) {
  laws::Random random(2);
  const Index rows = 20;
  const State one = laws::normal(rows, 1, random);
  const Vector<double> f = laws::normal(rows, 1, random);
  LeastSquares least_squares(rows, memory);
  const Vector<double> alone = one * least_squares(one, f);
  State twice(rows, 2);
  twice << one, one + 1e-13 * laws::normal(rows, 1, random);
  const Vector<double> together = twice * least_squares(twice, f);
  BOOST_TEST(laws::distance(together, alone) < 1e-10);
  BOOST_TEST(least_squares(State::Zero(rows, 3), f).isZero(0));
}

BOOST_AUTO_TEST_SUITE_END()
