// SPDX-License-Identifier: MIT
#pragma once

#include "io/source.hpp"

#include <hamlet/core/state.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hamlet::io {

/// Reads the Python literals that a header of an npy file is made of, from left to right. Each reader skips spaces, and
/// throws FileError through the source when something else stands there.
class Literal {
 public:
  /// Both must outlive it.
  Literal(std::string_view text, const Source& source) : text_(text), source_(source) {}

  /// Whether `symbol` comes next; it is then read.
  bool accept(char symbol);
  void expect(char symbol);
  /// 'text' or "text"; no escapes.
  std::string string();
  /// True or False.
  bool boolean();
  /// (), (3,), (3, 4): sizes, none negative; Python 2 wrote them as 3L.
  std::vector<Index> tuple();
  void expect_end();

 private:
  [[noreturn]] void fail(std::string_view expected) const;
  void skip_spaces();
  char next();

  std::string_view text_;
  const Source& source_;
  std::size_t position_ = 0;
};

/// `text` for a message: at most 100 bytes, those that cannot be shown as '?'.
std::string printable(std::string_view text);

}  // namespace hamlet::io
