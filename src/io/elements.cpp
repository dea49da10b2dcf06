// SPDX-License-Identifier: MIT
#include "io/elements.hpp"

#include "io/byte_order.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hamlet::io {

// Zeros are left out of the product until the end: 0 × 2⁶² × 2⁶² is refused in whatever order it comes.
Index count(const std::vector<Index>& sizes, Element type) {
  auto bytes = static_cast<Index>(size_of(type));
  bool empty = false;
  for (const Index size : sizes) {
    if (size < 0) throw ValueError(fmt::format("a size of an array is {}: it must not be negative", size));
    if (size == 0) {
      empty = true;
    } else if (__builtin_mul_overflow(bytes, size, &bytes)) {
      throw ValueError(
          fmt::format("an array {} {} has more bytes than can be counted", name_of(type), fmt::join(sizes, " × ")));
    }
  }
  return empty ? 0 : bytes / static_cast<Index>(size_of(type));
}

Array read_elements(Source& source, Element type, std::vector<Index> sizes, Order order, std::endian bytes) {
  try {
    const auto total = static_cast<std::uint64_t>(count(sizes, type)) * size_of(type);
    std::vector<std::byte> data =
        source.take(total, fmt::format("the elements, {} {},", name_of(type), fmt::join(sizes, " × ")));
    source.expect_end();
    to_native(data, size_of(type), bytes);
    return {type, std::move(sizes), order, std::move(data)};
  } catch (const ValueError& error) {
    source.fail(error.what());
  }
}

}  // namespace hamlet::io
