// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

// Eigen's decompositions, compiled once: each costs more to compile than most files that want one.
namespace hamlet {

/// Eigenvalues, the largest first, and their vectors, a column each.
struct Spectrum {
  Vector<double> values;
  State vectors;
};

/// Of a symmetric matrix, of which the lower half is read.
Spectrum spectrum(const State& symmetric);

/// Of the symmetric matrix with this diagonal and these numbers beside it.
Spectrum spectrum(const Vector<double>& diagonal, const Vector<double>& subdiagonal);

/// Columns of length 1 at right angles that span what these columns do: as many, which must not be more than rows.
State orthonormal(const State& columns);

}  // namespace hamlet
