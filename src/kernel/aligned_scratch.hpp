// SPDX-License-Identifier: MIT
#pragma once

#include "core/scratch.hpp"

#include <cstdint>

namespace hamlet::kernel {

/// Columns of A borrowed from this thread, each on a cache line of its own. Columns lie an odd number of lines apart,
/// so that they do not share the cache's few ways.
template <class A>
class AlignedScratch : private Borrowed {
 public:
  AlignedScratch(Index rows, Index columns)
      : Borrowed((stride_of(rows) * columns * static_cast<Index>(sizeof(A)) + line) /
                 static_cast<Index>(sizeof(double))),
        // NOLINTNEXTLINE(performance-no-int-to-ptr): what is aligned is the number
        data_(reinterpret_cast<A*>((reinterpret_cast<std::uintptr_t>(memory_) + line - 1) / line * line)),
        stride_(stride_of(rows)),
        columns_(columns) {}

  A* column(Index column) const { return data_ + column * stride_; }
  Index stride() const { return stride_; }
  void set_zero() const { std::fill_n(data_, stride_ * columns_, A{0}); }

 private:
  static constexpr Index line = 64;
  static Index stride_of(Index rows) {
    constexpr Index a_line = line / static_cast<Index>(sizeof(A));
    return ((rows + a_line - 1) / a_line | 1) * a_line;
  }

  A* data_;
  Index stride_, columns_;
};

}  // namespace hamlet::kernel
