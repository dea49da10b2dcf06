// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hamlet {

/// The type of the elements of an Array. Floats are IEEE 754; a Bool is one byte, 0 or 1.
enum class Element { Bool, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64, Float32, Float64 };

template <class T, class... Types>
concept OneOf = (std::same_as<T, Types> || ...);

/// A C++ type that is the type of an Array's elements.
template <class T>
concept Elemental = OneOf<T, bool, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
                          std::uint32_t, std::uint64_t, float, double>;

/// The Element that `T` is: element_of<double> is Element::Float64.
template <Elemental T>
inline constexpr Element element_of = [] {
  if constexpr (std::same_as<T, bool>) return Element::Bool;
  if constexpr (std::same_as<T, std::int8_t>) return Element::Int8;
  if constexpr (std::same_as<T, std::int16_t>) return Element::Int16;
  if constexpr (std::same_as<T, std::int32_t>) return Element::Int32;
  if constexpr (std::same_as<T, std::int64_t>) return Element::Int64;
  if constexpr (std::same_as<T, std::uint8_t>) return Element::UInt8;
  if constexpr (std::same_as<T, std::uint16_t>) return Element::UInt16;
  if constexpr (std::same_as<T, std::uint32_t>) return Element::UInt32;
  if constexpr (std::same_as<T, std::uint64_t>) return Element::UInt64;
  if constexpr (std::same_as<T, float>) return Element::Float32;
  if constexpr (std::same_as<T, double>) return Element::Float64;
}();

/// Bytes of one element: 1, 2, 4 or 8.
std::size_t size_of(Element type);

/// numpy's name: "bool", "int8", "uint64", "float32", …
std::string_view name_of(Element type);

}  // namespace hamlet
