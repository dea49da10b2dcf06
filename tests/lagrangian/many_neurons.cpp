// SPDX-License-Identifier: MIT
// Functions of many neurons at once against the closed forms of one, under every instruction set.
#include <hamlet/lagrangian/catalogue.hpp>

#include "kernel/for_every_target.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

using namespace hamlet;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double smallest = std::numeric_limits<double>::denorm_min();
constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double largest = std::numeric_limits<double>::max();

/// A Lagrangian, F, F′ and F″ of one neuron as its functor has them, F in long double, and by what x is multiplied and
/// the results are.
struct Case {
  Lagrangian lagrangian;
  std::function<double(double)> value, activation, curvature;
  std::function<long double(long double)> exact;
  double beta = 1;
};

template <class F>
Case of(const F& f, std::function<long double(long double)> exact, double beta = 1) {
  return {f,
          [=](double x) { return f(x); },
          [=](double x) { return f.activation(x); },
          [=](double x) { return f.curvature(x); },
          std::move(exact),
          beta};
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const double beta : {1e-300, 1e-5, 0.3, 1.0, 2.7, 50.0, 1e6, 1e200}) {
    const long double b = beta;
    all.push_back(of(
        LogCosh{.beta = beta},
        [b](long double x) {
          const long double z = std::abs(b * x), half = std::sinh(std::min(z, 1.0L) / 2);
          return (z < 1 ? std::log1p(2 * half * half) : z + std::log1p(std::exp(-2 * z)) - std::log(2.0L)) / b;
        },
        beta));
    all.push_back(of(
        Softplus{.beta = beta},
        [b](long double x) { return (std::max(b * x, 0.0L) + std::log1p(std::exp(-std::abs(b * x)))) / b; }, beta));
  }
  all.push_back(of(Exponential{}, [](long double x) { return std::exp(x); }));
  for (int n = 1; n <= 10; ++n)
    all.push_back(of(Power{.n = n}, [n](long double x) { return std::pow(x, static_cast<long double>(n)) / n; }));
  for (const double n : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 8.5, 9.0}) {
    all.push_back(of(RectifiedPower{.n = n},
                     [n = static_cast<long double>(n)](long double x) { return x > 0 ? std::pow(x, n) / n : 0; }));
  }
  return all;
}

/// Numbers of every size and both signs, and those where formulas meet, in units of 1/β.
std::vector<double> arguments(double beta) {
  std::mt19937_64 engine(5);
  std::vector<double> x = {std::numeric_limits<double>::quiet_NaN()};
  for (const double size : {0.0, smallest, 0x1p-1022, 1e-160, 1e-20, 0x1p-53, 0.5, 1.0, 22.0, 709.78, 745.13, 746.0,
                            0x1p60, largest, infinity}) {
    for (const double unit : {1.0, beta}) {
      for (const double near : {std::nextafter(size, 0.0), size, std::nextafter(size, infinity)}) {
        x.push_back(near / unit);
        x.push_back(-near / unit);
      }
    }
  }
  for (int i = 0; i < 300; ++i) {
    for (const double width : {1e-3, 0.3, 1.0, 3.0, 40.0, 800.0})
      x.push_back(std::uniform_real_distribution<double>(-width, width)(engine) / beta);
    x.push_back((1 + std::uniform_real_distribution<double>(-1e-4, 1e-4)(engine)) / beta);
    const std::uint64_t any = engine();
    double number;
    std::memcpy(&number, &any, sizeof number);
    if (!std::isnan(number)) x.push_back(number);
  }
  return x;
}

State column(const std::vector<double>& x) {
  return Eigen::Map<const State>(x.data(), static_cast<Index>(x.size()), 1);
}
State row(const std::vector<double>& x) { return column(x).transpose(); }

/// How far apart they are, in units of the second's last place; below the normal numbers, in such units of results that
/// have been multiplied by `factor`.
double distance(double one, double other, double factor) {
  if (std::isnan(one) || std::isnan(other)) return std::isnan(one) && std::isnan(other) ? 0 : infinity;
  if (std::isinf(one) || std::isinf(other))
    return one == other || std::min(std::abs(one), std::abs(other)) > 0.999 * largest ? 0 : infinity;
  const double unit = std::nextafter(std::abs(other), infinity) - std::abs(other);
  return std::abs(one - other) / std::max(unit, smallest * factor);
}

bool same(const State& one, const State& other) {
  return std::memcmp(one.data(), other.data(), static_cast<std::size_t>(one.size()) * sizeof(double)) == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(many_neurons)

BOOST_AUTO_TEST_CASE(they_are_what_one_neuron_has_to_8_units_in_the_last_place) {
  double worst_of_all = 0;
  laws::for_every_target([&] {
    for (const Case& each : cases()) {
      const std::vector<double> x = arguments(each.beta);
      const State g = each.lagrangian.activation(column(x));
      const State h = each.lagrangian.hessian_product(column(x), State::Ones(g.rows(), 1));
      const Energies F = each.lagrangian.value(row(x));
      double worst[3] = {}, where[3] = {};
      for (std::size_t i = 0; i < x.size(); ++i) {
        const auto at = static_cast<Index>(i);
        const double distances[] = {distance(F[at], each.value(x[i]), std::max(1.0, 1 / each.beta)),
                                    distance(g(at, 0), each.activation(x[i]), 1),
                                    distance(h(at, 0), each.curvature(x[i]), std::max(1.0, 4 * each.beta))};
        for (int k = 0; k < 3; ++k) {
          if (distances[k] > worst[k]) {
            worst[k] = distances[k];
            where[k] = x[i];
          }
        }
      }
      for (int k = 0; k < 3; ++k) {
        BOOST_TEST(worst[k] <= 8, each.lagrangian.name()
                                      << ", derivative " << k << ": " << worst[k] << " at " << where[k]);
        worst_of_all = std::max(worst_of_all, worst[k]);
      }
    }
  });
  BOOST_TEST_MESSAGE("worst: " << worst_of_all);
}

BOOST_AUTO_TEST_CASE(a_neuron_does_not_see_where_it_stands) {
  laws::for_every_target([&] {
    for (const Case& each : cases()) {
      std::vector<double> x = arguments(each.beta);
      x.resize(300);
      const Index count = 300;
      const State u = State::Constant(count, 1, 0.7);
      const State g = each.lagrangian.activation(column(x)), h = each.lagrangian.hessian_product(column(x), u);
      BOOST_TEST_CONTEXT(each.lagrangian.name()) {
        for (const Index first : {1, 2, 5, 130, 255, 256, 299}) {
          // A part of a column within a larger state, so that columns are a stride apart
          State larger(count + 11, 2), result = State::Zero(count + 11, 2);
          larger << State::Ones(3, 2), column(x).replicate(1, 2), State::Ones(8, 2);
          const Index part = count - first;
          each.lagrangian.activation(rows(std::as_const(larger), 3 + first, part), rows(result, 3 + first, part));
          for (Index j = 0; j < 2; ++j) BOOST_TEST(same(result.col(j).segment(3 + first, part), g.col(0).tail(part)));
          const State along = State::Constant(count + 11, 2, 0.7);
          each.lagrangian.hessian_product(rows(std::as_const(larger), 3 + first, part), rows(along, 3 + first, part),
                                          rows(result, 3 + first, part));
          for (Index j = 0; j < 2; ++j) BOOST_TEST(same(result.col(j).segment(3 + first, part), h.col(0).tail(part)));
        }
        for (Index i = 0; i < count; ++i) {
          const State alone = State::Constant(1, 1, x[static_cast<std::size_t>(i)]);
          BOOST_TEST(same(each.lagrangian.activation(alone), g.row(i)));
        }
        for (const Index size : {1, 31, 33, 255, 257, 290}) {
          State two(size, 2);
          two << State::Ones(size, 1), column(x).middleRows(1, size);
          const Energies one = each.lagrangian.value(two.col(1)), both = each.lagrangian.value(two);
          BOOST_TEST(same(one, both.tail(1)));
        }
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(the_rounding_bound_holds_for_one_and_for_many) {
  laws::for_every_target([&] {
    double tightest = 0;
    for (const Case& each : cases()) {
      // Where the formula of one neuron overflows there is no bound.
      std::vector<double> x = arguments(each.beta);
      std::erase_if(x, [&](double component) { return !(std::abs(4 * each.beta * component) < largest); });
      const auto check = [&](const Energies& value, const Energies& bound, const std::vector<long double>& exact) {
        for (std::size_t j = 0; j < exact.size(); ++j) {
          const double result = value[static_cast<Index>(j)], allowed = bound[static_cast<Index>(j)];
          if (!std::isfinite(result)) continue;
          const auto error = static_cast<double>(std::abs(static_cast<long double>(result) - exact[j]));
          BOOST_TEST(error <= allowed, each.lagrangian.name() << ": " << result << " is off by " << error
                                                              << ", not at most by " << allowed);
          if (allowed > 1e-300) tightest = std::max(tightest, error / allowed);
        }
      };
      std::vector<long double> exact;
      for (const double component : x) exact.push_back(each.exact(static_cast<long double>(component)));
      check(each.lagrangian.value(row(x)), each.lagrangian.rounding(row(x)), exact);
      std::mt19937_64 engine(3);
      std::normal_distribution<double> normal(0, 2 / each.beta);
      for (const Index size : {2, 40, 256, 257, 9000}) {
        const State many = State::NullaryExpr(size, 1, [&] { return normal(engine); });
        long double sum = 0;
        for (const double component : many.reshaped()) sum += each.exact(static_cast<long double>(component));
        check(each.lagrangian.value(many), each.lagrangian.rounding(many), {sum});
      }
    }
    // That of one neuron is of the size of what may happen.
    BOOST_TEST(tightest > 0.1);
    BOOST_TEST_MESSAGE("largest error, in units of its bound: " << tightest);
  });
}

BOOST_AUTO_TEST_CASE(log_sum_exp_is_that_of_long_double_in_any_order) {
  laws::for_every_target([&] {
    std::mt19937_64 engine(7);
    for (const double beta : {0.1, 1.0, 30.0}) {
      for (const Index size : {1, 2, 7, 8, 9, 1000, 70000}) {
        for (const double width : {1e-9, 1.0, 300.0}) {
          const Lagrangian L = LogSumExp{.beta = beta};
          std::normal_distribution<double> normal(0, width / beta);
          State x = State::NullaryExpr(size, 1, [&] { return normal(engine); });
          const long double top = x.maxCoeff();
          std::vector<long double> terms;
          for (const double component : x.reshaped())
            terms.push_back(std::exp(static_cast<long double>(beta) * (static_cast<long double>(component) - top)));
          const long double sum = std::accumulate(terms.begin(), terms.end(), 0.0L);
          const auto error = static_cast<double>(
              std::abs(static_cast<long double>(L.value(x)[0]) - top - std::log(sum) / static_cast<long double>(beta)));
          BOOST_TEST(error <= L.rounding(x)[0]);
          const State g = L.activation(x);
          double worst = 0;
          for (Index i = 0; i < size; ++i) {
            // β(x − top) is rounded twice; and the exponential, the sum and the quotient are.
            const double allowed = epsilon * (beta * (static_cast<double>(top) - x(i, 0)) + 6);
            const long double share = terms[static_cast<std::size_t>(i)] / sum;
            const auto off = static_cast<double>(std::abs(static_cast<long double>(g(i, 0)) - share));
            worst = std::max(worst, off / (allowed * static_cast<double>(share) + 8 * smallest));
          }
          BOOST_TEST(worst <= 1);
          std::vector<Index> order(static_cast<std::size_t>(size));
          std::iota(order.begin(), order.end(), Index{0});
          std::shuffle(order.begin(), order.end(), engine);
          const State permuted = L.activation(x(order, Eigen::all));
          BOOST_TEST(same(permuted, g(order, Eigen::all)));
        }
      }
    }
  });
  State bad = State::Zero(40, 1);
  bad(33, 0) = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(Lagrangian(LogSumExp{}).activation(bad).array().isNaN().all());
  BOOST_TEST(std::isnan(Lagrangian(LogSumExp{}).value(bad)[0]));
}

namespace {

/// ½x² with functions of many neurons that give themselves away by a factor of 3.
struct Tripled {
  template <class T>
  T operator()(const T& x) const {
    return 0.5 * x * x;
  }
  void value(std::span<const double> x, std::span<double> F) const {
    for (std::size_t i = 0; i < x.size(); ++i) F[i] = 1.5 * x[i] * x[i];
  }
  void activation(std::span<const double> x, std::span<double> g) const {
    for (std::size_t i = 0; i < x.size(); ++i) g[i] = 3 * x[i];
  }
  void curvature(std::span<const double>, std::span<double> slope) const { std::fill(slope.begin(), slope.end(), 3); }
};

/// ½x², each as wrong as it may be.
struct Wrong {
  template <class T>
  T operator()(const T& x) const {
    return 0.5 * x * x;
  }
  void value(std::span<const double> x, std::span<double> F) const {
    for (std::size_t i = 0; i < x.size(); ++i) F[i] = 0.5 * x[i] * x[i] * (1 + 8 * epsilon);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_functor_of_yours_may_have_them) {
  const State x = State::Random(700, 3), u = State::Random(700, 3);
  const Lagrangian L = Tripled{}, derived = *L.derived();
  BOOST_TEST((L.activation(x) - 3 * x).norm() == 0);
  BOOST_TEST((L.hessian_product(x, u) - 3 * u).norm() == 0);
  BOOST_TEST((L.value(x) - 1.5 * x.colwise().squaredNorm()).norm() <= 1e-11);
  // What is derived does not ask them.
  BOOST_TEST((derived.activation(x) - x).norm() == 0);
  BOOST_TEST((derived.hessian_product(x, u) - u).norm() == 0);
  BOOST_TEST((derived.value(x) - 0.5 * x.colwise().squaredNorm()).norm() <= 1e-11);
  // The product may be stored where the direction was.
  State product = u;
  L.hessian_product(view(x), view(std::as_const(product)), view(product));
  BOOST_TEST((product - 3 * u).norm() == 0);
}

BOOST_AUTO_TEST_CASE(the_rounding_bound_allows_for_what_they_may_be_wrong_by) {
  const State x = State::Ones(1, 1);
  const double error = Lagrangian(Wrong{}).value(x)[0] - 0.5, bound = Lagrangian(Wrong{}).rounding(x)[0];
  BOOST_TEST(error == 4 * epsilon);
  BOOST_TEST(error <= bound);
  BOOST_TEST(bound <= 3 * error);
  // L = β⁻¹ log e⁰, where e⁰ may be wrong by 4 units
  BOOST_TEST(Lagrangian(LogSumExp{.beta = 2}).rounding(State::Zero(1, 1))[0] >= 4 * epsilon / 2);
}

BOOST_AUTO_TEST_SUITE_END()
