// SPDX-License-Identifier: MIT
#include "kernel/currents.hpp"
#include "kernel/through.hpp"
#include "kernel/weights.hpp"

#include "kernel/for_every_target.hpp"

#include <hamlet/core/threads.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <utility>
#include <vector>

namespace {

using namespace hamlet;
using namespace hamlet::kernel;

const std::array storages{Storage::f64, Storage::f32, Storage::f16, Storage::int8};

const View no_view{nullptr, 0, 0, Eigen::OuterStride<>(0)};
const ConstView none{nullptr, 0, 0, Eigen::OuterStride<>(0)};

double epsilon(Storage storage) {
  return storage == Storage::f64 ? std::numeric_limits<double>::epsilon()
                                 : static_cast<double>(std::numeric_limits<float>::epsilon());
}

State random(Index rows, Index columns, std::mt19937& engine) {
  std::normal_distribution<double> normal;
  return State::NullaryExpr(rows, columns, [&] { return normal(engine); });
}

State rounded(const Panels& W) {
  return State::NullaryExpr(W.rows(), W.columns(), [&](Index i, Index j) { return W.weight(i, j); });
}

using Exact = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

Exact exact(const State& matrix) { return matrix.cast<long double>(); }

/// The worst error of `sum`, in units of ε √n Σ|terms|.
double error(const State& sum, const Exact& exact_sum, const Exact& sizes, double unit) {
  double worst = 0;
  for (Index j = 0; j < sum.cols(); ++j) {
    for (Index i = 0; i < sum.rows(); ++i) {
      const long double difference = std::abs(static_cast<long double>(sum(i, j)) - exact_sum(i, j));
      if (difference > 0) worst = std::max(worst, static_cast<double>(difference / (sizes(i, j) * unit)));
      if (std::isnan(sum(i, j))) return std::numeric_limits<double>::infinity();
    }
  }
  return worst;
}

struct Problem {
  Index K, N, B;
};

std::vector<Problem> small_problems() {
  std::vector<Problem> problems{{1, 1, 1}, {1, 1, 3}, {8, 16, 4}, {9, 17, 1}, {7, 15, 2}, {260, 33, 9}, {140, 600, 2}};
  problems.push_back({20, 2100, 1});
  // More columns than a strip has in f32, and in f64.
  for (const Index B : {1, 2, 3, 8, 10}) problems.push_back({9, 4128, B});
  problems.push_back({12, 70, 67});
  // One vector of columns, or a few; several runs of panels, chunks of them.
  for (const Index N : {5, 16, 20, 37, 52, 70}) problems.push_back({20, N, 13});
  problems.push_back({600, 20, 12});
  std::mt19937 engine(1);
  for (Index B = 1; B <= 9; ++B) {
    problems.push_back({std::uniform_int_distribution<Index>(1, 150)(engine),
                        std::uniform_int_distribution<Index>(1, 150)(engine), B});
  }
  return problems;
}

/// Some that a team shares out: samples, rows, columns; few samples and many, that are more than a strip wide.
std::vector<Problem> large_problems() {
  return {{100, 300, 67}, {530, 1500, 1},  {140, 2300, 3},  {100, 17000, 1}, {50, 17000, 2},
          {24, 13000, 7}, {24, 13000, 11}, {270, 4700, 11}, {530, 700, 5},   {8300, 20, 9}};
}

/// `law(W, weights as rounded, g, f)` for every storage and problem.
template <class Law>
void for_problems(const std::vector<Problem>& problems, const Law& law) {
  std::mt19937 engine(7);
  for (const auto& [K, N, B] : problems) {
    const State weights = random(K, N, engine), g = random(N, B, engine), f = random(K, B, engine);
    for (const Storage storage : storages) {
      BOOST_TEST_CONTEXT("storage " << static_cast<int>(storage) << ", " << K << " × " << N << ", B = " << B) {
        const Panels W(storage, view(weights));
        law(W, rounded(W), g, f);
      }
    }
  }
}

/// The same for every instruction set.
template <class Law>
void for_every_problem(const Law& law) {
  laws::for_every_target([&] { for_problems(small_problems(), law); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(products)

BOOST_AUTO_TEST_CASE(both_currents_and_the_energy_are_those_of_long_double) {
  for_every_problem([](const Panels& W, const State& weights, const State& g, const State& f) {
    State h = State::Zero(W.rows(), g.cols()), c = State::Zero(W.columns(), g.cols());
    Energies energies(g.cols());
    currents(W, view(g), view(f), view(h), view(c), energies.data());
    const Exact w = exact(weights), x = exact(g), y = exact(f);
    const double unit = epsilon(W.storage());
    const Exact w_size = w.cwiseAbs();
    BOOST_TEST(error(h, w * x, w_size * x.cwiseAbs(), unit * std::sqrt(W.columns())) <= 4);
    BOOST_TEST(error(c, w.transpose() * y, w_size.transpose() * y.cwiseAbs(), unit * std::sqrt(W.rows())) <= 4);
    const Exact energy = (y.array() * (w * x).array()).colwise().sum();
    const Exact energy_size = (y.cwiseAbs().array() * (w_size * x.cwiseAbs()).array()).colwise().sum();
    BOOST_TEST(error(energies, energy, energy_size, unit * std::sqrt(W.columns() + W.rows())) <= 4);
  });
}

BOOST_AUTO_TEST_CASE(what_is_not_wanted_changes_nothing_of_what_is) {
  for_every_problem([](const Panels& W, const State&, const State& g, const State& f) {
    const State old_h = State::Ones(W.rows() + 3, g.cols()), old_c = State::Ones(W.columns() + 5, g.cols());
    State h = old_h, c = old_c, h_alone = old_h, c_alone = old_c, c_with_energy = old_c;
    Energies energies(g.cols()), energies_alone(g.cols()), energies_of_c(g.cols());
    currents(W, view(g), view(f), rows(h, 2, W.rows()), rows(c, 4, W.columns()), energies.data());
    currents(W, view(g), none, rows(h_alone, 2, W.rows()), no_view, nullptr);
    currents(W, none, view(f), no_view, rows(c_alone, 4, W.columns()), nullptr);
    currents(W, view(g), view(f), no_view, no_view, energies_alone.data());
    currents(W, view(g), view(f), no_view, rows(c_with_energy, 4, W.columns()), energies_of_c.data());
    BOOST_TEST((h == h_alone));
    BOOST_TEST((c == c_alone));
    BOOST_TEST((energies == energies_alone));
    BOOST_TEST((h.topRows(2) == old_h.topRows(2)));
    BOOST_TEST((h.bottomRows(1) == old_h.bottomRows(1)));
    BOOST_TEST((c.topRows(4) == old_c.topRows(4)));
    BOOST_TEST((c.bottomRows(1) == old_c.bottomRows(1)));
    // f·(W g) and (Wᵀ f)·g are summed in another order.
    const double size = std::sqrt(static_cast<double>(W.rows() * W.columns()));
    BOOST_TEST((energies_of_c - energies).cwiseAbs().maxCoeff() <= 100 * epsilon(W.storage()) * size);
    BOOST_TEST((c_with_energy - c).cwiseAbs().maxCoeff() <= 100 * epsilon(W.storage()) * size);
  });
}

BOOST_AUTO_TEST_CASE(a_sample_in_a_batch_is_what_it_is_alone_on_any_number_of_threads) {
  const auto phi = [](Index, Index, const ConstView& h, View f) { f = h.array().tanh() + 0.5; };
  const int before = threads();
  const auto law = [&](const Panels& W, const State&, const State& g, const State& f) {
    const State& input = f;
    State h = State::Zero(W.rows(), g.cols()), c = State::Zero(W.columns(), g.cols()), through_h = h, through_c = c,
          softmax_c = c;
    Energies energies(g.cols()), values(g.cols());
    set_threads(1);
    // Weights that are not in a cache are read in another order.
    const Index size = std::exchange(cache_size, 0);
    for (Index s = 0; s < g.cols(); ++s) {
      const State g_s = g.col(s), f_s = f.col(s), input_s = input.col(s);
      State h_s = h.col(s), c_s = c.col(s);
      currents(W, view(g_s), view(f_s), view(h_s), view(c_s), &energies[s]);
      h.col(s) = h_s;
      c.col(s) = c_s;
      State through_h_s = through_h.col(s), through_c_s = through_c.col(s);
      through(W, view(g_s), view(input_s), phi, view(through_h_s), view(through_c_s));
      through_h.col(s) = through_h_s;
      through_c.col(s) = through_c_s;
      State softmax_c_s = softmax_c.col(s);
      through_softmax(W, view(g_s), view(input_s), 0.8, no_view, view(softmax_c_s), &values[s]);
      softmax_c.col(s) = softmax_c_s;
    }
    for (const auto& [count, cached] : {std::pair<int, Index>{1, 0}, {1, size}, {2, 0}, {5, size}}) {
      set_threads(count);
      cache_size = cached;
      State h_all = State::Zero(h.rows(), h.cols()), c_all = State::Zero(c.rows(), c.cols());
      Energies energies_all(g.cols());
      currents(W, view(g), view(f), view(h_all), view(c_all), energies_all.data());
      BOOST_TEST((h_all == h));
      BOOST_TEST((c_all == c));
      BOOST_TEST((energies_all == energies));
      h_all.setZero();
      c_all.setZero();
      through(W, view(g), view(input), phi, view(h_all), view(c_all));
      BOOST_TEST((h_all == through_h));
      BOOST_TEST((c_all == through_c));
      c_all.setZero();
      through_softmax(W, view(g), view(input), 0.8, no_view, view(c_all), energies_all.data());
      BOOST_TEST((c_all == softmax_c));
      BOOST_TEST((energies_all == values));
    }
    cache_size = size;
  };
  for_every_problem(law);
  for_problems(large_problems(), law);
  set_threads(before);
}

BOOST_AUTO_TEST_CASE(through_an_activation_is_its_current_of_both) {
  for_every_problem([](const Panels& W, const State&, const State& g, const State& input) {
    State h = input, c = State::Zero(W.columns(), g.cols());
    currents(W, view(g), none, view(h), no_view, nullptr);
    const State f = h.array().sin();
    currents(W, none, view(f), no_view, view(c), nullptr);
    State through_h(h.rows(), h.cols()), through_c = State::Zero(c.rows(), c.cols());
    through(
        W, view(g), view(input), [](Index, Index, const ConstView& h, View f) { f = h.array().sin(); }, view(through_h),
        view(through_c));
    BOOST_TEST((through_h - h).cwiseAbs().maxCoeff() <= 1e-12 * h.cwiseAbs().maxCoeff());
    BOOST_TEST((through_c - c).cwiseAbs().maxCoeff() <=
               4 * epsilon(W.storage()) * std::sqrt(W.rows()) * (1 + c.cwiseAbs().maxCoeff() + std::sqrt(W.rows())));
  });
}

// From an overlap of nothing to one so strong that e^{βh} is beyond double.
BOOST_AUTO_TEST_CASE(through_a_softmax_is_its_current_and_value) {
  for_every_problem([](const Panels& W, const State& weights, const State& g, const State& input) {
    const Exact w = exact(weights);
    for (const double beta : {0.0625, 1.0, 30.0}) {
      State h(W.rows(), g.cols()), c = State::Ones(W.columns(), g.cols());
      Energies values(g.cols());
      through_softmax(W, view(g), view(input), beta, view(h), view(c), values.data());
      for (Index s = 0; s < g.cols(); ++s) {
        // Of h as it was rounded: what β makes of an error in h is no error of the softmax.
        const Exact exponents = static_cast<long double>(beta) * exact(h.col(s));
        const long double m = exponents.maxCoeff();
        const Exact terms = (exponents.array() - m).exp();
        const Exact f = terms / terms.sum();
        const double unit = epsilon(W.storage()) * std::sqrt(W.rows());
        BOOST_TEST(error(c.col(s), Exact((w.transpose() * f).array() + 1),
                         Exact((w.cwiseAbs().transpose() * f).array() + 1), unit) <= 4);
        const long double value = (m + std::log(terms.sum())) / static_cast<long double>(beta);
        const double value_unit = 8 * std::numeric_limits<double>::epsilon();
        BOOST_TEST(std::abs(values[s] - static_cast<double>(value)) <=
                   value_unit *
                       (std::abs(static_cast<double>(value)) + std::abs(static_cast<double>(m)) / beta + 1 / beta));
      }
    }
  });
}

// Memories that can have no part, as their overlap is −∞, leave the softmax to the others; NaN is told to all.
BOOST_AUTO_TEST_CASE(a_softmax_passes_over_overlaps_of_minus_infinity) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const Index K : {20, 600}) {
    std::mt19937 engine(5);
    const State weights = random(K, 7, engine);
    const Panels W(Storage::f64, view(weights));
    const State g = random(7, 2, engine);
    for (const Index silent : {K / 2, K - 1}) {
      State input = random(K, 2, engine);
      input.topRows(silent).setConstant(-infinity);
      State c = State::Zero(7, 2), h(K, 2);
      Energies values(2);
      through_softmax(W, view(g), view(std::as_const(input)), 1.5, view(h), view(c), values.data());
      for (Index s = 0; s < 2; ++s) {
        const Vector<double> heard = h.col(s).tail(K - silent);
        const double m = heard.maxCoeff();
        const Vector<double> terms = (1.5 * (heard.array() - m)).exp();
        State expected = State::Zero(7, 1);
        for (Index k = 0; k < heard.size(); ++k)
          for (Index j = 0; j < 7; ++j) expected(j) += W.weight(silent + k, j) * terms[k] / terms.sum();
        BOOST_TEST((c.col(s) - expected).norm() < 1e-13 * (1 + expected.norm()));
        BOOST_TEST(std::abs(values[s] - m - std::log(terms.sum()) / 1.5) < 1e-13 * (1 + std::abs(m)));
      }
      const State as_it_was = input;
      for (const Index where : {Index{0}, K / 3, K - 1}) {
        input = as_it_was;
        input(where, 0) = std::numeric_limits<double>::quiet_NaN();
        c.setZero();
        through_softmax(W, view(g), view(std::as_const(input)), 1.5, view(h), view(c), values.data());
        BOOST_TEST(std::isnan(values[0]));
        BOOST_TEST(c.col(0).array().isNaN().all());
        BOOST_TEST(c.col(1).allFinite());
      }
    }
  }
}

// The largest overlap grows from panel to panel, so that the maximum moves with each.
BOOST_AUTO_TEST_CASE(a_softmax_whose_maximum_moves_is_no_less_exact) {
  const Index K = 700, N = 40;
  std::mt19937 engine(3);
  State weights = random(K, N, engine), g = random(N, 5, engine);
  weights.col(0) = Vector<double>::LinSpaced(K, 0, 1);
  g.row(0) << 1000, 2000, 100, -3000, 0;
  for (const Storage storage : storages) {
    const Panels W(storage, view(std::as_const(weights)));
    const State rounded_weights = rounded(W);
    State h(K, 5), c = State::Zero(N, 5);
    through_softmax(W, view(std::as_const(g)), none, 1, view(h), view(c), nullptr);
    const Exact w = exact(rounded_weights);
    for (Index s = 0; s < 5; ++s) {
      const Exact terms = (exact(h.col(s)).array() - static_cast<long double>(h.col(s).maxCoeff())).exp();
      const Exact f = terms / terms.sum();
      BOOST_TEST(error(c.col(s), w.transpose() * f, w.cwiseAbs().transpose() * f, epsilon(storage) * std::sqrt(K)) <=
                 4);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
