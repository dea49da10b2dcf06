// SPDX-License-Identifier: MIT
// What stays of examples/your_own_lagrangian.cpp without Hamlet: the same function and the same numbers, with
// Eigen/Core alone. No product of matrices is compiled here, so bench/compile_time holds Hamlet to the strictest twin.
#include <Eigen/Core>

#include <cmath>
#include <iostream>

struct LogCosh {
  double beta = 1;
  template <class T>
  T operator()(T x) const {
    using std::cosh, std::log;
    return log(cosh(beta * x)) / beta;
  }
};

int main() {
  const Eigen::MatrixXd patterns = Eigen::MatrixXd::Random(8, 64).array().sign();
  const Eigen::MatrixXd cues = patterns.transpose() + 0.5 * Eigen::MatrixXd::Random(64, 8);
  std::cout << cues.unaryExpr(LogCosh{.beta = 2}).colwise().sum() << '\n';
}
