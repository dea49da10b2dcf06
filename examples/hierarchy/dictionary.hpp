// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/hamlet.hpp>

#include <Eigen/SVD>

#include <random>

namespace hierarchy {

using hamlet::Index;
using hamlet::State;

/// Squares of `side` pixels cut from anywhere in the images (one a row, width × height), each of length 1,
/// one a row; blank ones are passed over. Throws hamlet::ShapeError when a square is larger than an image.
inline State cut_patches(const Eigen::MatrixXd& images, Index width, Index height, Index side, Index count,
                         std::mt19937_64& random) {
  if (side < 1 || side > std::min(width, height)) {
    throw hamlet::ShapeError("patches of " + std::to_string(side) + " × " + std::to_string(side) +
                             " pixels of images of " + std::to_string(width) + " × " + std::to_string(height));
  }
  const auto below = [&](Index end) { return std::uniform_int_distribution<Index>(0, end - 1)(random); };
  constexpr double blank = 1e-3;  // of an image's length
  State patches(count, side * side);
  for (Index kept = 0, tried = 0; kept < count; ++tried) {
    if (tried > 100 * count) throw hamlet::ValueError("hardly any patch of the images is not blank");
    const Index image = below(images.rows()), x = below(width - side + 1), y = below(height - side + 1);
    for (Index row = 0; row < side; ++row) {
      patches.row(kept).segment(row * side, side) = images.row(image).segment((y + row) * width + x, side);
    }
    const double length = patches.row(kept).norm();
    if (length < blank * images.row(image).norm()) continue;
    patches.row(kept++) /= length;
  }
  return patches;
}

/// The centres of `count` clusters of the rows of `points`, one a row, by Lloyd's iteration. Throws hamlet::ValueError
/// when there are fewer points than clusters.
/// Source: Lloyd, "Least Squares Quantization in PCM", IEEE Trans. Inf. Theory 1982.
inline State k_means(const State& points, Index count, int iterations, std::mt19937_64& random) {
  if (count < 1 || count > points.rows()) {
    throw hamlet::ValueError(std::to_string(count) + " clusters of " + std::to_string(points.rows()) + " points");
  }
  const auto any = [&] { return std::uniform_int_distribution<Index>(0, points.rows() - 1)(random); };
  State centres(count, points.cols());
  for (Index cluster = 0; cluster < count; ++cluster) centres.row(cluster) = points.row(any());
  for (int iteration = 0; iteration < iterations; ++iteration) {
    // The nearest centre c to x is where c·x − ½ ‖c‖² is largest.
    const State nearness = (centres * points.transpose()).colwise() - 0.5 * centres.rowwise().squaredNorm();
    State sums = State::Zero(count, points.cols());
    Eigen::VectorXd members = Eigen::VectorXd::Zero(count);
    for (Index point = 0; point < points.rows(); ++point) {
      Index nearest = 0;
      nearness.col(point).maxCoeff(&nearest);
      sums.row(nearest) += points.row(point);
      members[nearest] += 1;
    }
    for (Index cluster = 0; cluster < count; ++cluster) {
      if (members[cluster] == 0) {
        centres.row(cluster) = points.row(any());  // an empty cluster starts anew
      } else {
        centres.row(cluster) = sums.row(cluster) / members[cluster];
      }
    }
  }
  return centres;
}

/// The matrix with orthonormal rows (or columns, where it has fewer) that is nearest to `matrix`: U Vᵀ of U S Vᵀ.
/// Source: Higham, "Computing the Polar Decomposition", SIAM J. Sci. Stat. Comput. 1986.
inline State nearest_orthonormal(const State& matrix) {
  const Eigen::JacobiSVD<State> svd(matrix, Eigen::ComputeThinU | Eigen::ComputeThinV);
  return svd.matrixU() * svd.matrixV().transpose();
}

}  // namespace hierarchy
