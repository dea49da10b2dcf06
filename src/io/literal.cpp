// SPDX-License-Identifier: MIT
#include "io/literal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hamlet::io {

void Literal::skip_spaces() {
  while (position_ < text_.size() && std::string_view(" \t\r\n").find(text_[position_]) != std::string_view::npos) {
    ++position_;
  }
}

// A NUL stands for the end: no literal begins with one.
char Literal::next() {
  skip_spaces();
  return position_ < text_.size() ? text_[position_] : '\0';
}

bool Literal::accept(char symbol) {
  if (next() != symbol) return false;
  ++position_;
  return true;
}

void Literal::expect(char symbol) {
  if (!accept(symbol)) fail(std::string_view(&symbol, 1));
}

std::string Literal::string() {
  const char quote = next();
  if (quote != '\'' && quote != '"') fail("a string");
  const std::size_t end = text_.find(quote, position_ + 1);
  if (end == std::string_view::npos) fail("a string that ends");
  const std::string_view value = text_.substr(position_ + 1, end - position_ - 1);
  position_ = end + 1;
  return std::string(value);
}

bool Literal::boolean() {
  skip_spaces();
  const std::string_view rest = text_.substr(position_);
  const bool value = rest.starts_with("True");
  if (!value && !rest.starts_with("False")) fail("True or False");
  position_ += value ? 4 : 5;
  return value;
}

std::vector<Index> Literal::tuple() {
  std::vector<Index> values;
  expect('(');
  while (!accept(')')) {
    if (const char digit = next(); digit < '0' || digit > '9') fail("a size");
    Index value = 0;
    const char* end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data() + position_, end, value);
    if (error != std::errc{}) fail("a size that can be counted");
    position_ = static_cast<std::size_t>(stop - text_.data());
    values.push_back(value);
    accept('L');
    if (!accept(',')) {
      expect(')');
      break;
    }
  }
  return values;
}

void Literal::expect_end() {
  if (next(); position_ < text_.size()) fail("the end");
}

void Literal::fail(std::string_view expected) const {
  source_.fail(fmt::format("expected {} at byte {} of the header of {} bytes: {}", expected, position_, text_.size(),
                           printable(text_)));
}

std::string printable(std::string_view text) {
  std::string shown(text.substr(0, 100));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return shown;
}

}  // namespace hamlet::io
