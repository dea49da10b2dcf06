// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/io/array.hpp>

#include <string>

namespace hamlet {

/// Writes numpy's npy format, version 1.0 where the header fits, which numpy.load opens bit for bit. A failed write
/// throws FileError with the system's reason and leaves what `path` held before; a path that is no regular file is
/// refused.
/// Format: numpy.lib.format, NEP 1.
void save_npy(const std::string& path, const Array& array);

/// Reads an npy file of version 1 to 3, plain or gzipped, either byte order. Throws FileError, naming the offset and
/// the numbers, when it is missing, cut short, longer than its header says, or of an element type that Element lacks.
Array load_npy(const std::string& path);

}  // namespace hamlet
