// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/bias.hpp>

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace hamlet {

Bias::Bias(double all) : all_(all) {}

Bias::Bias(Vector<double> each) : each_(std::move(each)) {
  if (each_.size() == 0) throw ShapeError("a bias that is one a neuron has no entries");
}

bool Bias::finite() const { return std::isfinite(all_) && each_.allFinite(); }

void Bias::expect(Index neurons) const {
  if (!uniform() && size() != neurons)
    throw ShapeError(fmt::format("a bias with {} entries does not fit {} neurons", size(), neurons));
}

}  // namespace hamlet
