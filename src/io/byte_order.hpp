// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hamlet::io {

/// Turns elements of `size` bytes each from the byte order `from` into the machine's.
inline void to_native(std::span<std::byte> bytes, std::size_t size, std::endian from) {
  if (from == std::endian::native || size == 1) return;
  for (std::size_t i = 0; i < bytes.size(); i += size) std::reverse(bytes.data() + i, bytes.data() + i + size);
}

/// The unsigned number that all of `bytes` are in the byte order `from`.
inline std::uint32_t number(std::span<const std::byte> bytes, std::endian from) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::byte next = bytes[from == std::endian::big ? i : bytes.size() - 1 - i];
    value = value << 8 | std::to_integer<std::uint32_t>(next);
  }
  return value;
}

}  // namespace hamlet::io
