// SPDX-License-Identifier: MIT
// Derivatives that mathematics knows, where rounding, edges or nesting could spoil them.
#include <hamlet/derivative/gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using namespace hamlet;

namespace {

using Second = Dual<Dual<double>>;
using Third = Dual<Second>;

template <class F>
double first_derivative(const F& f, double x) {
  return f(Dual<double>{x, 1.0}).tangent;
}
template <class F>
double second_derivative(const F& f, double x) {
  return f(Second{{x, 1.0}, {1.0, 0.0}}).tangent.tangent;
}
template <class F>
double third_derivative(const F& f, double x) {
  return f(Third{{{x, 1.0}, {1.0, 0.0}}, {{1.0, 0.0}, {0.0, 0.0}}}).tangent.tangent.tangent;
}

void close(double a, double b, double tolerance = 1e-13) { BOOST_TEST(std::abs(a - b) <= tolerance * std::abs(b)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(closed_forms)

BOOST_AUTO_TEST_CASE(powers_at_zero) {
  for (int n = 0; n <= 6; ++n) {
    const auto power = [n](auto x) { return pow(x, n); };
    BOOST_TEST_CONTEXT("n = " << n) {
      BOOST_TEST(first_derivative(power, 0) == (n == 1 ? 1 : 0));
      BOOST_TEST(second_derivative(power, 0) == (n == 2 ? 2 : 0));
      BOOST_TEST(third_derivative(power, 0) == (n == 3 ? 6 : 0));
    }
  }
  BOOST_TEST(first_derivative([](auto x) { return pow(x, 2.5); }, 0) == 0);
}

BOOST_AUTO_TEST_CASE(powers_of_negative_numbers) {
  for (int n = 1; n <= 6; ++n) {
    const auto power = [n](auto x) { return pow(x, n); };
    close(first_derivative(power, -1.7), n * std::pow(-1.7, n - 1));
    if (n > 1) close(second_derivative(power, -1.7), n * (n - 1) * std::pow(-1.7, n - 2));
  }
}

BOOST_AUTO_TEST_CASE(nested_duals_give_higher_derivatives) {
  for (const double x : {-3.0, -0.5, 0.0, 0.3, 2.0}) {
    const auto f = [](auto v) { return exp(sin(v)); };
    const double s = std::sin(x), c = std::cos(x), e = std::exp(s);
    BOOST_TEST(std::abs(second_derivative(f, x) - (c * c - s) * e) <= 1e-14 * e);
    BOOST_TEST(std::abs(third_derivative(f, x) - (c * c * c - 3 * s * c - c) * e) <= 1e-14 * e);
  }
}

BOOST_AUTO_TEST_CASE(stable_functions_at_any_size) {
  const double largest = std::numeric_limits<double>::max();
  for (const double size : {1e-300, 1e-20, 1e-8, 0.5, 0.999, 1.0, 1.001, 30.0, 709.0, 711.0, 1e10, 1e300, largest}) {
    for (const double x : {size, -size}) {
      BOOST_TEST_CONTEXT("x = " << x) {
        // log cosh x = x²/2 − x⁴/12 + … near 0, |x| − log 2 far away
        if (size <= 1e-8) close(log_cosh(x), x * x / 2, 1e-15);
        if (size >= 30) close(log_cosh(x), size - std::numbers::ln2, 1e-15);
        close(log_cosh(x), log_cosh(-x), 0);
        BOOST_TEST(std::abs(softplus(x) - softplus(-x) - x) <= 1e-15 * (1 + size));
        close(logistic(x) + logistic(-x), 1, 1e-15);
        if (size <= 300) close(sech_squared(x), 1 / (std::cosh(x) * std::cosh(x)), 1e-14);

        close(first_derivative([](auto v) { return log_cosh(v); }, x), std::tanh(x));
        close(second_derivative([](auto v) { return log_cosh(v); }, x), sech_squared(x));
        close(third_derivative([](auto v) { return log_cosh(v); }, x), -2 * std::tanh(x) * sech_squared(x));
        close(first_derivative([](auto v) { return softplus(v); }, x), logistic(x));
        close(second_derivative([](auto v) { return softplus(v); }, x), logistic(x) * logistic(-x));
        close(second_derivative([](auto v) { return tanh(v); }, x), -2 * std::tanh(x) * sech_squared(x));
      }
    }
  }
  // Both sides of the branch of log cosh agree with long double.
  for (double x = 0.9; x < 1.1; x += 1e-3)
    close(log_cosh(x), static_cast<double>(std::log(std::cosh(static_cast<long double>(x)))), 1e-15);
}

BOOST_AUTO_TEST_CASE(log_sum_exp_of_any_size) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  for (const double scale : {1e-300, 1e-3, 1.0, 100.0, 1e4, 1e300}) {
    const Vector<double> x = Vector<double>::NullaryExpr(20, [&] { return scale * normal(random); });
    const double top = x.maxCoeff();
    const auto f = [](const auto& v) { return log_sum_exp(v); };
    BOOST_TEST(std::isfinite(f(x)));
    BOOST_TEST(f(x) >= top);
    BOOST_TEST(f(x) <= top + std::log(20) + 1e-15 * std::abs(top));
    const Vector<double> p = gradient(f, x);
    close(p.sum(), 1, 1e-14);
    Vector<double> softmax = (x.array() - top).exp();
    softmax /= softmax.sum();
    BOOST_TEST((p - softmax).norm() <= 1e-14);
    // ∂²: diag p − p pᵀ, which kills all ones.
    BOOST_TEST(hessian_product(f, x, Vector<double>::Ones(20)).norm() <= 1e-14);
    const Vector<double> u = Vector<double>::NullaryExpr(20, [&] { return normal(random); });
    const Vector<double> expected = p.array() * (u.array() - p.dot(u));
    BOOST_TEST((hessian_product(f, x, u) - expected).norm() <= 1e-13 * expected.norm() + 1e-15);
  }
}

BOOST_AUTO_TEST_CASE(eigen_expressions_of_every_scalar) {
  // f = a·x + ½‖x‖² + ‖x‖ + Σ tanh 2x + Σ x³/3 + max x + Σ A x
  const Index n = 7;
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  const Vector<double> a = Vector<double>::NullaryExpr(n, [&] { return normal(random); });
  const Eigen::MatrixXd A = Eigen::MatrixXd::NullaryExpr(3, n, [&] { return normal(random); });
  const Vector<double> x = Vector<double>::NullaryExpr(n, [&] { return normal(random); });
  const Vector<double> u = Vector<double>::NullaryExpr(n, [&] { return normal(random); });
  const auto f = [&](const auto& v) {
    using T = std::decay_t<decltype(v[0])>;
    const Vector<T> product = A * v;
    const Vector<T> doubled = 2 * v;
    return T(a.dot(v) + 0.5 * v.squaredNorm() + v.norm() + doubled.array().tanh().sum() +
             v.cwiseProduct(v.cwiseAbs2()).sum() / 3 + v.maxCoeff() + product.sum());
  };
  Index top = 0;
  x.maxCoeff(&top);
  Vector<double> g = a.array() + x.array() + x.array() / x.norm() + 2 * (1 - (2 * x).array().tanh().square()) +
                     x.array().square() + (A.transpose() * Vector<double>::Ones(3)).array();
  g[top] += 1;
  BOOST_TEST((gradient(f, x) - g).norm() <= 1e-13 * g.norm());
  const Vector<double> tanh = (2 * x).array().tanh();
  const Vector<double> h = u.array() + (u - x * x.dot(u) / x.squaredNorm()).array() / x.norm() -
                           8 * tanh.array() * (1 - tanh.array().square()) * u.array() + 2 * x.array() * u.array();
  BOOST_TEST((hessian_product(f, x, u) - h).norm() <= 1e-13 * h.norm());
}

BOOST_AUTO_TEST_CASE(jacobian_product_of_a_linear_map_is_the_map) {
  const Eigen::MatrixXd A = Eigen::MatrixXd::Random(4, 3);
  const Vector<double> x = Vector<double>::Random(3), u = Vector<double>::Random(3);
  const auto linear = [&](const auto& v) { return (A * v).eval(); };
  BOOST_TEST((jacobian_product(linear, x, u) - A * u).norm() <= 1e-15);
  const auto curved = [&](const auto& v) { return v.array().exp().matrix().eval(); };
  BOOST_TEST((jacobian_product(curved, x, u).array() - x.array().exp() * u.array()).matrix().norm() <= 1e-15);
}

BOOST_AUTO_TEST_CASE(recordings_nest_and_leave_no_trace) {
  const Vector<double> x = Vector<double>::Random(5);
  const auto inner = [](const auto& v) { return v.array().exp().sum(); };
  // Σ (∂inner/∂x)² · Σ x, the first factor found by a recording within the recording: a constant to the outer one.
  const auto outer = [&](const auto& v) { return gradient(inner, x).squaredNorm() * v.sum(); };
  const double squares = x.array().exp().square().sum();
  BOOST_TEST((gradient(outer, x).array() - squares).matrix().norm() <= 1e-14 * squares);
  BOOST_TEST((Tape<double>::active == nullptr));
  const Reverse<double> alone = exp(Reverse<double>(1.0)) * 2;  // constants need no recording
  BOOST_TEST(alone.node == 0);
  BOOST_TEST(alone.value == 2 * std::exp(1.0));
}

BOOST_AUTO_TEST_SUITE_END()
