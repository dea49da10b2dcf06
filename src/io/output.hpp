// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <span>
#include <string>

namespace hamlet::io {

/// The file that writing to `path` replaces, symbolic links followed. Throws FileError when it is there and not a
/// regular file: a device must not be replaced.
std::string target_of(const std::string& path);

/// Throws FileError when what writing to `path` would be refused for can be told before: the folder it lies in is not
/// there, or a folder or device is in its place.
void check_target(const std::string& path);

/// A file written beside its target and put in its place by commit(): a write that fails leaves what was there before.
class OutputFile {
 public:
  /// Throws FileError with the system's reason, as all that follow.
  explicit OutputFile(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void commit();

 private:
  [[noreturn]] void fail() const;

  std::string target_;
  std::string draft_;
  std::FILE* stream_;
};

}  // namespace hamlet::io
