// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/io/array.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hamlet::test {

/// A directory that lives as long as the test case.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(std::string_view name) const { return path_ / name; }
  std::string path() const { return path_; }
  std::size_t files() const;

 private:
  std::filesystem::path path_;
};

void write(const std::string& path, std::string_view bytes);
void write_gzip(const std::string& path, std::string_view bytes);
std::string read(const std::string& path);
std::string bytes_of(const Array& array);

inline constexpr std::array elements{Element::Bool,   Element::Int8,    Element::Int16,  Element::Int32,
                                     Element::Int64,  Element::UInt8,   Element::UInt16, Element::UInt32,
                                     Element::UInt64, Element::Float32, Element::Float64};

/// Ranks 0 to 5, with sizes of one and of none.
extern const std::vector<std::vector<Index>> shapes;

/// splitmix64 (Steele, Lea, Flood 2014): 64 random bits.
std::uint64_t random_bits(std::uint64_t x);

/// An array whose element k, counted with the last axis fastest, is the low bytes of random_bits(seed + k): any bit
/// pattern there is, infinities and NaN among the floats. A bool is the lowest bit.
Array random_array(Element type, const std::vector<Index>& sizes, Order order, std::uint64_t seed);

/// The bits of element k, counted with the last axis fastest whatever the order.
std::uint64_t bits(const Array& array, Index k);

/// The same type, sizes and bits of every element, in whatever order they lie.
bool same_elements(const Array& a, const Array& b);

/// Whether `action` throws an `Exception` whose message holds all `parts`.
template <class Exception, class Action>
bool throws(Action&& action, const std::vector<std::string>& parts, std::string& message) {
  try {
    action();
    message = "(nothing was thrown)";
    return false;
  } catch (const Exception& error) {
    message = error.what();
    return std::all_of(parts.begin(), parts.end(),
                       [&](const std::string& part) { return message.find(part) != std::string::npos; });
  }
}

}  // namespace hamlet::test

/// The action throws `Exception`, and its message holds the strings that follow.
#define CHECK_MESSAGE_OF(Exception, action, ...)                                                 \
  do {                                                                                           \
    std::string message;                                                                         \
    const bool right = hamlet::test::throws<Exception>([&] { action; }, {__VA_ARGS__}, message); \
    BOOST_TEST(right, message);                                                                  \
  } while (false)
