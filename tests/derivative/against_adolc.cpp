// SPDX-License-Identifier: MIT
// Derivatives of every elementary function, alone and in random compositions, against ADOL-C.
#include "derivative/functions.hpp"

#include <adolc/adolc.h>

#include <boost/test/unit_test.hpp>

using namespace hamlet;
using functions::Composition;

namespace {

// With E = exp(−x²): erf by its Maclaurin series, which at |x| < 4 holds to a relative 1e-12 of what is compared here.
adouble error_function(const adouble& x) {
  adouble term = x, sum = x;
  for (int n = 1; n < 90; ++n) {
    term *= 2.0 * x * x / (2.0 * n + 1);
    sum += term;
  }
  return {2 / std::sqrt(M_PI) * exp(-x * x) * sum};
}

}  // namespace

template <>
adouble functions::foreign_erf(const adouble& x) {
  return error_function(x);
}

namespace {

struct Derivatives {
  Vector<double> gradient, hessian_product;
};

template <class F>
Derivatives by_adolc(const F& f, Vector<double> x, Vector<double> u) {
  constexpr short tag = 0;
  const int n = static_cast<int>(x.size());
  trace_on(tag);
  std::vector<adouble> variables(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) variables[static_cast<std::size_t>(i)] <<= x[i];
  double value = 0;
  adouble result = f(variables);
  result >>= value;
  trace_off();
  Derivatives d{Vector<double>(n), Vector<double>(n)};
  ::gradient(tag, n, x.data(), d.gradient.data());
  ::hess_vec(tag, n, x.data(), u.data(), d.hessian_product.data());
  return d;
}

template <class F>
void compare(const F& f, const Vector<double>& x, const Vector<double>& u, double tolerance) {
  const Derivatives expected = by_adolc(f, x, u);
  const Vector<double> g = hamlet::gradient(f, x);
  const Vector<double> h = hamlet::hessian_product(f, x, u);
  BOOST_TEST((g - expected.gradient).norm() <= tolerance * (1e-3 + expected.gradient.norm()));
  BOOST_TEST((h - expected.hessian_product).norm() <= tolerance * (1e-3 + expected.hessian_product.norm()));

  // Forward twice along u, which shares no code with the tape: u·∇f and uᵀ∇²f u.
  Vector<Dual<Dual<double>>> moved(x.size());
  for (Index i = 0; i < x.size(); ++i) moved[i] = {{x[i], u[i]}, {u[i], 0.0}};
  const Dual<Dual<double>> along = f(moved);
  const double size = u.norm();
  BOOST_TEST(std::abs(along.tangent.value - u.dot(g)) <= tolerance * size * (1e-3 + g.norm()));
  BOOST_TEST(std::abs(along.tangent.tangent - u.dot(h)) <= tolerance * size * (1e-3 + h.norm()));
}

Vector<double> normal(Index n, std::mt19937_64& random) {
  std::normal_distribution<double> distribution;
  return Vector<double>::NullaryExpr(n, [&] { return distribution(random); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(against_adolc)

BOOST_AUTO_TEST_CASE(functions_of_one) {
  std::mt19937_64 random(1);
  for (int which = 0; which < functions::of_one; ++which) {
    const functions::Row& row = functions::rows[static_cast<std::size_t>(which)];
    for (int k = 0; k < 50; ++k) {
      const Vector<double> x = Vector<double>::Constant(1, functions::argument(row, true, random));
      BOOST_TEST_CONTEXT(row.name << " at " << x[0])
      compare([&](const auto& v) { return functions::apply(which, v[0]); }, x, normal(1, random), 1e-11);
    }
  }
}

BOOST_AUTO_TEST_CASE(functions_of_two) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> positive(0.2, 3);
  for (int which = 0; which < functions::operations; ++which) {
    for (int k = 0; k < 50; ++k) {
      const Vector<double> x = Vector<double>::NullaryExpr(2, [&] { return positive(random); });
      BOOST_TEST_CONTEXT("function " << which << " at " << x.transpose())
      compare([&](const auto& v) { return functions::apply(which, v[0], v[1]); }, x, normal(2, random), 1e-11);
    }
  }
}

BOOST_AUTO_TEST_CASE(random_compositions) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    std::mt19937_64 random(seed);
    for (int k = 0; k < 100; ++k) {
      const Composition f(4, 20, random);
      BOOST_TEST_CONTEXT("composition " << k << ", seed " << seed)
      compare(f, normal(4, random), normal(4, random), 1e-9);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
