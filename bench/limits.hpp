// SPDX-License-Identifier: MIT
// What the machine allows, measured where it is compared with.
#pragma once

#include <cstddef>

namespace limits {

/// Reads so many bytes once, from the first to the last, in `threads` equal parts. The result depends on all of them.
double read(const void* memory, std::size_t bytes, int threads);

/// So many multiplications with an addition, all independent of memory, in each of `threads`.
float multiply_add_f32(double count, int threads);
double multiply_add_f64(double count, int threads);

}  // namespace limits
