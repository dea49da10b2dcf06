// SPDX-License-Identifier: MIT
#include "io/byte_order.hpp"
#include "io/elements.hpp"

#include <hamlet/io/idx.hpp>

#include <fmt/format.h>

namespace hamlet {
namespace {

Element element(std::byte code, const io::Source& source) {
  switch (std::to_integer<int>(code)) {
    case 0x08:
      return Element::UInt8;
    case 0x09:
      return Element::Int8;
    case 0x0B:
      return Element::Int16;
    case 0x0C:
      return Element::Int32;
    case 0x0D:
      return Element::Float32;
    case 0x0E:
      return Element::Float64;
    default:
      break;
  }
  source.fail(fmt::format("no IDX file: the element type at offset 2 should be 08, 09, 0b, 0c, 0d or 0e, found {:02x}",
                          std::to_integer<int>(code)));
}

}  // namespace

Array load_idx(const std::string& path) {
  io::FileSource source(path);
  // 00 00 type rank, then one size an axis and the elements, all big-endian.
  const auto magic = source.take(4, "the IDX magic number");
  if (magic[0] != std::byte{0} || magic[1] != std::byte{0}) {
    source.fail(fmt::format("no IDX file: should begin with the bytes 00 00, found {:02x} {:02x}",
                            std::to_integer<int>(magic[0]), std::to_integer<int>(magic[1])));
  }
  const Element type = element(magic[2], source);
  std::vector<Index> sizes(std::to_integer<std::size_t>(magic[3]));
  const auto header = source.take(4 * sizes.size(), "the sizes");
  for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
    sizes[axis] = io::number(std::span(header).subspan(4 * axis, 4), std::endian::big);
  }
  return io::read_elements(source, type, std::move(sizes), Order::C, std::endian::big);
}

}  // namespace hamlet
