// SPDX-License-Identifier: MIT
#include "core/aligned.hpp"

#include <algorithm>

namespace hamlet {

namespace {

/// How many code points there are.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& rows, const std::vector<Side>& sides,
                    std::size_t indent) {
  std::vector<std::size_t> widths(sides.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t column = 0; column < sides.size(); ++column) {
      widths[column] = std::max(widths[column], width(row[column]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line(indent, ' ');
    for (std::size_t column = 0; column < sides.size(); ++column) {
      const std::string padding(widths[column] - width(row[column]), ' ');
      if (column > 0) line += "  ";
      line += sides[column] == Side::left ? row[column] + padding : padding + row[column];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace hamlet
