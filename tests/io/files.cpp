// SPDX-License-Identifier: MIT
#include "io/files.hpp"

#include <unistd.h>
#include <zlib.h>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <fstream>
#include <iterator>

namespace hamlet::test {
namespace {

// The indices of element k, counted with the last axis fastest.
std::vector<Index> indices(const std::vector<Index>& sizes, Index k) {
  std::vector<Index> index(sizes.size());
  for (std::size_t axis = sizes.size(); axis-- > 0; k /= sizes[axis]) index[axis] = k % sizes[axis];
  return index;
}

// Where element k lies: k itself in C order, Σ iₐ Π_{b<a} size_b in Fortran order.
Index position(const std::vector<Index>& sizes, Order order, Index k) {
  if (order == Order::C) return k;
  const std::vector<Index> index = indices(sizes, k);
  Index place = 0;
  Index stride = 1;
  for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
    place += index[axis] * stride;
    stride *= sizes[axis];
  }
  return place;
}

}  // namespace

const std::vector<std::vector<Index>> shapes{
    {},     {1},    {5},       {0},       {3, 4},    {1, 7},       {7, 1},
    {0, 3}, {3, 0}, {2, 3, 4}, {1, 1, 6}, {4, 0, 2}, {2, 1, 3, 2}, {2, 3, 1, 2, 2}};

Folder::Folder() {
  std::string name = std::filesystem::temp_directory_path() / "hamlet-io-XXXXXX";
  BOOST_REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

Folder::~Folder() { std::filesystem::remove_all(path_); }

std::size_t Folder::files() const {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
}

// Some file systems write a file that is truncated and filled again to the disk at once: a thousand times slower.
void write(const std::string& path, std::string_view bytes) {
  std::filesystem::remove(path);
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  BOOST_REQUIRE(file.good());
}

void write_gzip(const std::string& path, std::string_view bytes) {
  std::filesystem::remove(path);
  gzFile file = gzopen(path.c_str(), "wb");
  BOOST_REQUIRE(file != nullptr);
  BOOST_REQUIRE(gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())) == static_cast<int>(bytes.size()));
  BOOST_REQUIRE(gzclose(file) == Z_OK);
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string bytes_of(const Array& array) {
  return {reinterpret_cast<const char*>(array.bytes().data()), array.bytes().size()};
}

std::uint64_t random_bits(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

Array random_array(Element type, const std::vector<Index>& sizes, Order order, std::uint64_t seed) {
  Index count = 1;
  for (const Index size : sizes) count *= size;
  const std::size_t width = size_of(type);
  std::vector<std::byte> bytes(static_cast<std::size_t>(count) * width);
  for (Index k = 0; k < count; ++k) {
    std::uint64_t value = random_bits(seed + static_cast<std::uint64_t>(k));
    if (type == Element::Bool) value &= 1;
    std::memcpy(bytes.data() + static_cast<std::size_t>(position(sizes, order, k)) * width, &value, width);
  }
  return {type, sizes, order, bytes};
}

std::uint64_t bits(const Array& array, Index k) {
  std::uint64_t value = 0;
  const std::size_t width = size_of(array.type());
  const auto place = static_cast<std::size_t>(position(array.sizes(), array.order(), k));
  std::memcpy(&value, array.bytes().data() + place * width, width);
  return value;
}

bool same_elements(const Array& a, const Array& b) {
  if (a.type() != b.type() || a.sizes() != b.sizes()) return false;
  for (Index k = 0; k < a.size(); ++k) {
    if (bits(a, k) != bits(b, k)) return false;
  }
  return true;
}

}  // namespace hamlet::test
