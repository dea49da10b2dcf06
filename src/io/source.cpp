// SPDX-License-Identifier: MIT
#include "io/source.hpp"

#include <hamlet/core/error.hpp>

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace hamlet::io {

std::size_t Source::fill(std::byte* out, std::size_t count) {
  std::size_t found = 0;
  while (found < count) {
    const std::size_t more = read(out + found, count - found);
    if (more == 0) break;
    found += more;
    offset_ += more;
  }
  return found;
}

std::vector<std::byte> Source::take(std::uint64_t count, std::string_view what) {
  constexpr std::uint64_t first = std::uint64_t{1} << 20;
  const std::uint64_t start = offset_;
  std::vector<std::byte> bytes;
  while (bytes.size() < count) {
    const std::uint64_t known = bytes.size();
    bytes.resize(std::min(count, std::max(first, 2 * known)));
    const std::uint64_t found = known + fill(bytes.data() + known, bytes.size() - known);
    if (found < bytes.size()) {
      fail(fmt::format("cut short: {} at offset {} should be {} bytes, found {}", what, start, count, found));
    }
  }
  return bytes;
}

void Source::expect_end() {
  const std::uint64_t end = offset_;
  std::array<std::byte, 4096> rest;
  while (fill(rest.data(), rest.size()) > 0) {
  }
  if (offset_ > end) fail(fmt::format("should end at offset {}, found {} bytes more", end, offset_ - end));
}

void Source::fail(const std::string& reason) const { throw FileError(fmt::format("{}: {}", name_, reason)); }

FileSource::FileSource(const std::string& path) : Source(path), file_(gzopen(path.c_str(), "rb")) {
  if (!file_) fail(std::strerror(errno));
  gzbuffer(file_.get(), 1U << 17);
}

void FileSource::Close::operator()(gzFile_s* file) const { gzclose(file); }

std::size_t FileSource::read(std::byte* out, std::size_t count) {
  constexpr std::size_t most = std::size_t{1} << 30;
  const int found = gzread(file_.get(), out, static_cast<unsigned>(std::min(count, most)));
  int code = Z_OK;
  const char* reason = gzerror(file_.get(), &code);
  // A gzip stream that is cut short gives what it has first; the error shows once nothing more comes.
  if (found < 0 || (found == 0 && code != Z_OK && code != Z_STREAM_END)) {
    fail(fmt::format("unreadable at offset {}: {}", offset(), code == Z_ERRNO ? std::strerror(errno) : reason));
  }
  return static_cast<std::size_t>(found);
}

}  // namespace hamlet::io
