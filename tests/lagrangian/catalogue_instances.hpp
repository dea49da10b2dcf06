// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/catalogue.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

/// One Lagrangian of the catalogue with random parameters, and what a law may expect of it.
struct CatalogueInstance {
  hamlet::Lagrangian lagrangian;
  bool convex;   // on all of space
  bool bounded;  // |g| stays below a constant, so that a two-layer energy is bounded below
  bool smooth;   // g is differentiable everywhere but, for ReLU-like ones, at 0
  double scale;  // the size of states at which it is neither flat nor about to overflow

  const std::string& name() const { return lagrangian.name(); }
};

/// Every Lagrangian of the catalogue for a layer of `neurons` ≥ 2, each kind at least once.
inline std::vector<CatalogueInstance> catalogue_instances(hamlet::Index neurons, std::mt19937_64& random) {
  using namespace hamlet;
  const auto between = [&](double low, double high) { return std::uniform_real_distribution(low, high)(random); };
  const double beta = between(0.3, 4);
  Index group = std::min<Index>(3, neurons);  // two neurons of a LayerNorm have next to no Hessian left
  while (neurons % group != 0) ++group;
  const Vector<double> delta = Vector<double>::NullaryExpr(neurons, [&] { return between(-1, 1); });

  std::vector<CatalogueInstance> all;
  all.push_back({Quadratic{}, true, false, true, 1.5});
  all.push_back({Absolute{}, true, true, false, 1.5});
  all.push_back({LogCosh{.beta = beta}, true, true, true, 1.5 / beta});
  all.push_back({Softplus{.beta = beta}, true, true, true, 2 / beta});
  all.push_back({RectifiedPower{.n = 1}, true, true, false, 1.5});
  all.push_back({RectifiedPower{.n = 2}, true, false, true, 1.5});
  all.push_back({RectifiedPower{.n = between(2.1, 4)}, true, false, true, 1.2});
  all.push_back({Power{.n = 2}, true, false, true, 1.5});
  all.push_back({Power{.n = 3}, false, false, true, 1.2});
  all.push_back({Power{.n = 4}, true, false, true, 1.2});
  all.push_back({Exponential{}, true, false, true, 1});
  all.push_back({LogSumExp{.beta = beta}, true, true, true, 2 / beta});
  all.push_back({Sparsemax{.beta = beta}, true, true, true, 1 / beta});
  all.push_back({Entmax{.alpha = between(1.05, 1.5), .beta = beta}, true, true, true, 1.5 / beta});
  all.push_back({Entmax{.alpha = between(1.5, 1.95), .beta = beta}, true, true, true, 1 / beta});
  all.push_back({Norm{.gamma = between(0.5, 3)}, true, true, true, 1.5});
  all.push_back({Norm{.gamma = between(0.5, 3), .epsilon = between(0.01, 0.5)}, true, true, true, 1.5});
  all.push_back({LayerNorm{.gamma = between(0.5, 3), .delta = between(-1, 1)}, true, true, true, 1.5});
  all.push_back({LayerNorm{.gamma = between(0.5, 3), .delta = delta, .epsilon = 0.1}, true, true, true, 1.5});
  all.push_back({Grouped{LayerNorm{.gamma = between(0.5, 3), .epsilon = 0.1}, group}, true, true, true, 1.5});
  all.push_back({Grouped{LogSumExp{.beta = beta}, group}, true, true, true, 2 / beta});
  all.push_back(
      {Grouped{Sparsemax{.beta = beta}, Groups::positions({neurons / group, group})}, true, true, true, 1 / beta});
  all.push_back({MaxPooling{.shape = {1, neurons}, .window = {group}, .beta = 3}, true, true, true, 0.5});
  return all;
}

/// A state of independent normal numbers of the given size.
inline hamlet::State random_state(hamlet::Index neurons, hamlet::Index samples, double scale, std::mt19937_64& random) {
  std::normal_distribution<double> normal(0, scale);
  return hamlet::State::NullaryExpr(neurons, samples, [&] { return normal(random); });
}
