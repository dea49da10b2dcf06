// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace hamlet {

/// A column of numbers of any scalar type, their values whatever they were, borrowed from this thread until the end of
/// the scope: a function of `const Vector<T>&` that is called a million times has it allocated once. Columns of the
/// sizes used last are kept.
template <class T>
class BorrowedColumn {
 public:
  explicit BorrowedColumn(Index size) {
    std::vector<Vector<T>>& kept = kept_by_this_thread();
    const auto fits =
        std::find_if(kept.rbegin(), kept.rend(), [&](const auto& column) { return column.size() == size; });
    if (fits == kept.rend()) {
      column_.resize(size);
    } else {
      column_.swap(*fits);
      kept.erase(std::next(fits).base());
    }
  }
  ~BorrowedColumn() {
    std::vector<Vector<T>>& kept = kept_by_this_thread();
    if (kept.size() == most) kept.erase(kept.begin());
    kept.push_back(std::move(column_));
  }
  BorrowedColumn(const BorrowedColumn&) = delete;
  BorrowedColumn& operator=(const BorrowedColumn&) = delete;

  Vector<T>& operator*() { return column_; }

 private:
  static constexpr std::size_t most = 16;

  static std::vector<Vector<T>>& kept_by_this_thread() {
    static thread_local std::vector<Vector<T>> kept = [] {
      std::vector<Vector<T>> none;
      none.reserve(most);
      return none;
    }();
    return kept;
  }

  Vector<T> column_;
};

}  // namespace hamlet
