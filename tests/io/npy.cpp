// SPDX-License-Identifier: MIT
#include "io/files.hpp"

#include <hamlet/io/npy.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace hamlet;
using namespace hamlet::test;

namespace {

// The codes of numpy's array interface: kind and bytes.
std::string code(Element type) {
  const std::array<std::string, 11> codes{"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"};
  return codes[static_cast<std::size_t>(type)];
}

std::string shape_text(const std::vector<Index>& sizes) {
  return sizes.size() == 1 ? fmt::format("({},)", sizes[0]) : fmt::format("({})", fmt::join(sizes, ", "));
}

// An npy file as numpy.lib.format describes it: magic, version, little-endian length (2 bytes, then 4), dictionary,
// spaces and a line feed up to a multiple of 64.
std::string npy(char version, const std::string& dictionary, const std::string& data) {
  const std::size_t start = version == 1 ? 10 : 12;
  std::string header = dictionary;
  while ((start + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string file = "\x93NUMPY";
  file += version;
  file += '\0';
  for (std::size_t i = 0; i < start - 8; ++i) file += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return file + header + data;
}

std::string dictionary(const std::string& descr, bool fortran, const std::vector<Index>& sizes) {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}", descr, fortran ? "True" : "False",
                     shape_text(sizes));
}

std::string reversed_elements(std::string bytes, std::size_t width) {
  for (std::size_t i = 0; i < bytes.size(); i += width) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + width));
  }
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(npy_files)

BOOST_AUTO_TEST_CASE(files_are_those_of_the_format_byte_by_byte_and_read_back) {
  const Folder folder;
  const std::string path = folder / "array.npy";
  for (const Element type : elements) {
    for (const auto& sizes : shapes) {
      for (const Order order : {Order::C, Order::Fortran}) {
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
          const Array array = random_array(type, sizes, order, seed);
          save_npy(path, array);
          // An array whose bytes are the same in both orders is called C, as numpy does.
          const bool both = array.size() == 0 || std::count(sizes.begin(), sizes.end(), 1) + 1 >= array.rank();
          const bool fortran = order == Order::Fortran && !both;
          const std::string descr = fmt::format("{}{}", size_of(type) == 1 ? '|' : '<', code(type));
          BOOST_TEST((read(path) == npy(1, dictionary(descr, fortran, sizes), bytes_of(array))));
          BOOST_TEST(same_elements(load_npy(path), array));
        }
      }
    }
  }
  BOOST_TEST(folder.files() == 1);
}

BOOST_AUTO_TEST_CASE(every_version_and_byte_order_is_read) {
  const Folder folder;
  const std::string path = folder / "array.npy";
  for (const Element type : elements) {
    for (const Order order : {Order::C, Order::Fortran}) {
      const Array array = random_array(type, {3, 4, 2}, order, 11);
      const std::string little = bytes_of(array);
      const std::string big = reversed_elements(little, size_of(type));
      for (const char version : {'\1', '\2', '\3'}) {
        for (const char mark : {'<', '>', '=', '|'}) {
          const bool known = mark != '|' || size_of(type) == 1;
          write(path,
                npy(version, dictionary(fmt::format("{}{}", mark, code(type)), order == Order::Fortran, {3, 4, 2}),
                    mark == '>' ? big : little));
          if (known) BOOST_TEST((load_npy(path) == array));
          if (!known) BOOST_CHECK_THROW(load_npy(path), FileError);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_header_beyond_the_reach_of_version_1_becomes_version_2) {
  const Folder folder;
  const std::string path = folder / "array.npy";
  const std::vector<Index> ones(30000, 1);
  const Array array = random_array(Element::Float64, ones, Order::C, 1);
  save_npy(path, array);
  BOOST_TEST((read(path) == npy(2, dictionary("<f8", false, ones), bytes_of(array))));
  BOOST_TEST((load_npy(path) == array));
}

BOOST_AUTO_TEST_CASE(headers_may_be_any_python_literal_of_the_same_meaning) {
  const Folder folder;
  const std::string path = folder / "array.npy";
  const Array array = random_array(Element::Int16, {2, 3}, Order::C, 5);
  for (const char* header : {"{'shape':(2,3),'descr':'<i2','fortran_order':False}",
                             R"({"descr": "<i2", "shape": (2, 3, ), "fortran_order": False,})",
                             "  {  'descr' :\t'<i2', 'fortran_order' : False , 'shape' : ( 2L , 3L ) , }  "}) {
    write(path, npy(1, header, bytes_of(array)));
    BOOST_TEST((load_npy(path) == array));
    write_gzip(path, npy(1, header, bytes_of(array)));
    BOOST_TEST((load_npy(path) == array));
  }
}

BOOST_AUTO_TEST_CASE(a_header_that_means_something_else_is_refused) {
  const Folder folder;
  const std::string path = folder / "array.npy";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", "'<c16'"},
      {"{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", "'<f2'"},
      {"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "'|O'"},
      {"{'descr': '<U8', 'fortran_order': False, 'shape': (1,), }", "'<U8'"},
      {"{'descr': '', 'fortran_order': False, 'shape': (1,), }", "''"},
      {"{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,), }", "a string"},
      {"{'descr': '<f8', 'fortran_order': 0, 'shape': (1,), }", "True or False"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "a size"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", "counted"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "counted"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (1 1), }", "expected )"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': 1, }", "expected ("},
      {"{'descr': '<f8', 'fortran_order': False, }", "'descr', 'fortran_order'"},
      {"{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", "once each"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'extra': 1}", "'extra'"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } 1", "the end"},
      {"{'descr': '<f8", "a string that ends"},
      {"", "expected {"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }",
       "should be 8000000000000 bytes, found 8"}};
  for (const auto& [header, part] : cases) {
    write(path, npy(1, header, std::string(8, '\0')));
    CHECK_MESSAGE_OF(FileError, load_npy(path), path, part);
  }
  write(path, npy(4, dictionary("<f8", false, {1}), std::string(8, '\0')));
  CHECK_MESSAGE_OF(FileError, load_npy(path), path, "version 4.0");
  write(path, npy(1, dictionary("|b1", false, {2}), "\1\2"));
  CHECK_MESSAGE_OF(FileError, load_npy(path), path, "element 1", "is 2");
  write(path, npy(1, dictionary("<f8", false, {1}), std::string(11, '\0')));
  CHECK_MESSAGE_OF(FileError, load_npy(path), path, "should end at offset 136, found 3 bytes more");
  write(path, "PK\3\4 no array at all");
  CHECK_MESSAGE_OF(FileError, load_npy(path), path, "no npy file");
}

BOOST_AUTO_TEST_SUITE_END()
