// SPDX-License-Identifier: MIT
#pragma once

#include "core/spectrum.hpp"

#include <hamlet/core/state.hpp>

#include <functional>
#include <optional>

namespace hamlet {

/// A v of a symmetric matrix A that is known by its products alone.
using Product = std::function<Vector<double>(const Vector<double>&)>;

/// The `count` largest eigenvalues of A (size × size), or more, and all that are not below `floor`, each as often as it
/// occurs. By Lanczos' method with full reorthogonalisation: where Krylov's space is small, as that of a few memories,
/// nothing is found twice. Of equal eigenvalues it shows one: so it is repeated among what is orthogonal to those
/// found, from another random vector, until none that is left would belong to the answer. Nothing when more than a
/// quarter of all would. Throws Error when a thousand steps do not suffice.
/// Source: Parlett, "The Symmetric Eigenvalue Problem", SIAM 1998, chapter 13.
std::optional<Spectrum> largest_eigenvalues(Index size, const Product& product, Index count, double floor);

}  // namespace hamlet
