// SPDX-License-Identifier: MIT
#pragma once

#include "io/source.hpp"

#include <hamlet/io/array.hpp>

#include <bit>
#include <string>
#include <vector>

namespace hamlet::io {

/// What stands before the elements of an npy file.
struct NpyHeader {
  Element type = Element::Float64;
  std::endian bytes = std::endian::native;
  Order order = Order::C;
  std::vector<Index> sizes;
};

/// Reads magic, version, length and dictionary. Throws FileError when they are not those of an npy file.
NpyHeader read_npy_header(Source& source);

/// The bytes before the elements of an array: a multiple of 64, and no fewer than `least`.
std::string npy_header(Element type, const std::vector<Index>& sizes, Order order, std::size_t least = 0);

/// A whole npy file from a source that holds nothing else.
Array read_npy(Source& source);

}  // namespace hamlet::io
