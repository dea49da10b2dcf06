// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/allocation.hpp"
#include "kernel/tiles.hpp"

#include <hamlet/core/state.hpp>
#include <hamlet/core/storage.hpp>

#include <vector>

namespace hamlet::kernel {

/// A matrix W of weights, a memory a row, as products stream through it:
///
///     panel of 8 rows ─┬─ granule of 16 columns ─┬─ row ── 16 weights
///                      ├─ granule                ├─ row
///                      ⋮                         ⋮
///
/// Rows and columns of zeros fill up the last panel and granule.
class Panels {
 public:
  Panels(Storage storage, Index columns);
  Panels(Storage storage, const ConstView& rows);
  Panels(const Panels& other);
  Panels(Panels&&) = default;
  Panels& operator=(const Panels&) = delete;
  Panels& operator=(Panels&&) = default;
  ~Panels() = default;

  /// Amortised O(1) a weight. Throws ValueError, and changes nothing, when f32 cannot hold one.
  void append(const ConstView& rows);

  Storage storage() const { return storage_; }
  Index rows() const { return rows_; }
  Index columns() const { return columns_; }

  /// W(row, column) as it was rounded.
  double weight(Index row, Index column) const;

  /// What a stored weight of that row is multiplied by, one a row and 1 where rows fill up the last panel; null for f64
  /// and f32.
  const double* scales() const { return scales_.empty() ? nullptr : scales_.data(); }

  Index panels() const { return (rows_ + panel_rows - 1) / panel_rows; }
  Index granules() const { return (columns_ + granule_columns - 1) / granule_columns; }

  /// How many weights a panel begins after the one before.
  Index stride() const { return stride_; }

  /// The first weight of the storage's type T.
  template <class T>
  const T* data() const {
    return reinterpret_cast<const T*>(memory_.get());
  }

 private:
  std::size_t bytes(Index panels) const;
  template <class T>
  void write(const ConstView& rows);

  Storage storage_;
  Index rows_ = 0, columns_, stride_, capacity_ = 0;  // capacity in panels
  Allocation memory_;
  std::vector<double> scales_;
};

/// Calls visitor(T{}) with the type that weights are stored as.
template <class Visitor>
decltype(auto) visit(Storage storage, Visitor&& visitor) {
  switch (storage) {
    case Storage::f64:
      return visitor(double{});
    case Storage::f32:
      return visitor(float{});
    case Storage::f16:
      return visitor(Half{});
    default:
      return visitor(std::int8_t{});
  }
}

}  // namespace hamlet::kernel
