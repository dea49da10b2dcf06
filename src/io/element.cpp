// SPDX-License-Identifier: MIT
#include "io/visit.hpp"

namespace hamlet {

std::size_t size_of(Element type) {
  return io::visit(type, []<class T>(std::type_identity<T>) { return sizeof(T); });
}

std::string_view name_of(Element type) {
  switch (type) {
    case Element::Bool:
      return "bool";
    case Element::Int8:
      return "int8";
    case Element::Int16:
      return "int16";
    case Element::Int32:
      return "int32";
    case Element::Int64:
      return "int64";
    case Element::UInt8:
      return "uint8";
    case Element::UInt16:
      return "uint16";
    case Element::UInt32:
      return "uint32";
    case Element::UInt64:
      return "uint64";
    case Element::Float32:
      return "float32";
    case Element::Float64:
      break;
  }
  return "float64";
}

}  // namespace hamlet
