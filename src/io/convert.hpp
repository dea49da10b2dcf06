// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/error.hpp>
#include <hamlet/io/element.hpp>

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

namespace hamlet::io {

/// Whether `value` is still told from its neighbours as a T; floats may be rounded to a shorter float, but not to
/// infinity.
template <Elemental T, Elemental S>
bool survives(S value) {
  if constexpr (std::same_as<T, S>) {
    return true;
  } else if constexpr (std::same_as<T, bool>) {
    return value == S(0) || value == S(1);
  } else if constexpr (std::floating_point<T> && std::floating_point<S>) {
    return std::isfinite(static_cast<T>(value)) || !std::isfinite(value);
  } else if constexpr (std::floating_point<T>) {
    // |value| ≤ 2ᵈ, d the bits of the significand; + makes an integer of a bool.
    constexpr auto limit = std::int64_t{1} << std::numeric_limits<T>::digits;
    return std::cmp_less_equal(+value, limit) && std::cmp_greater_equal(+value, -limit);
  } else if constexpr (std::floating_point<S>) {
    // A T holds the integers in [−2ᵈ, 2ᵈ), or in [0, 2ᵈ); these bounds are exact in S, T's largest value may not be.
    const S end = std::ldexp(S{1}, std::numeric_limits<T>::digits);
    return value == std::trunc(value) && value < end && value >= (std::signed_integral<T> ? -end : S{0});
  } else {
    return std::in_range<T>(+value);
  }
}

/// `value` as a T. Throws ValueError, naming the element's position, when it does not survive.
template <Elemental T, Elemental S>
T converted(S value, std::size_t position) {
  if (!survives<T>(value)) {
    throw ValueError(fmt::format("element {} of an array of {} is {}, which {} cannot hold", position,
                                 name_of(element_of<S>), value, name_of(element_of<T>)));
  }
  return static_cast<T>(value);
}

}  // namespace hamlet::io
