// SPDX-License-Identifier: MIT
// Functors that are no Lagrangians, one at a time (-D CASE=n): the compiler must refuse each at the line marked here,
// and name what is missing. With CASE=0 all is well.
#include <hamlet/lagrangian/lagrangian.hpp>

using hamlet::Vector;

struct Elementwise {
  template <class T>
  T operator()(T x) const {
    return x * x;
  }
};

struct Nothing {};

struct DoubleAlone {
  double operator()(double x) const { return x * x; }
};

struct ValueAlone {
  double value(const Vector<double>& x) const { return x.sum(); }
};

struct NoHessian {
  double value(const Vector<double>& x) const { return x.sum(); }
  void activation(const Vector<double>&, Eigen::Ref<Vector<double>> g) const { g.setOnes(); }
};

struct Layer {
  const char* name;
  hamlet::Lagrangian lagrangian;
};
void add(const Layer&) {}

int main() {
#if CASE == 0
  add({.name = "fine", .lagrangian = Elementwise{}});
#elif CASE == 1
  add({.name = "nothing", .lagrangian = Nothing{}});  // the user's line
#elif CASE == 2
  add({.name = "double alone", .lagrangian = DoubleAlone{}});  // the user's line
#elif CASE == 3
  add({.name = "value alone", .lagrangian = ValueAlone{}});  // the user's line
#elif CASE == 4
  add({.name = "no Hessian", .lagrangian = NoHessian{}});  // the user's line
#endif
}
