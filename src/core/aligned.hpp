// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace hamlet {

/// On which side of a column of text its cells are aligned.
enum class Side { left, right };

/// Rows of cells as lines of text: columns as wide as their widest cell, two spaces apart, behind `indent` spaces.
/// Cells are UTF-8, every code point one column of a terminal wide. Every row has a cell for each of the `sides`.
std::string aligned(const std::vector<std::vector<std::string>>& rows, const std::vector<Side>& sides,
                    std::size_t indent = 0);

}  // namespace hamlet
