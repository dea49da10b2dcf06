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

/// The bytes before the elements of `array`: a multiple of 64.
std::string npy_header(const Array& array);

/// A whole npy file from a source that holds nothing else.
Array read_npy(Source& source);

}  // namespace hamlet::io
