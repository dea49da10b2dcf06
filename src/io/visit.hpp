// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/io/element.hpp>

#include <type_traits>
#include <utility>

namespace hamlet::io {

/// Calls `visitor` with std::type_identity<T>, T the C++ type of the element.
template <class Visitor>
decltype(auto) visit(Element type, Visitor&& visitor) {
  switch (type) {
    case Element::Bool:
      return visitor(std::type_identity<bool>{});
    case Element::Int8:
      return visitor(std::type_identity<std::int8_t>{});
    case Element::Int16:
      return visitor(std::type_identity<std::int16_t>{});
    case Element::Int32:
      return visitor(std::type_identity<std::int32_t>{});
    case Element::Int64:
      return visitor(std::type_identity<std::int64_t>{});
    case Element::UInt8:
      return visitor(std::type_identity<std::uint8_t>{});
    case Element::UInt16:
      return visitor(std::type_identity<std::uint16_t>{});
    case Element::UInt32:
      return visitor(std::type_identity<std::uint32_t>{});
    case Element::UInt64:
      return visitor(std::type_identity<std::uint64_t>{});
    case Element::Float32:
      return visitor(std::type_identity<float>{});
    case Element::Float64:
      break;
  }
  return visitor(std::type_identity<double>{});
}

}  // namespace hamlet::io
