// SPDX-License-Identifier: MIT
#include <hamlet/dynamics/odeint.hpp>

#include <hamlet/dynamics/integrate.hpp>

#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>

#include "dynamics/problems.hpp"

using namespace hamlet;
namespace odeint = boost::numeric::odeint;
using problems::largest_difference;
using problems::Logistic;

namespace {

/// ẋ = −x², from 1: x = 1/(1 + t).
template <class T>
void check_integrated_by_odeint_itself(double accuracy) {
  using Scalar = typename T::Scalar;
  T x = T::Constant(3, T::ColsAtCompileTime == 1 ? 1 : 2, Scalar(1));
  const auto slow = [](const T& at, T& dxdt, Scalar) { dxdt = -at.array().square(); };
  using Stepper = odeint::runge_kutta_dopri5<T, Scalar>;
  odeint::integrate_adaptive(odeint::make_controlled<Stepper>(Scalar(accuracy), Scalar(accuracy)), slow, x, Scalar(0),
                             Scalar(3), Scalar(0.1));
  BOOST_TEST(((x.array() - Scalar(0.25)).abs() < 10 * Scalar(accuracy)).all());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(odeint_)

BOOST_AUTO_TEST_CASE(odeint_alone_computes_with_dense_types) {
  check_integrated_by_odeint_itself<Eigen::MatrixXd>(1e-9);
  check_integrated_by_odeint_itself<Eigen::VectorXd>(1e-9);
  check_integrated_by_odeint_itself<Eigen::ArrayXXd>(1e-9);
  check_integrated_by_odeint_itself<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(1e-9);
  check_integrated_by_odeint_itself<Eigen::MatrixXf>(1e-5);
}

BOOST_AUTO_TEST_CASE(an_error_that_is_not_a_number_is_not_small) {
  State x = State::Constant(4, 5, -2);
  BOOST_TEST(OdeintAlgebra::norm_inf(x) == 2);
  for (const double bad : {std::nan(""), -std::numeric_limits<double>::infinity()})
    for (Index i = 0; i < x.size(); ++i) {
      State y = x;
      y(i) = bad;
      BOOST_TEST(OdeintAlgebra::norm_inf(y) == std::numeric_limits<double>::infinity());
    }
}

BOOST_AUTO_TEST_CASE(a_users_stepper_computes_what_the_librarys_does) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    const Logistic problem(seed);
    State own = problem.start(3, seed), users = own;
    const Outcome by_own = integrate(problem, own, {.stepper = DormandPrince{1e-7, 1e-8}, .end = 4, .first_step = 0.1});
    const Outcome by_users =
        integrate(problem, users,
                  {.stepper = Odeint{odeint::make_controlled<odeint::runge_kutta_dopri5<State>>(1e-8, 1e-7)},
                   .end = 4,
                   .first_step = 0.1});
    BOOST_TEST((own == users));
    BOOST_TEST(by_own.statistics.right_hand_sides == by_users.statistics.right_hand_sides);
  }
}

BOOST_AUTO_TEST_CASE(a_users_stepper_is_given_what_it_needs) {
  const Logistic problem(1);
  State x = problem.start(3, 1);
  const auto run = [&](const Stepper& stepper) { return integrate(problem, x, {.stepper = stepper, .end = 1}); };
  for (const double bad : {0.0, -0.1, std::nan(""), std::numeric_limits<double>::infinity()})
    BOOST_CHECK_THROW(run(Odeint{odeint::runge_kutta4<State>(), bad}), ValueError);
  BOOST_CHECK_THROW(run(Odeint{odeint::runge_kutta4<State>()}), ValueError);
  BOOST_CHECK_THROW(run(Odeint{odeint::make_controlled<odeint::runge_kutta_dopri5<State>>(1e-6, 1e-6), 0.1}),
                    ValueError);
}

/// One column alone and the same among others: not a bit differs where all samples share the steps.
BOOST_AUTO_TEST_CASE(a_batch_equals_its_samples) {
  const auto elementwise = [](const State& x, State& dxdt, double t) {
    dxdt = (1 + t) * x.array() * (1 - x.array()) - 0.1 * x.array().cube();
  };
  const State start = problems::random(7, 9, 0, 1, 3);
  for (const Stepper& stepper : {Stepper(Euler{0.03}), Stepper(RungeKutta4{0.03}), Stepper(AdamsBashforthMoulton{0.03}),
                                 Stepper(Odeint{odeint::runge_kutta_dopri5<State>(), 0.03})}) {
    State batch = start;
    integrate(elementwise, batch, {.stepper = stepper, .end = 2});
    for (Index sample = 0; sample < start.cols(); ++sample) {
      State alone = start.col(sample);
      integrate(elementwise, alone, {.stepper = stepper, .end = 2});
      BOOST_TEST(largest_difference(alone, batch.col(sample)) == 0);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
