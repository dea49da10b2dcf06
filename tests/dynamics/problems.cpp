// SPDX-License-Identifier: MIT
#include "dynamics/problems.hpp"

#include "core/spectrum.hpp"

namespace problems {

Logistic::Logistic(unsigned seed, Index size) : Q(hamlet::orthonormal(random(size, size, -1, 1, seed))) {}

State Logistic::start(Index samples, unsigned seed) const { return Q * random(Q.rows(), samples, 0.05, 0.9, seed); }

void Logistic::operator()(const State& x, State& dxdt, double t) const {
  const State z = Q.transpose() * x;
  dxdt.noalias() = Q * ((1 + std::cos(t)) * z.array() * (1 - z.array())).matrix();
}

State Logistic::exact(const State& start, double t) const {
  const State z = Q.transpose() * start;
  return Q * (1 + (1 / z.array() - 1) * std::exp(-(t + std::sin(t)))).inverse().matrix();
}

}  // namespace problems
