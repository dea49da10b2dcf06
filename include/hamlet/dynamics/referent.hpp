// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <type_traits>

namespace hamlet {

/// What a callable handed over by reference really is: T for std::reference_wrapper<T>, otherwise F itself. Without it,
/// what T can do besides being called would be invisible behind std::ref.
template <class F>
struct Referent {
  using type = F;
};
template <class T>
struct Referent<std::reference_wrapper<T>> {
  using type = T;
};
template <class T>
struct Referent<const std::reference_wrapper<T>> {
  using type = T;
};
template <class F>
using referent_t = typename Referent<F>::type;

/// The address of an object or a function, to be given back its type by `refer`.
template <class T>
void* erase(T& referent) {
  if constexpr (std::is_function_v<T>)
    return reinterpret_cast<void*>(&referent);
  else
    return const_cast<void*>(static_cast<const volatile void*>(std::addressof(referent)));
}
template <class T>
T& refer(void* erased) {
  if constexpr (std::is_function_v<T>)
    return *reinterpret_cast<T*>(erased);
  else
    return *static_cast<T*>(erased);
}

}  // namespace hamlet
