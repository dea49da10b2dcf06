// SPDX-License-Identifier: MIT
// What stays of examples/2_your_own_lagrangian.cpp without Hamlet: the same functions of the same numbers, with
// Eigen/Core alone. No product of matrices is compiled here, so bench/compile_time holds Hamlet to the strictest twin.
#include <Eigen/Core>

#include <cmath>
#include <iostream>

struct Hyperbola {
  template <class T>
  T operator()(const T& x) const {
    using std::sqrt;
    return sqrt(1.0 + x * x);
  }
};

struct Normalization {
  template <class T>
  T value(const Eigen::VectorX<T>& x) const {
    using std::log;
    T sum = 1.0;
    for (const T& each : x) sum += each * each + each * each * each * each / 6.0;
    return log(sum) / 2.0;
  }
};

int main() {
  const Eigen::MatrixXd state = 3 * Eigen::MatrixXd::Random(32, 8);
  std::cout << state.unaryExpr(Hyperbola{}).colwise().sum() << '\n';
  std::cout << Normalization{}.value<double>(state.col(0)) << '\n';
}
