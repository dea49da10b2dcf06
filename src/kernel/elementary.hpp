// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

namespace hamlet::kernel {

// y_i = f(x_i) for i < count, where y may be x. No further than 4 units in the last place from the truth, infinities
// and subnormal numbers included; a number's result does not depend on where it stands.

void exp(const double* x, Index count, double* y);
void log(const double* x, Index count, double* y);
void log1p(const double* x, Index count, double* y);
void tanh(const double* x, Index count, double* y);

/// 1 / (1 + e^{−x})
void sigmoid(const double* x, Index count, double* y);

/// 1 / ((1 + e^x) (1 + e^{−x})), the slope of sigmoid
void sigmoid_slope(const double* x, Index count, double* y);

/// log(1 + e^x)
void softplus(const double* x, Index count, double* y);

/// log cosh x
void log_cosh(const double* x, Index count, double* y);

/// f = e^{β(h − m)} and s = Σ f of numbers that come in turn, where m, −∞ and s, 0 before the first, follow: m the
/// largest h so far. Results are independent of m but for their rounding, so that it moves only when numbers become
/// large. By the factor of a panel of 8 numbers, what was summed before it is to be multiplied.
void softmax(double beta, const double* h, Index count, double& m, double& s, double* factors, double* f);

}  // namespace hamlet::kernel
