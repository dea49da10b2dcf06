// SPDX-License-Identifier: MIT
#include "kernel/allocation.hpp"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <cstdlib>
#include <cstring>
#include <new>

namespace hamlet::kernel {

void Free::operator()(std::byte* memory) const { std::free(memory); }

Allocation allocate(std::size_t bytes) {
  constexpr std::size_t line = 64, huge_page = std::size_t{1} << 21;
  const std::size_t alignment = bytes >= huge_page ? huge_page : line;
  bytes = (bytes + alignment - 1) / alignment * alignment;
  Allocation memory(static_cast<std::byte*>(std::aligned_alloc(alignment, bytes)));
  if (!memory) throw std::bad_alloc();
#ifdef __linux__
  // Only a wish: where it is not granted, pages are small.
  if (alignment == huge_page) madvise(memory.get(), bytes, MADV_HUGEPAGE);
#endif
  std::memset(memory.get(), 0, bytes);
  return memory;
}

}  // namespace hamlet::kernel
