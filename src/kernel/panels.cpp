// SPDX-License-Identifier: MIT
#include "kernel/panels.hpp"

#include "kernel/half.hpp"

#include <hamlet/core/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace hamlet::kernel {
namespace {

Index size_of(Storage storage) {
  return visit(storage, [](auto weight) { return static_cast<Index>(sizeof(weight)); });
}

/// Panels whose distance is near a multiple of 4096 bytes would share the cache's few ways.
Index stride_of(Storage storage, Index columns) {
  const Index bytes = (columns + granule_columns - 1) / granule_columns * granule_size * size_of(storage);
  const Index beyond = bytes % 4096;
  const Index padding = beyond < 1024 ? 1024 : beyond > 3072 ? 4096 - beyond + 1024 : 0;
  return (bytes + padding) / size_of(storage);
}

/// What a row's weights are divided by before they are rounded to T.
template <class T>
double scale_of(double largest) {
  if constexpr (std::is_same_v<T, std::int8_t>) {
    return largest > 0 ? std::max(largest / 127, std::numeric_limits<double>::min()) : 1;
  } else if constexpr (std::is_same_v<T, Half>) {
    return largest > 0 ? std::ldexp(1.0, std::ilogb(largest)) : 1;
  } else {
    return 1;
  }
}

template <class T>
T rounded(double weight) {
  if constexpr (std::is_same_v<T, std::int8_t>) {
    return static_cast<std::int8_t>(std::nearbyint(std::clamp(weight, -127.0, 127.0)));
  } else if constexpr (std::is_same_v<T, Half>) {
    return to_half(weight);
  } else {
    return static_cast<T>(weight);
  }
}

double widened(Half weight) { return from_half(weight); }
template <class T>
double widened(T weight) {
  return static_cast<double>(weight);
}

}  // namespace

Panels::Panels(Storage storage, Index columns)
    : storage_(storage), columns_(columns), stride_(stride_of(storage, columns)) {}

Panels::Panels(Storage storage, const ConstView& rows) : Panels(storage, rows.cols()) { append(rows); }

Panels::Panels(const Panels& other)
    : storage_(other.storage_),
      rows_(other.rows_),
      columns_(other.columns_),
      stride_(other.stride_),
      capacity_(other.panels()),
      memory_(allocate(bytes(capacity_))),
      scales_(other.scales_) {
  if (rows_ > 0) std::memcpy(memory_.get(), other.memory_.get(), bytes(capacity_));
}

std::size_t Panels::bytes(Index panels) const { return static_cast<std::size_t>(panels * stride_ * size_of(storage_)); }

void Panels::append(const ConstView& rows) {
  if (storage_ == Storage::f32) {
    const double largest = rows.cwiseAbs().maxCoeff();
    if (largest > static_cast<double>(std::numeric_limits<float>::max())) {
      throw ValueError(fmt::format("a weight of size {} is beyond f32", largest));
    }
  }
  const Index needed = (rows_ + rows.rows() + panel_rows - 1) / panel_rows;
  if (needed > capacity_) {
    const Index capacity = std::max(needed, 2 * capacity_);
    Allocation memory = allocate(bytes(capacity));
    if (rows_ > 0) std::memcpy(memory.get(), memory_.get(), bytes(panels()));
    memory_ = std::move(memory);
    capacity_ = capacity;
  }
  visit(storage_, [&](auto weight) { write<decltype(weight)>(rows); });
}

template <class T>
void Panels::write(const ConstView& rows) {
  constexpr bool scaled = !std::is_floating_point_v<T>;
  if constexpr (scaled) {
    scales_.resize(static_cast<std::size_t>((rows_ + rows.rows() + panel_rows - 1) / panel_rows * panel_rows), 1);
    for (Index i = 0; i < rows.rows(); ++i) {
      scales_[static_cast<std::size_t>(rows_ + i)] = scale_of<T>(rows.row(i).cwiseAbs().maxCoeff());
    }
  }
  T* memory = reinterpret_cast<T*>(memory_.get());
  for (Index first = 0, count = 0; first < rows.rows(); first += count) {
    // Those of one panel, column by column, as they lie in `rows`.
    const Index row = rows_ + first;
    count = std::min(panel_rows - row % panel_rows, rows.rows() - first);
    T* panel = memory + row / panel_rows * stride_ + row % panel_rows * granule_columns;
    for (Index column = 0; column < columns_; ++column) {
      T* into = panel + column / granule_columns * granule_size + column % granule_columns;
      for (Index i = 0; i < count; ++i) {
        double weight = rows(first + i, column);
        if constexpr (scaled) weight /= scales_[static_cast<std::size_t>(row + i)];
        into[i * granule_columns] = rounded<T>(weight);
      }
    }
  }
  rows_ += rows.rows();
}

double Panels::weight(Index row, Index column) const {
  const Index at = row / panel_rows * stride_ + column / granule_columns * granule_size +
                   row % panel_rows * granule_columns + column % granule_columns;
  const double stored = visit(storage_, [&](auto weight) { return widened(data<decltype(weight)>()[at]); });
  return scales_.empty() ? stored : stored * scales_[static_cast<std::size_t>(row)];
}

}  // namespace hamlet::kernel
