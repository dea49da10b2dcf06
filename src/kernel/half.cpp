// SPDX-License-Identifier: MIT
#include "kernel/half.hpp"

#include <cmath>

namespace hamlet::kernel {

Half to_half(double x) {
  const unsigned sign = std::signbit(x) ? 0x8000u : 0u;
  const double size = std::abs(x);
  if (std::isnan(x)) return Half{0x7e00};
  if (size >= 65520) return static_cast<Half>(sign | 0x7c00u);
  // size = m 2^(e − 10) with 2¹⁰ ≤ m < 2¹¹ where normal, e ≥ −14; a mantissa that rounds up to 2¹¹ carries into e.
  const int e = size < 0x1p-14 ? -14 : std::ilogb(size);
  const unsigned m = static_cast<unsigned>(std::nearbyint(std::ldexp(size, 10 - e)));
  return static_cast<Half>(sign | ((static_cast<unsigned>(e + 14) << 10) + m));
}

double from_half(Half half) {
  const unsigned bits = static_cast<unsigned>(half), exponent = bits >> 10 & 31, fraction = bits & 0x3ff;
  const double size = exponent == 31  ? (fraction ? NAN : INFINITY)
                      : exponent == 0 ? std::ldexp(fraction, -24)
                                      : std::ldexp(1024 + fraction, static_cast<int>(exponent) - 25);
  return bits & 0x8000u ? -size : size;
}

}  // namespace hamlet::kernel
