// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>
#include <hamlet/io/npz.hpp>

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hamlet {

/// A number or a text in a Table.
class Cell {
 public:
  template <std::floating_point T>
  Cell(T number) : value_(static_cast<double>(number)) {}
  /// Throws ValueError for an integer beyond 2⁵³ in magnitude: no double is certain to be it.
  template <std::signed_integral T>
  Cell(T number) : Cell(exactly(std::int64_t{number})) {}
  template <std::unsigned_integral T>
  Cell(T number) : Cell(exactly(std::uint64_t{number})) {}
  Cell(std::string text) : value_(std::move(text)) {}
  Cell(const char* text) : value_(text) {}

  /// A double or a text.
  const std::variant<double, std::string>& value() const { return value_; }

 private:
  static double exactly(std::int64_t number);
  static double exactly(std::uint64_t number);

  std::variant<double, std::string> value_;
};

/// Columns by name, of numbers or of text, one row a run of an experiment.
///
///     Table table;
///     table.add({{"variant", "lesioned"}, {"seed", 3}, {"overlap", 0.87}});
///     std::cout << table;
class Table {
 public:
  using Row = std::vector<std::pair<std::string, Cell>>;

  /// A row below those there are. The first names the columns, and says which hold text. Throws ValueError when it is
  /// empty or repeats a name, or when a later one has other names or kinds, or another order.
  void add(const Row& row);

  /// The number of rows.
  Index rows() const;
  /// The names of the columns, in order.
  std::vector<std::string> columns() const;
  /// Whether a column holds text. This and the next two throw UnknownError, listing the columns there are.
  bool holds_text(std::string_view column) const;
  /// One a row. Throws ValueError when the column holds text.
  const std::vector<double>& numbers(std::string_view column) const;
  /// One a row. Throws ValueError when the column holds numbers.
  const std::vector<std::string>& texts(std::string_view column) const;

 private:
  struct Column {
    std::string name;
    std::variant<std::vector<double>, std::vector<std::string>> cells;
  };

  const Column& at(std::string_view column) const;

  std::vector<Column> columns_;
};

/// Its columns aligned, numbers to six digits.
std::ostream& operator<<(std::ostream&, const Table&);

/// Writes comma-separated values, names first; every number reads back as the same double. Throws FileError as
/// save_npy. Format: RFC 4180.
void save_csv(const std::string& path, const Table& table);

/// The columns as arrays: f64 for numbers. A column of text is the int64 number of each row's text among those of
/// "COLUMN/names", distinct and in the order they appear, which are UTF-8 padded with zeros, uint8 texts × bytes;
/// in numpy: `names.view(f"S{names.shape[1]}")[:, 0]`.
Npz to_npz(const Table& table);

}  // namespace hamlet
