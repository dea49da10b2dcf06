// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <new>

namespace hamlet {

/// Memory that begins with a cache line, so that no vector register is loaded from two: for std::vector.
/// Throws std::bad_alloc.
template <class T>
struct LineAllocator {
  using value_type = T;

  LineAllocator() = default;
  template <class U>
  LineAllocator(const LineAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), line)); }
  void deallocate(T* memory, std::size_t) noexcept { ::operator delete(memory, line); }

  template <class U>
  friend bool operator==(const LineAllocator&, const LineAllocator<U>&) noexcept {
    return true;
  }

 private:
  static constexpr std::align_val_t line{64};
};

}  // namespace hamlet
