// SPDX-License-Identifier: MIT
#include "io/npy_header.hpp"

#include "io/byte_order.hpp"
#include "io/elements.hpp"
#include "io/literal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace hamlet::io {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

constexpr std::array<Element, 11> elements{Element::Bool,   Element::Int8,    Element::Int16,  Element::Int32,
                                           Element::Int64,  Element::UInt8,   Element::UInt16, Element::UInt32,
                                           Element::UInt64, Element::Float32, Element::Float64};

// "f8": numpy's kind is the first letter of the name.
std::string code(Element type) { return fmt::format("{}{}", name_of(type).front(), size_of(type)); }

void read_type(Literal& literal, NpyHeader& header, const Source& source) {
  const std::string text = literal.string();
  const auto type = text.empty() ? elements.end() : std::find_if(elements.begin(), elements.end(), [&](Element known) {
    return text.compare(1, std::string::npos, code(known)) == 0;
  });
  const std::size_t order = text.empty() ? std::string::npos : std::string_view("<>=|").find(text.front());
  // Only single bytes have no order.
  if (type == elements.end() || order == std::string::npos || (text.front() == '|' && size_of(*type) > 1)) {
    source.fail(
        fmt::format("elements of type '{}' are not read: only bool, integers of 8 to 64 bits, float32 and "
                    "float64",
                    printable(text)));
  }
  header.type = *type;
  header.bytes = std::array{std::endian::little, std::endian::big, std::endian::native, std::endian::native}[order];
}

NpyHeader parse(const std::string& text, const Source& source) {
  NpyHeader header;
  Literal literal(text, source);
  std::vector<std::string> seen;
  literal.expect('{');
  while (!literal.accept('}')) {
    const std::string key = literal.string();
    literal.expect(':');
    if (key == "descr") {
      read_type(literal, header, source);
    } else if (key == "fortran_order") {
      header.order = literal.boolean() ? Order::Fortran : Order::C;
    } else if (key == "shape") {
      header.sizes = literal.tuple();
    } else {
      source.fail(fmt::format("the header has an unknown key '{}'", printable(key)));
    }
    seen.push_back(key);
    if (!literal.accept(',')) {
      literal.expect('}');
      break;
    }
  }
  literal.expect_end();
  std::sort(seen.begin(), seen.end());
  if (seen != std::vector<std::string>{"descr", "fortran_order", "shape"}) {
    source.fail(fmt::format("the header should have descr, fortran_order and shape once each, found '{}'",
                            fmt::join(seen, "', '")));
  }
  return header;
}

}  // namespace

NpyHeader read_npy_header(Source& source) {
  const auto start = source.take(magic.size() + 2, "the npy magic and version");
  if (!std::equal(magic.begin(), magic.end(), start.begin(), [](char a, std::byte b) { return std::byte(a) == b; })) {
    source.fail(fmt::format("no npy file: should begin with '{}', found '{}'", printable(magic),
                            printable({reinterpret_cast<const char*>(start.data()), magic.size()})));
  }
  const auto major = std::to_integer<int>(start[magic.size()]);
  const auto minor = std::to_integer<int>(start[magic.size() + 1]);
  if (major < 1 || major > 3 || minor != 0) {
    source.fail(
        fmt::format("npy version {}.{} at offset {}: only 1.0, 2.0 and 3.0 are read", major, minor, magic.size()));
  }
  const auto length = source.take(major == 1 ? 2 : 4, "the length of the npy header");
  const auto text = source.take(number(length, std::endian::little), "the npy header");
  return parse(std::string(reinterpret_cast<const char*>(text.data()), text.size()), source);
}

std::string npy_header(Element type, const std::vector<Index>& sizes, Order order, std::size_t least) {
  // numpy calls an array Fortran only where that differs from C: with two axes or more longer than one.
  const bool fortran = order == Order::Fortran && std::find(sizes.begin(), sizes.end(), 0) == sizes.end() &&
                       std::count_if(sizes.begin(), sizes.end(), [](Index size) { return size > 1; }) > 1;
  const char bytes = size_of(type) == 1 ? '|' : std::endian::native == std::endian::little ? '<' : '>';
  std::string text = fmt::format("{{'descr': '{}{}', 'fortran_order': {}, 'shape': ({}{}), }}", bytes, code(type),
                                 fortran ? "True" : "False", fmt::join(sizes, ", "), sizes.size() == 1 ? "," : "");
  // Version 1.0 has two bytes for the length, 2.0 has four; spaces and a line feed fill up to a multiple of 64.
  constexpr std::size_t alignment = 64;
  const auto padded = [&](std::size_t before) {
    return std::max(least, (before + text.size() + alignment) / alignment * alignment);
  };
  const std::size_t short_start = magic.size() + 4;
  const bool fits = padded(short_start) - short_start <= 0xffff;
  const std::size_t start = fits ? short_start : magic.size() + 6;
  text.resize(padded(start) - start - 1, ' ');
  text += '\n';
  std::string header(magic);
  header += fits ? '\1' : '\2';
  header += '\0';
  for (std::size_t i = 0; header.size() < start; ++i) header += static_cast<char>(text.size() >> (8 * i) & 0xff);
  return header + text;
}

Array read_npy(Source& source) {
  NpyHeader header = read_npy_header(source);
  return read_elements(source, header.type, std::move(header.sizes), header.order, header.bytes);
}

}  // namespace hamlet::io
