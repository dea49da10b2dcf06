// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/hamlet.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace recall {

using hamlet::Index;
using hamlet::State;

/// What is hidden from the memory.
enum class Damage { half, noise };

/// Stored images, and damaged copies of some of them.
struct Task {
  Eigen::MatrixXd images;  // K × N, in [0, 1]
  Index width, height;
  hamlet::Vector<double> mean;  // N
  Eigen::MatrixXd memories;     // K × N: images about their mean, each of length 1
  State cues;                   // N × B: damaged memories; what is hidden is 0, the mean
  std::vector<Index> answers;   // which memory each cue was made from

  Index pixels() const { return images.cols(); }
};

/// Takes the first `stored` images of an IDX file and makes `cued` cues from different ones of them. Images of clothes
/// have most of their length in common (their mean), which would drown what tells them apart; about the mean, and all
/// of one length, the overlap ξ_μ·v is largest for the nearest memory.
inline Task make_task(const std::string& file, Index stored, Index cued, Damage damage, double noise, unsigned seed) {
  const hamlet::Array array = hamlet::load_idx(file);
  if (array.rank() != 3) throw hamlet::ShapeError(file + " holds " + array.text() + ", not images");
  if (stored < 2 || stored > array.sizes()[0]) {
    throw hamlet::ValueError(std::to_string(stored) + " images cannot be stored: at least 2 must be, and " + file +
                             " holds " + std::to_string(array.sizes()[0]));
  }
  if (cued < 1 || cued > stored) {
    throw hamlet::ValueError(std::to_string(cued) +
                             " cues cannot be made: at least 1 must be, and at most one of each "
                             "of the " +
                             std::to_string(stored) + " stored images");
  }
  if (!(noise >= 0 && std::isfinite(noise))) {
    throw hamlet::ValueError(fmt::format("the noise is {} lengths of a memory: it must be ≥ 0 and finite", noise));
  }
  Task task;
  task.images = array.head(stored).slices() / 255.0;
  task.height = array.sizes()[1];
  task.width = array.sizes()[2];
  task.mean = task.images.colwise().mean();
  task.memories = (task.images.rowwise() - task.mean.transpose()).rowwise().normalized();

  std::mt19937_64 random(seed);
  std::vector<Index> order(static_cast<std::size_t>(stored));
  std::iota(order.begin(), order.end(), Index{0});
  std::shuffle(order.begin(), order.end(), random);
  task.answers.assign(order.begin(), order.begin() + cued);
  task.cues = task.memories(task.answers, Eigen::all).transpose();
  if (damage == Damage::half) {
    task.cues.bottomRows(task.pixels() / 2).setZero();
  } else {
    // As long as `noise` memories: the noise of one pixel is noise / √N.
    std::normal_distribution<double> normal(0, noise / std::sqrt(static_cast<double>(task.pixels())));
    task.cues += State::NullaryExpr(task.pixels(), cued, [&] { return normal(random); });
  }
  return task;
}

/// How many columns of `recalled` (N × B) point to the right memory, and point there within `bound`.
struct Score {
  Index nearest = 0;
  Index recalled = 0;
};

/// The direction is what counts: in Models A and C the length of v means nothing.
inline Score score(const Task& task, const State& recalled, double bound) {
  const State directions = recalled.colwise().normalized();
  const State overlaps = task.memories * directions;
  Score score;
  for (Index sample = 0; sample < recalled.cols(); ++sample) {
    Index nearest = 0;
    overlaps.col(sample).maxCoeff(&nearest);
    if (nearest != task.answers[static_cast<std::size_t>(sample)]) continue;
    ++score.nearest;
    if ((directions.col(sample) - task.memories.row(nearest).transpose()).norm() < bound) ++score.recalled;
  }
  return score;
}

}  // namespace recall
