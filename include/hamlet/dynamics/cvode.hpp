// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/stepper.hpp>

namespace hamlet {

/// Backward differentiation formulas of order 1 to 5 for stiff systems, as SUNDIALS' CVODE has them: steps and orders
/// are its own choice, so that the root mean square, over all entries of all samples, of the estimated error of a step
/// against absolute_tolerance + relative_tolerance |x| stays below 1. Newton's method by GMRES without a matrix, from
/// the system's jacobian_product where it has one, else from differences of right-hand sides. Dense output of the order
/// of the step. The right-hand side at each new state, which observers need, is one more than CVODE's own count, and so
/// is a product with the Jacobian at the beginning, which makes room for all others. Steps that CVODE refused within
/// one of the loop count as rejected. Source: Hindmarsh et al., "SUNDIALS: Suite of Nonlinear and
/// Differential/Algebraic Equation Solvers", ACM Trans. Math. Softw. 2005.
struct Cvode {
  double relative_tolerance = 1e-6;
  double absolute_tolerance = 1e-9;

  /// Whether the library was built with SUNDIALS.
  static bool available();
  /// Throws Error when it was not, ValueError unless the relative tolerance is ≥ 0 and the absolute one positive, both
  /// finite. A failure of CVODE that a smaller step cannot mend throws an Error during the run, which says what CVODE
  /// said.
  std::unique_ptr<RunningStepper> start() const;
  std::string text() const;
};

}  // namespace hamlet
