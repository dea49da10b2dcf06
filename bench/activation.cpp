// SPDX-License-Identifier: MIT
// What F, F′ and F″ of many neurons cost: as the catalogue computes them, neuron by neuron by the same closed forms,
// and derived from operator() alone, as for a functor of yours.
#include <hamlet/lagrangian/catalogue.hpp>

#include <fmt/format.h>

#include <memory>
#include <string>

#include "contest.hpp"

namespace {

using namespace hamlet;

constexpr Index neurons = 100'000;

/// F and its closed forms of one neuron.
template <class F>
struct OneByOne {
  F functor;

  template <class T>
  T operator()(const T& x) const {
    return functor(x);
  }
  double activation(double x) const { return functor.activation(x); }
  double curvature(double x) const { return functor.curvature(x); }
};

/// LogCosh as a first user writes it.
struct Textbook {
  double beta = 1;

  template <class T>
  T operator()(T x) const {
    using std::cosh, std::log;
    return log(cosh(beta * x)) / beta;
  }
};

/// And with the function of the library that neither overflows nor cancels.
struct Careful {
  double beta = 1;

  template <class T>
  T operator()(T x) const {
    return log_cosh(beta * x) / beta;
  }
};

struct Problem {
  Lagrangian L;
  State x = 3 * State::Random(neurons, 1), u = State::Random(neurons, 1), result{neurons, 1};
  Energies values{1};
};

enum class What { value, activation, hessian_product };

contest::Work work(What what, const Lagrangian& L) {
  auto problem = std::make_shared<Problem>(Problem{L});
  return [what, problem] {
    Problem& p = *problem;
    const ConstView x = view(std::as_const(p.x)), u = view(std::as_const(p.u));
    if (what == What::value)
      p.L.value(x, p.values);
    else if (what == What::activation)
      p.L.activation(x, view(p.result));
    else
      p.L.hessian_product(x, u, view(p.result));
    benchmark::ClobberMemory();
  };
}

/// Ours and each rival compute the same.
void enter(const std::string& name, const Lagrangian& ours, const std::string& rival, const Lagrangian& theirs) {
  constexpr const char* quantities[] = {"F", "F'", "F'' u"};
  for (const What what : {What::value, What::activation, What::hessian_product}) {
    const std::string row = fmt::format("{} of {}", quantities[static_cast<int>(what)], name);
    contest::enter(row, "ours", [=] { return work(what, ours); });
    contest::enter(row, rival, [=] { return work(what, theirs); });
  }
}

/// The catalogue's, for many neurons at once.
template <class F>
void enter_of_catalogue(const std::string& name, const F& functor) {
  enter(name, functor, "one by one", OneByOne<F>{functor});
}

}  // namespace

int main(int count, char** arguments) {
  enter_of_catalogue("LogCosh", LogCosh{.beta = 1.3});
  enter_of_catalogue("Softplus", Softplus{.beta = 1.3});
  enter_of_catalogue("Exponential", Exponential{});
  enter_of_catalogue("Power", Power{.n = 4});
  enter_of_catalogue("RectifiedPower", RectifiedPower{.n = 3});
  enter("log(cosh(x)), by duals", Textbook{.beta = 1.3}, "closed form", OneByOne<LogCosh>{{.beta = 1.3}});
  enter("log_cosh(x), by duals", Careful{.beta = 1.3}, "closed form", OneByOne<LogCosh>{{.beta = 1.3}});
  return contest::run(count, arguments);
}
