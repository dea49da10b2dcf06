// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct gzFile_s;

namespace hamlet::io {

/// Bytes read once from front to back: a file, plain or gzipped, or a member of an archive.
class Source {
 public:
  explicit Source(std::string name) : name_(std::move(name)) {}
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  /// The next `count` bytes. Memory grows with what is there, not with what a header promises. Throws FileError when
  /// there are fewer; `what` says what they are.
  std::vector<std::byte> take(std::uint64_t count, std::string_view what);
  /// Throws FileError when bytes follow.
  void expect_end();

  std::uint64_t offset() const { return offset_; }
  [[noreturn]] void fail(const std::string& reason) const;

 protected:
  /// Up to `count` bytes; 0 only at the end.
  virtual std::size_t read(std::byte* out, std::size_t count) = 0;

 private:
  std::size_t fill(std::byte* out, std::size_t count);

  std::string name_;
  std::uint64_t offset_ = 0;
};

/// A file, unpacked while it is read when it is gzipped.
class FileSource final : public Source {
 public:
  /// Throws FileError with the system's reason.
  explicit FileSource(const std::string& path);

 private:
  std::size_t read(std::byte* out, std::size_t count) override;

  struct Close {
    void operator()(gzFile_s* file) const;
  };
  std::unique_ptr<gzFile_s, Close> file_;
};

}  // namespace hamlet::io
