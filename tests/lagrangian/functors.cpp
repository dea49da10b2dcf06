// SPDX-License-Identifier: MIT
// The three ways of writing a Lagrangian, what a Lagrangian says of itself, and what it refuses.
#include "lagrangian/catalogue_instances.hpp"

#include <hamlet/core/error.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <utility>

#include "laws/throws.hpp"

using namespace hamlet;

namespace {

struct WrittenLogCosh {
  double beta = 1;
  template <class T>
  T operator()(T x) const {
    using std::cosh, std::log;
    return log(cosh(beta * x)) / beta;
  }
};

struct WrittenLogSumExp {
  template <class T>
  T value(const Vector<T>& x) const {
    using std::log;
    const T top = x.maxCoeff();
    return top + log((x.array() - top).exp().sum());
  }
};

/// log Σ eˣ again, as a loop.
struct LoopedLogSumExp {
  template <class T>
  T value(const Vector<T>& x) const {
    using std::exp, std::log;
    T sum = 0;
    for (const T& component : x) sum += exp(component);
    return log(sum);
  }
};

/// ½‖x‖² on doubles alone.
struct ClosedQuadratic {
  double value(const Vector<double>& x) const { return 0.5 * x.squaredNorm(); }
  void activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const { g = x; }
  void hessian_product(const Vector<double>&, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const {
    product = u;
  }
  std::string name() const { return "my own"; }
  std::string misfit(const Shape& shape) const { return shape.rank() == 1 ? "" : "it takes rank 1"; }
  void validate() const {}
};

/// A wrong activation beside a right value: what the derived route is there to find.
struct WrongActivation {
  template <class T>
  T operator()(T x) const {
    return 0.5 * x * x;
  }
  double activation(double x) const { return 2 * x; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(functors)

BOOST_AUTO_TEST_CASE(the_ways_agree) {
  std::mt19937_64 random(1);
  const State x = random_state(7, 3, 1.5, random), u = random_state(7, 3, 1, random);
  const auto agree = [&](const Lagrangian& one, const Lagrangian& other) {
    BOOST_TEST_CONTEXT(one.name() << " and " << other.name()) {
      BOOST_TEST((one.value(x) - other.value(x)).norm() <= 1e-14 * one.value(x).norm());
      BOOST_TEST((one.activation(x) - other.activation(x)).norm() <= 1e-14 * one.activation(x).norm());
      const State h = one.hessian_product(x, u);
      BOOST_TEST((h - other.hessian_product(x, u)).norm() <= 1e-13 * h.norm());
    }
  };
  agree(LogCosh{.beta = 1.7}, WrittenLogCosh{.beta = 1.7});
  agree(LogSumExp{}, WrittenLogSumExp{});
  agree(LogSumExp{}, LoopedLogSumExp{});
  agree(Quadratic{}, ClosedQuadratic{});
  agree([](auto v) { return 0.5 * v * v; }, Quadratic{});
}

BOOST_AUTO_TEST_CASE(what_a_lagrangian_says_of_itself) {
  BOOST_TEST(Lagrangian(LogSumExp{.beta = 4}).name() == "LogSumExp(beta = 4)");
  BOOST_TEST(Lagrangian(Power{.n = 3}).name() == "Power(n = 3)");
  BOOST_TEST(Lagrangian(Grouped{Quadratic{}, 3}).name() == "Grouped(Quadratic, groups of 3)");
  BOOST_TEST(Lagrangian(ClosedQuadratic{}).name() == "my own");
  BOOST_TEST(Lagrangian(WrittenLogCosh{}).name().ends_with("WrittenLogCosh"));

  BOOST_TEST(Lagrangian(LogCosh{}).elementwise());
  BOOST_TEST(Lagrangian(Grouped{LogCosh{}, 2}).elementwise());
  BOOST_TEST(!Lagrangian(LogSumExp{}).elementwise());
  BOOST_TEST(!Lagrangian(Grouped{LogSumExp{}, 2}).elementwise());

  for (const Lagrangian& jumping : {Lagrangian(Absolute{}), Lagrangian(RectifiedPower{.n = 1})}) {
    BOOST_REQUIRE(jumping.discontinuities().size() == 1u);
    BOOST_TEST(jumping.discontinuities()[0] == 0);
    BOOST_TEST(jumping.derived()->discontinuities().size() == 1u);
  }
  BOOST_TEST(Lagrangian(RectifiedPower{.n = 2}).discontinuities().empty());

  BOOST_TEST(Lagrangian(LogSumExp{}).derived()->name() == "LogSumExp(beta = 1)");
  BOOST_TEST(!Lagrangian(ClosedQuadratic{}).derived().has_value());
  BOOST_TEST(!Lagrangian(Grouped{ClosedQuadratic{}, 2}).derived().has_value());
  BOOST_TEST(Lagrangian(WrittenLogSumExp{}).derived().has_value());
}

BOOST_AUTO_TEST_CASE(the_derived_route_finds_a_wrong_activation) {
  std::mt19937_64 random(2);
  const State x = random_state(4, 2, 1, random);
  const Lagrangian wrong = WrongActivation{};
  BOOST_TEST((wrong.activation(x) - 2 * x).norm() == 0);
  BOOST_TEST((wrong.derived()->activation(x) - x).norm() == 0);
}

BOOST_AUTO_TEST_CASE(grouped_is_its_lagrangian_group_by_group) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    std::mt19937_64 random(seed);
    const Index group = 4, groups = 5, samples = 3;
    for (const CatalogueInstance& instance : catalogue_instances(group, random)) {
      BOOST_TEST_CONTEXT(instance.name()) {
        const Lagrangian grouped = Grouped{instance.lagrangian, group};
        const State x = random_state(group * groups, samples, instance.scale, random);
        const State u = random_state(group * groups, samples, 1, random);
        const State g = grouped.activation(x), h = grouped.hessian_product(x, u);
        Energies sum = Energies::Zero(samples);
        for (Index k = 0; k < groups; ++k) {
          const State xk = x.middleRows(k * group, group), uk = u.middleRows(k * group, group);
          sum += instance.lagrangian.value(xk);
          BOOST_TEST((g.middleRows(k * group, group) - instance.lagrangian.activation(xk)).norm() == 0);
          BOOST_TEST((h.middleRows(k * group, group) - instance.lagrangian.hessian_product(xk, uk)).norm() == 0);
        }
        BOOST_TEST((grouped.value(x) - sum).norm() <= 1e-14 * sum.norm());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_closed_form_on_doubles_has_a_bound_from_its_magnitudes) {
  std::mt19937_64 random(3);
  const State x = random_state(50, 4, 1, random);
  const Energies bound = Lagrangian(ClosedQuadratic{}).rounding(x);
  const Energies magnitude = 1.5 * x.colwise().squaredNorm();
  BOOST_TEST((bound - 16 * std::numeric_limits<double>::epsilon() * magnitude).norm() <= 1e-12 * bound.norm());
}

BOOST_AUTO_TEST_CASE(parameters_that_mean_nothing_are_refused) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {0.0, -1.0, nan, infinity}) {
    BOOST_CHECK_THROW(Lagrangian(LogCosh{.beta = bad}), ValueError);
    BOOST_CHECK_THROW(Lagrangian(Softplus{.beta = bad}), ValueError);
    BOOST_CHECK_THROW(Lagrangian(LogSumExp{.beta = bad}), ValueError);
    BOOST_CHECK_THROW(Lagrangian(Sparsemax{.beta = bad}), ValueError);
    BOOST_CHECK_THROW(Lagrangian(Entmax{.beta = bad}), ValueError);
    BOOST_CHECK_THROW(Lagrangian(RectifiedPower{.n = bad}), ValueError);
    BOOST_CHECK_THROW(Lagrangian(Norm{.gamma = bad}), ValueError);
    BOOST_CHECK_THROW(Lagrangian(LayerNorm{.gamma = bad}), ValueError);
  }
  for (const double bad : {-1.0, nan, infinity}) {
    BOOST_CHECK_THROW(Lagrangian(Norm{.epsilon = bad}), ValueError);
    BOOST_CHECK_THROW(Lagrangian(LayerNorm{.epsilon = bad}), ValueError);
  }
  BOOST_CHECK_THROW(Lagrangian(RectifiedPower{.n = 0.9}), ValueError);
  BOOST_CHECK_THROW(Lagrangian(Power{.n = 0}), ValueError);
  for (const double bad : {-1.0, 0.5, 1.0, 2.0000001, 3.0, nan, infinity}) {
    BOOST_CHECK_EXCEPTION(Lagrangian(Entmax{.alpha = bad}), ValueError, [&](const ValueError& error) {
      return laws::names(error.what(), {"alpha of Entmax", fmt::format("{}", bad).c_str(), "above 1", "at most 2"});
    });
  }
  BOOST_CHECK_THROW(Lagrangian(LayerNorm{.delta = nan}), ValueError);
  BOOST_CHECK_THROW(Lagrangian(Grouped{Quadratic{}, 0}), ValueError);
  BOOST_CHECK_EXCEPTION(Lagrangian(LogSumExp{.beta = -2}), ValueError, [](const ValueError& error) {
    return std::string(error.what()) == "beta of LogSumExp is -2: it must be positive and finite";
  });
}

BOOST_AUTO_TEST_CASE(shapes_that_do_not_fit_are_refused) {
  const Lagrangian grouped = Grouped{LayerNorm{}, 3};
  BOOST_TEST(grouped.misfit(Shape{784}) == "groups of 3 do not divide 784");
  BOOST_TEST(grouped.misfit(Shape{3, 28, 28}).empty());
  const Lagrangian biased = LayerNorm{.delta = Vector<double>::Zero(5)};
  BOOST_TEST(biased.misfit(Shape{5}).empty());
  BOOST_TEST(biased.misfit(Shape{6}) == "its delta has 5 entries for 6 neurons");
  BOOST_CHECK_THROW(Lagrangian(Grouped{biased, 3}), ShapeError);
  BOOST_TEST(Lagrangian(Quadratic{}).misfit(Shape{3, 2}).empty());
  BOOST_TEST(Lagrangian(ClosedQuadratic{}).misfit(Shape{3, 2}) == "it takes rank 1");

  const State x = State::Zero(4, 2);
  State narrow(4, 1), short_(3, 2), fits(4, 2);
  Energies one(1);
  BOOST_CHECK_THROW(grouped.activation(view(x), view(fits)), ShapeError);
  BOOST_CHECK_THROW(biased.activation(view(x), view(fits)), ShapeError);
  const Lagrangian L = Quadratic{};
  BOOST_CHECK_THROW(L.value(view(x), one), ShapeError);
  BOOST_CHECK_THROW(L.rounding(view(x), one), ShapeError);
  BOOST_CHECK_THROW(L.activation(view(x), view(narrow)), ShapeError);
  BOOST_CHECK_THROW(L.hessian_product(view(x), view(std::as_const(short_)), view(fits)), ShapeError);
}

BOOST_AUTO_TEST_SUITE_END()
