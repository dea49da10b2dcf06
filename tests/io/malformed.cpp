// SPDX-License-Identifier: MIT
#include "io/files.hpp"

#include <hamlet/io/idx.hpp>
#include <hamlet/io/npy.hpp>
#include <hamlet/io/npz.hpp>
#include <hamlet/io/png.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <random>

using namespace hamlet;
using namespace hamlet::test;

namespace {

struct Format {
  std::string name;
  std::function<void(const std::string&)> save;
  std::function<void(const std::string&)> load;
  /// How many bytes at the end may be missing unseen: those that libpng does not ask for.
  std::size_t unread = 0;
};

std::vector<Format> formats() {
  const Array array = random_array(Element::Int16, {2, 3}, Order::Fortran, 4);
  const Npz arrays{{"first", array}, {"second", Array(Element::Float64, {9})}};
  const std::string idx("\0\0\x08\2\0\0\0\2\0\0\0\3abcdef", 18);
  const auto npz = [](const std::string& path) { load_npz(path); };
  const auto read_idx = [](const std::string& path) { load_idx(path); };
  const std::size_t end_of_png = 12 + 4;  // the chunk IEND, and the checksum of the last chunk of pixels
  return {
      {"npy", [=](const std::string& path) { save_npy(path, array); }, [](const std::string& path) { load_npy(path); }},
      {"npz", [=](const std::string& path) { save_npz(path, arrays); }, npz},
      {"deflated npz", [=](const std::string& path) { save_npz(path, arrays, Compression::Deflated); }, npz},
      {"IDX", [=](const std::string& path) { write(path, idx); }, read_idx},
      {"gzipped IDX", [=](const std::string& path) { write_gzip(path, idx); }, read_idx},
      {"PNG", [](const std::string& path) { save_png(path, State::Random(12, 3), {.width = 3, .height = 4}); },
       [](const std::string& path) { load_png(path); }, end_of_png}};
}

// A damaged file may still be a file of its format; if it is not, the exception is FileError and names it.
void check_reads_or_refuses(const Format& format, const std::string& path) {
  try {
    format.load(path);
  } catch (const FileError& error) {
    BOOST_TEST(std::string(error.what()).starts_with(path));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(malformed_files)

BOOST_AUTO_TEST_CASE(a_file_cut_at_any_byte_is_refused) {
  const Folder folder;
  const std::string path = folder / "file";
  for (const Format& format : formats()) {
    format.save(path);
    BOOST_CHECK_NO_THROW(format.load(path));
    const std::string whole = read(path);
    for (std::size_t length = 0; length < whole.size() - format.unread; ++length) {
      write(path, whole.substr(0, length));
      BOOST_TEST_CONTEXT(format.name << " of " << whole.size() << " bytes cut to " << length) {
        CHECK_MESSAGE_OF(FileError, format.load(path), path);
      }
    }
    for (std::size_t length = whole.size() - format.unread; length < whole.size(); ++length) {
      write(path, whole.substr(0, length));
      check_reads_or_refuses(format, path);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_with_any_bit_flipped_is_read_or_refused) {
  const Folder folder;
  const std::string path = folder / "file";
  for (const Format& format : formats()) {
    format.save(path);
    const std::string whole = read(path);
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
      std::string damaged = whole;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
      write(path, damaged);
      BOOST_TEST_CONTEXT(format.name << " with bit " << bit << " flipped") { check_reads_or_refuses(format, path); }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_with_bytes_replaced_at_random_is_read_or_refused) {
  const Folder folder;
  const std::string path = folder / "file";
  std::mt19937 random(1);
  for (const Format& format : formats()) {
    format.save(path);
    const std::string whole = read(path);
    for (int trial = 0; trial < 2000; ++trial) {
      std::string damaged = whole;
      for (int i = 0; i < 1 + trial % 8; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
      write(path, damaged);
      BOOST_TEST_CONTEXT(format.name << ", trial " << trial) { check_reads_or_refuses(format, path); }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
