// SPDX-License-Identifier: MIT
#include "io/files.hpp"

#include <hamlet/io/npz.hpp>

#include <zip.h>

#include <boost/test/unit_test.hpp>

using namespace hamlet;
using namespace hamlet::test;

namespace {

// An archive of members that are what they are.
void write_zip(const std::string& path, const std::vector<std::pair<std::string, std::string>>& members) {
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  BOOST_REQUIRE(archive != nullptr);
  for (const auto& [name, bytes] : members) {
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    BOOST_REQUIRE(zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8) >= 0);
  }
  BOOST_REQUIRE(zip_close(archive) == 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(npz_files)

BOOST_AUTO_TEST_CASE(every_array_comes_back_under_its_name_in_its_order) {
  const Folder folder;
  const std::string path = folder / "run.npz";
  for (const Compression compression : {Compression::Stored, Compression::Deflated}) {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      Npz arrays;
      for (const Element type : elements) {
        for (const Order order : {Order::C, Order::Fortran}) {
          for (const auto& sizes : shapes) {
            arrays.add("group/ψ " + std::to_string(arrays.names().size()), random_array(type, sizes, order, seed));
          }
        }
      }
      save_npz(path, arrays, compression);
      const Npz found = load_npz(path);
      BOOST_TEST(found.names() == arrays.names());
      for (const std::string& name : arrays.names()) BOOST_TEST(same_elements(found[name], arrays[name]));
    }
  }
  BOOST_TEST(folder.files() == 1);
}

BOOST_AUTO_TEST_CASE(the_same_arrays_give_the_same_bytes_and_packing_shortens_zeros) {
  const Folder folder;
  const Npz arrays{{"zeros", Array(Element::Float64, {1000})}};
  save_npz(folder / "a", arrays);
  save_npz(folder / "b", arrays);
  save_npz(folder / "c", arrays, Compression::Deflated);
  BOOST_TEST(read(folder / "a") == read(folder / "b"));
  BOOST_TEST(read(folder / "a").size() > 8000);
  BOOST_TEST(read(folder / "c").size() < 1000);
}

BOOST_AUTO_TEST_CASE(names_are_checked_and_listed) {
  const Folder folder;
  const Array one = Array::from(1.0);
  Npz arrays{{"time", one}, {"energy", one}};
  BOOST_TEST(arrays.contains("time"));
  BOOST_TEST(!arrays.contains("tim"));
  CHECK_MESSAGE_OF(UnknownError, arrays["states"], "'states'", "'time', 'energy'");
  CHECK_MESSAGE_OF(UnknownError, Npz()["states"], "'states'");
  CHECK_MESSAGE_OF(ValueError, arrays.add("time", one), "'time'");
  BOOST_CHECK_THROW(arrays.add("", one), ValueError);
  BOOST_CHECK_THROW(arrays.add(std::string("a\0b", 3), one), ValueError);
  BOOST_CHECK_THROW(save_npz(folder / "empty.npz", Npz()), ValueError);
  BOOST_CHECK_THROW(save_npz(folder / "wrong.npz", {{"\xff\xfe", one}}), ValueError);
  BOOST_TEST(folder.files() == 0);
}

BOOST_AUTO_TEST_CASE(foreign_archives_are_told_apart) {
  const Folder folder;
  const std::string path = folder / "archive.npz";
  CHECK_MESSAGE_OF(FileError, load_npz(path), path, "No such file");
  write(path, "no archive");
  CHECK_MESSAGE_OF(FileError, load_npz(path), path, "Not a zip archive");
  write_zip(path, {{"readme.txt", "text"}, {".npy", "text"}});
  CHECK_MESSAGE_OF(FileError, load_npz(path), path, "none of its 2 members");
  write_zip(path, {{"x.npy", "text"}});
  CHECK_MESSAGE_OF(FileError, load_npz(path), path, "'x.npy'", "cut short");
  save_npz(folder / "x", {{"x", Array::from(1.0)}});
  const std::string zipped = read(folder / "x");
  const std::string npy = zipped.substr(zipped.find('\x93'), 136);
  write_zip(path, {{"readme.txt", "text"}, {"x.npy", npy}});
  BOOST_TEST(load_npz(path).names() == std::vector<std::string>{"x"});
  BOOST_TEST((load_npz(path)["x"] == Array::from(1.0)));
}

// The archive holds a checksum of every member: a flipped bit of an element does not go unseen.
BOOST_AUTO_TEST_CASE(a_damaged_element_is_seen) {
  const Folder folder;
  const std::string path = folder / "run.npz";
  save_npz(path, {{"x", Array::from(State::Constant(3, 3, 1.5))}});
  std::string bytes = read(path);
  bytes[bytes.find('\x93') + 128 + 20] ^= 1;
  write(path, bytes);
  CHECK_MESSAGE_OF(FileError, load_npz(path), path, "'x.npy'", "CRC");
}

BOOST_AUTO_TEST_SUITE_END()
