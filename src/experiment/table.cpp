// SPDX-License-Identifier: MIT
#include "core/aligned.hpp"
#include "io/output.hpp"

#include <hamlet/experiment/table.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>
#include <span>
#include <utility>

namespace hamlet {
namespace {

constexpr std::int64_t exact = std::int64_t{1} << 53;

template <class T>
double checked(T number) {
  if (std::cmp_greater(number, exact) || std::cmp_less(number, -exact)) {
    throw ValueError(
        fmt::format("{} cannot be a number of a table: beyond 2⁵³ doubles are further than 1 apart", number));
  }
  return static_cast<double>(number);
}

/// The names and then every row, numbers as `format` writes them and texts as they are.
template <class Number>
std::vector<std::vector<std::string>> written(const Table& table, const Number& format) {
  std::vector<std::vector<std::string>> lines(static_cast<std::size_t>(table.rows()) + 1);
  for (const std::string& name : table.columns()) {
    auto line = lines.begin();
    (line++)->push_back(name);
    if (table.holds_text(name)) {
      for (const std::string& text : table.texts(name)) (line++)->push_back(text);
    } else {
      for (const double number : table.numbers(name)) (line++)->push_back(format(number));
    }
  }
  return lines;
}

/// Cells with a comma, a quote or a line's end are quoted, and quotes in them doubled.
std::string csv(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += c;
    quoted += c;
  }
  return quoted + '"';
}

/// Number of each text among the distinct ones, and those.
std::pair<std::vector<std::int64_t>, std::vector<std::string>> numbered(const std::vector<std::string>& texts) {
  std::vector<std::int64_t> numbers;
  std::vector<std::string> distinct;
  for (const std::string& text : texts) {
    const auto found = std::find(distinct.begin(), distinct.end(), text);
    numbers.push_back(found - distinct.begin());
    if (found == distinct.end()) distinct.push_back(text);
  }
  return {numbers, distinct};
}

Array padded(const std::vector<std::string>& texts) {
  std::size_t width = 1;
  for (const std::string& text : texts) width = std::max(width, text.size());
  Array bytes(Element::UInt8, {static_cast<Index>(texts.size()), static_cast<Index>(width)});
  auto next = bytes.values<std::uint8_t>().begin();
  for (const std::string& text : texts) {
    std::copy(text.begin(), text.end(), next);
    next += static_cast<std::ptrdiff_t>(width);
  }
  return bytes;
}

}  // namespace

double Cell::exactly(std::int64_t number) { return checked(number); }
double Cell::exactly(std::uint64_t number) { return checked(number); }

void Table::add(const Row& row) {
  std::vector<std::string> names;
  for (const auto& [name, cell] : row) names.push_back(name);
  const bool first = columns_.empty();
  if (first) {
    if (row.empty()) throw ValueError("the first row of a table is empty: it names the columns");
    for (auto name = names.begin(); name != names.end(); ++name) {
      if (std::find(names.begin(), name, *name) == name) continue;
      throw ValueError(fmt::format("the first row of a table has two cells named '{}'", *name));
    }
  } else if (names != columns()) {
    throw ValueError(fmt::format("row {} of a table has cells '{}', its columns are '{}'", rows(),
                                 fmt::join(names, "', '"), fmt::join(columns(), "', '")));
  }
  for (std::size_t at = 0; !first && at < row.size(); ++at) {
    if (row[at].second.value().index() == columns_[at].cells.index()) continue;
    throw ValueError(fmt::format("row {} of a table has {} in the column '{}' of {}", rows(),
                                 columns_[at].cells.index() == 0 ? "a text" : "a number", names[at],
                                 columns_[at].cells.index() == 0 ? "numbers" : "texts"));
  }
  for (std::size_t at = 0; at < row.size(); ++at) {
    std::visit(
        [&](const auto& value) {
          using Values = std::vector<std::decay_t<decltype(value)>>;
          if (first) columns_.push_back({names[at], Values{}});
          std::get<Values>(columns_[at].cells).push_back(value);
        },
        row[at].second.value());
  }
}

Index Table::rows() const {
  if (columns_.empty()) return 0;
  return std::visit([](const auto& cells) { return static_cast<Index>(cells.size()); }, columns_.front().cells);
}

std::vector<std::string> Table::columns() const {
  std::vector<std::string> names;
  for (const Column& column : columns_) names.push_back(column.name);
  return names;
}

const Table::Column& Table::at(std::string_view column) const {
  for (const Column& each : columns_) {
    if (each.name == column) return each;
  }
  throw UnknownError(fmt::format("there is no column '{}'; the table has '{}'", column, fmt::join(columns(), "', '")));
}

bool Table::holds_text(std::string_view column) const { return at(column).cells.index() == 1; }

const std::vector<double>& Table::numbers(std::string_view column) const {
  const auto* const cells = std::get_if<std::vector<double>>(&at(column).cells);
  if (cells == nullptr) throw ValueError(fmt::format("the column '{}' holds text, not numbers", column));
  return *cells;
}

const std::vector<std::string>& Table::texts(std::string_view column) const {
  const auto* const cells = std::get_if<std::vector<std::string>>(&at(column).cells);
  if (cells == nullptr) throw ValueError(fmt::format("the column '{}' holds numbers, not text", column));
  return *cells;
}

std::ostream& operator<<(std::ostream& out, const Table& table) {
  if (table.rows() == 0) return out;
  std::vector<Side> sides;
  for (const std::string& name : table.columns()) sides.push_back(table.holds_text(name) ? Side::left : Side::right);
  return out << aligned(written(table, [](double number) { return fmt::format("{:.6g}", number); }), sides);
}

void save_csv(const std::string& path, const Table& table) {
  std::string file;
  for (auto& line : written(table, [](double number) { return fmt::format("{}", number); })) {
    for (std::string& cell : line) cell = csv(cell);
    file += fmt::format("{}\r\n", fmt::join(line, ","));
  }
  io::OutputFile output(path);
  output.write(std::as_bytes(std::span(file)));
  output.commit();
}

Npz to_npz(const Table& table) {
  Npz arrays;
  for (const std::string& name : table.columns()) {
    if (!table.holds_text(name)) {
      arrays.add(name, Array::from(table.numbers(name)));
      continue;
    }
    const auto [numbers, texts] = numbered(table.texts(name));
    arrays.add(name, Array::from(numbers));
    arrays.add(name + "/names", padded(texts));
  }
  return arrays;
}

}  // namespace hamlet
