// SPDX-License-Identifier: MIT
#include "io/files.hpp"
#include "io/growing_npy.hpp"

#include <hamlet/io/npy.hpp>
#include <hamlet/io/npz.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <map>

using namespace hamlet;
using namespace hamlet::test;

namespace {

boost::test_tools::assertion_result numpy_is_there(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result(!std::string_view(HAMLET_NUMPY_PYTHON).empty());
  result.message() << "no Python with numpy was found";
  return result;
}

int run_peer(const std::string& action, const Folder& folder) {
  return std::system(fmt::format("'{}' '{}' {} '{}' > '{}'", HAMLET_NUMPY_PYTHON, HAMLET_NUMPY_PEER, action,
                                 folder.path(), folder / "count")
                         .c_str());
}

// TYPE_ORDER_SIZES_SEED, which both sides can turn into the array.
std::string name(Element type, const std::vector<Index>& sizes, Order order, std::uint64_t seed) {
  return fmt::format("{}_{}_{}_{}", name_of(type), order == Order::C ? 'C' : 'F',
                     sizes.empty() ? "scalar" : fmt::format("{}", fmt::join(sizes, "x")), seed);
}

Array named(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '_') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  const auto type = std::find_if(elements.begin(), elements.end(), [&](Element e) { return name_of(e) == parts[0]; });
  BOOST_REQUIRE((type != elements.end()));
  std::vector<Index> sizes;
  for (std::size_t at = 0; parts[2] != "scalar" && at != std::string::npos;) {
    sizes.push_back(std::stol(parts[2].substr(at)));
    at = parts[2].find('x', at);
    if (at != std::string::npos) ++at;
  }
  return random_array(*type, sizes, parts[1] == "C" ? Order::C : Order::Fortran, std::stoull(parts[3]));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy, *boost::unit_test::precondition(numpy_is_there))

BOOST_AUTO_TEST_CASE(numpy_reads_what_is_written_bit_for_bit) {
  const Folder folder;
  Npz arrays;
  std::size_t count = 0;
  for (const Element type : elements) {
    for (const Order order : {Order::C, Order::Fortran}) {
      for (const auto& sizes : shapes) {
        const std::string text = name(type, sizes, order, count++);
        const Array array = named(text);
        save_npy(folder / (text + ".npy"), array);
        arrays.add("gröup/" + text, array);
      }
    }
  }
  save_npz(folder / "stored.npz", arrays);
  save_npz(folder / "deflated.npz", arrays, Compression::Deflated);
  BOOST_TEST(run_peer("check", folder) == 0);
  BOOST_TEST(read(folder / "count") == fmt::format("{}\n", 3 * count));
}

// Whatever a write had begun when the program died lies behind what the header counts.
BOOST_AUTO_TEST_CASE(numpy_reads_files_that_grow_whenever_they_were_flushed) {
  const Folder folder;
  std::size_t count = 0;
  for (const std::vector<Index>& sizes :
       {std::vector<Index>{0}, {1}, {12345}, {0, 3}, {7, 3}, {9, 3, 4}, {100, 1, 1}}) {
    for (const Index at_once : {1, 4}) {
      const std::string text = name(Element::Float64, sizes, Order::C, count++);
      const Array array = named(text);
      const std::vector<Index> slice(sizes.begin() + 1, sizes.end());
      const std::string path = folder / (text + ".npy");
      auto file = io::GrowingNpy::create(path, slice);
      const std::size_t length = array.size() == 0 ? 0 : static_cast<std::size_t>(array.size() / sizes[0]);
      for (Index k = 0; k < sizes[0]; ++k) {
        file.append(array.values<double>().subspan(static_cast<std::size_t>(k) * length, length));
        if (k % at_once == 0) file.flush();
      }
      file.flush();
      BOOST_TEST(same_elements(load_npy(path), array));
      std::ofstream(path, std::ios::app | std::ios::binary) << "part of a slice";
    }
  }
  BOOST_TEST(run_peer("check", folder) == 0);
  BOOST_TEST(read(folder / "count") == fmt::format("{}\n", count));
}

BOOST_AUTO_TEST_CASE(what_numpy_writes_is_read_bit_for_bit) {
  const Folder folder;
  BOOST_REQUIRE(run_peer("write", folder) == 0);
  std::map<std::string, int> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() == ".npy") {
      BOOST_TEST(same_elements(load_npy(path), named(path.stem())), path);
    } else if (path.extension() == ".npz") {
      const Npz arrays = load_npz(path);
      for (const std::string& key : arrays.names()) BOOST_TEST(same_elements(arrays[key], named(key)), path << key);
      BOOST_TEST(arrays.names().size() == 11 * 2 * 10);
    }
    ++files[path.extension()];
  }
  BOOST_TEST(files[".npy"] == 11 * 2 * 10 * 5);
  BOOST_TEST(files[".npz"] == 2);
}

BOOST_AUTO_TEST_SUITE_END()
