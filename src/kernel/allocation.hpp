// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>

namespace hamlet::kernel {

struct Free {
  void operator()(std::byte* memory) const;
};

/// Memory full of zeros; large pieces lie on huge pages where the system has them, which saves a few per cent of a
/// stream's time.
// NOLINTNEXTLINE(modernize-avoid-c-arrays): owned as an array
using Allocation = std::unique_ptr<std::byte[], Free>;
Allocation allocate(std::size_t bytes);

}  // namespace hamlet::kernel
