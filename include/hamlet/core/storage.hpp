// SPDX-License-Identifier: MIT
#pragma once

namespace hamlet {

/// In which precision weights are stored. Products with f64 weights are summed in f64, all others in f32. What f16 and
/// int8 store of a row are multiples of one scale, so that they have no range of their own; activations, and what a
/// scale makes of them, must lie within that of f32.
enum class Storage {
  f64,
  f32,
  f16,  ///< IEEE half, 11 bits; the scale is a power of two
  int8  ///< −127 … 127; the scale is max |w| / 127
};

}  // namespace hamlet
