// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/io/array.hpp>

#include <string>

namespace hamlet {

/// Reads an IDX file, the format of MNIST and its relatives, plain or gzipped: all six element types, any rank, in C
/// order. Images are count × height × width, so `load_idx(path).slices()` is count × pixels with one image a row, and
/// labels are `load_idx(path).vector<std::uint8_t>()`. Throws FileError, naming the offset and the numbers, when the
/// file is missing, cut short, longer than its header says, or no IDX.
/// Format: LeCun, Cortes, Burges, "The MNIST database".
Array load_idx(const std::string& path);

}  // namespace hamlet
