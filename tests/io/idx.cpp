// SPDX-License-Identifier: MIT
#include "io/files.hpp"

#include <hamlet/io/idx.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace hamlet;
using namespace hamlet::test;

namespace {

const std::vector<std::pair<Element, char>> types{{Element::UInt8, '\x08'},   {Element::Int8, '\x09'},
                                                  {Element::Int16, '\x0b'},   {Element::Int32, '\x0c'},
                                                  {Element::Float32, '\x0d'}, {Element::Float64, '\x0e'}};

std::string idx(char type, const std::vector<Index>& sizes, const std::string& data) {
  std::string file{'\0', '\0', type, static_cast<char>(sizes.size())};
  for (const Index size : sizes) {
    for (const int shift : {24, 16, 8, 0}) file += static_cast<char>(size >> shift & 0xff);
  }
  return file + data;
}

// The elements from the last byte of each to the first.
std::string big_endian(const Array& array) {
  std::string bytes = bytes_of(array);
  std::reverse(bytes.begin(), bytes.end());
  std::string result;
  for (std::size_t end = bytes.size(); end > 0; end -= size_of(array.type())) {
    result += bytes.substr(end - size_of(array.type()), size_of(array.type()));
  }
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(idx_files)

BOOST_AUTO_TEST_CASE(every_type_and_rank_is_read_plain_and_gzipped) {
  const Folder folder;
  const std::string path = folder / "images";
  for (const auto& [type, code] : types) {
    for (const auto& sizes : shapes) {
      for (std::uint64_t seed = 0; seed < 3; ++seed) {
        const Array array = random_array(type, sizes, Order::C, seed);
        write(path, idx(code, sizes, big_endian(array)));
        BOOST_TEST((load_idx(path) == array));
        write_gzip(path, idx(code, sizes, big_endian(array)));
        BOOST_TEST((load_idx(path) == array));
      }
    }
  }
}

// More than the first piece that is read, so that the pieces meet.
BOOST_AUTO_TEST_CASE(images_are_rows_of_pixels) {
  const Folder folder;
  const Array images = random_array(Element::UInt8, {5000, 28, 28}, Order::C, 7);
  write_gzip(folder / "images.gz", idx('\x08', images.sizes(), bytes_of(images)));
  const State rows = load_idx(folder / "images.gz").slices();
  BOOST_TEST(rows.rows() == 5000);
  BOOST_TEST(rows.cols() == 784);
  for (Index k = 0; k < images.size(); k += 997) {
    BOOST_TEST(rows(k / 784, k % 784) == static_cast<double>(bits(images, k)));
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_whole_idx_is_refused_with_its_numbers) {
  const Folder folder;
  const std::string path = folder / "images";
  CHECK_MESSAGE_OF(FileError, load_idx(path), path, "No such file or directory");
  CHECK_MESSAGE_OF(FileError, load_idx(folder.path()), folder.path());
  for (const auto& save : {write, write_gzip}) {
    save(path, idx('\x08', {2, 3}, "12345"));
    CHECK_MESSAGE_OF(FileError, load_idx(path), path, "uint8 2 × 3", "offset 12 should be 6 bytes, found 5");
    save(path, idx('\x08', {2, 3}, "1234567"));
    CHECK_MESSAGE_OF(FileError, load_idx(path), path, "should end at offset 18, found 1 bytes more");
    save(path, idx('\x0a', {2, 3}, "123456"));
    CHECK_MESSAGE_OF(FileError, load_idx(path), path, "offset 2", "found 0a");
    save(path, "GIF89a");
    CHECK_MESSAGE_OF(FileError, load_idx(path), path, "found 47 49");
    save(path, idx('\x0e', {}, "12"));
    CHECK_MESSAGE_OF(FileError, load_idx(path), path, "offset 4 should be 8 bytes, found 2");
    // Three exabytes, and more than can be counted.
    save(path, idx('\x08', {0xffffffff, 0x2fffffff}, "123456"));
    CHECK_MESSAGE_OF(FileError, load_idx(path), path, "4294967295 × 805306367", "found 6");
    save(path, idx('\x0e', std::vector<Index>(255, 0xffffffff), "123456"));
    CHECK_MESSAGE_OF(FileError, load_idx(path), path, "counted");
  }
}

BOOST_AUTO_TEST_SUITE_END()
