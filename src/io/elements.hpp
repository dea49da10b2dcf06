// SPDX-License-Identifier: MIT
#pragma once

#include "io/source.hpp"

#include <hamlet/io/array.hpp>

#include <bit>
#include <vector>

namespace hamlet::io {

/// The number of elements. Throws ValueError when a size is negative or the bytes cannot be counted.
Index count(const std::vector<Index>& sizes, Element type);

/// The rest of `source`: the elements that its header promised, in the byte order `bytes`. Throws FileError when there
/// are more or fewer, when the sizes cannot be counted, or when a Bool is neither 0 nor 1.
Array read_elements(Source& source, Element type, std::vector<Index> sizes, Order order, std::endian bytes);

}  // namespace hamlet::io
