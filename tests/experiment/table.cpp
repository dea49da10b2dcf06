// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/experiment/table.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A file that goes when the test does.
struct File {
  std::string path = std::filesystem::temp_directory_path() / "hamlet_table_test";
  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::filesystem::remove(path); }
  std::string bytes() const {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

/// What RFC 4180 says is in a file: rows of cells.
std::vector<std::vector<std::string>> parsed(const std::string& file) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row{""};
  bool quoted = false;
  for (std::size_t at = 0; at < file.size(); ++at) {
    const char c = file[at];
    if (quoted) {
      if (c != '"') {
        row.back() += c;
      } else if (file[at + 1] == '"') {
        row.back() += file[++at];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      BOOST_TEST(row.back().empty());
      quoted = true;
    } else if (c == ',') {
      row.emplace_back();
    } else if (c == '\r') {
      BOOST_TEST(file[++at] == '\n');
      rows.push_back(row);
      row = {""};
    } else {
      BOOST_TEST(c != '\n');
      row.back() += c;
    }
  }
  BOOST_TEST((row == std::vector<std::string>{""}));
  return rows;
}

Table example() {
  Table table;
  table.add({{"variant", "τ = 1"}, {"seed", 3}, {"overlap", 0.8765432}});
  table.add({{"variant", "lesioned"}, {"seed", 12u}, {"overlap", -1e-20}});
  table.add({{"variant", "τ = 1"}, {"seed", std::uint64_t{4}}, {"overlap", 1.0f}});
  return table;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(columns_are_of_numbers_or_of_text) {
  const Table table = example();
  BOOST_TEST(table.rows() == 3);
  BOOST_TEST((table.columns() == std::vector<std::string>{"variant", "seed", "overlap"}));
  BOOST_TEST(table.holds_text("variant"));
  BOOST_TEST(!table.holds_text("seed"));
  BOOST_TEST((table.texts("variant") == std::vector<std::string>{"τ = 1", "lesioned", "τ = 1"}));
  BOOST_TEST((table.numbers("seed") == std::vector<double>{3, 12, 4}));
  BOOST_TEST((table.numbers("overlap") == std::vector<double>{0.8765432, -1e-20, 1}));
  BOOST_TEST(Table{}.rows() == 0);
  BOOST_TEST(Table{}.columns().empty());
}

BOOST_AUTO_TEST_CASE(it_is_printed_aligned) {
  std::ostringstream out, nothing;
  out << example();
  BOOST_TEST(out.str() ==
             "variant   seed   overlap\n"
             "τ = 1        3  0.876543\n"
             "lesioned    12    -1e-20\n"
             "τ = 1        4         1\n");
  nothing << Table{};
  BOOST_TEST(nothing.str() == "");
}

BOOST_AUTO_TEST_CASE(rows_that_do_not_fit_are_refused_and_leave_the_table_as_it_was) {
  Table table = example();
  const auto add = [&](const Table::Row& row) { return message<ValueError>([&] { table.add(row); }); };
  BOOST_TEST(names(add({{"variant", "x"}, {"seed", 1}}), {"row 3", "'variant', 'seed'", "'overlap'"}));
  BOOST_TEST(names(add({{"seed", 1}, {"variant", "x"}, {"overlap", 1}}), {"row 3", "'seed', 'variant', 'overlap'"}));
  BOOST_TEST(names(add({{"variant", "x"}, {"seed", "1"}, {"overlap", 1}}), {"row 3", "a text", "'seed'", "numbers"}));
  BOOST_TEST(names(add({{"variant", 1}, {"seed", 1}, {"overlap", 1}}), {"row 3", "a number", "'variant'", "text"}));
  BOOST_TEST(names(add({}), {"row 3"}));
  BOOST_TEST(table.rows() == 3);
  BOOST_TEST(table.numbers("overlap").size() == 3u);
  BOOST_TEST(names(message<ValueError>([] { Table{}.add({}); }), {"first row", "empty"}));
  BOOST_TEST(names(message<ValueError>([] { Table{}.add({{"a", 1}, {"b", 1}, {"a", 2}}); }), {"two", "'a'"}));
  BOOST_TEST(
      names(message<UnknownError>([&] { table.numbers("seeds"); }), {"'seeds'", "'variant', 'seed', 'overlap'"}));
  BOOST_TEST(names(message<ValueError>([&] { table.numbers("variant"); }), {"'variant'", "text"}));
  BOOST_TEST(names(message<ValueError>([&] { table.texts("seed"); }), {"'seed'", "numbers"}));
}

BOOST_AUTO_TEST_CASE(integers_that_no_double_is_are_refused) {
  const std::int64_t largest = std::int64_t{1} << 53;
  BOOST_TEST(std::get<double>(Cell(largest).value()) == 9007199254740992.0);
  BOOST_TEST(std::get<double>(Cell(-largest).value()) == -9007199254740992.0);
  BOOST_TEST(names(message<ValueError>([&] { Cell{largest + 1}; }), {"9007199254740993"}));
  BOOST_TEST(names(message<ValueError>([&] { Cell{-largest - 1}; }), {"-9007199254740993"}));
  BOOST_TEST(names(message<ValueError>([] { Cell{~std::uint64_t{0}}; }), {"18446744073709551615"}));
}

BOOST_AUTO_TEST_CASE(csv_reads_back_as_what_was_written) {
  const std::vector<std::string> texts{"plain",        "",   "a, b",  "say \"so\"", "two\nlines",
                                       "two\r\nlines", "\"", "β ≥ 1", " "};
  const std::vector<double> numbers{0.1,  1.0 / 3,          1e-300,  -0.0, 5e-324, 1.7976931348623157e308,
                                    1e22, 12345678901234.5, infinity};
  Table table;
  for (std::size_t row = 0; row < texts.size(); ++row) table.add({{"a \"text\", so", texts[row]}, {"x", numbers[row]}});
  const File file;
  save_csv(file.path, table);
  const auto rows = parsed(file.bytes());
  BOOST_REQUIRE(rows.size() == texts.size() + 1);
  BOOST_TEST((rows[0] == std::vector<std::string>{"a \"text\", so", "x"}));
  for (std::size_t row = 0; row < texts.size(); ++row) {
    BOOST_REQUIRE(rows[row + 1].size() == 2u);
    BOOST_TEST(rows[row + 1][0] == texts[row]);
    const double back = std::strtod(rows[row + 1][1].c_str(), nullptr);
    BOOST_TEST(back == numbers[row]);
    BOOST_TEST(std::signbit(back) == std::signbit(numbers[row]));
  }
}

BOOST_AUTO_TEST_CASE(csv_is_what_the_format_says) {
  const File file;
  save_csv(file.path, example());
  BOOST_TEST(file.bytes() == "variant,seed,overlap\r\nτ = 1,3,0.8765432\r\nlesioned,12,-1e-20\r\nτ = 1,4,1\r\n");
}

BOOST_AUTO_TEST_CASE(arrays_hold_the_numbers_and_number_the_texts) {
  const Npz arrays = to_npz(example());
  BOOST_TEST((arrays.names() == std::vector<std::string>{"variant", "variant/names", "seed", "overlap"}));
  BOOST_TEST((arrays["variant"] == Array::from(std::vector<std::int64_t>{0, 1, 0})));
  BOOST_TEST((arrays["seed"] == Array::from(std::vector<double>{3, 12, 4})));
  BOOST_TEST((arrays["overlap"] == Array::from(std::vector<double>{0.8765432, -1e-20, 1})));
  const Array& written = arrays["variant/names"];
  BOOST_TEST((written.sizes() == std::vector<Index>{2, 8}));
  const auto bytes = written.values<std::uint8_t>();
  const std::string all(bytes.begin(), bytes.end());
  BOOST_TEST(all == std::string("τ = 1\0\0lesioned", 16));
  BOOST_TEST(to_npz(Table{}).names().empty());
  Table nameless;
  nameless.add({{"text", ""}});
  BOOST_TEST((to_npz(nameless)["text/names"].sizes() == std::vector<Index>{1, 1}));
}

BOOST_AUTO_TEST_SUITE_END()
