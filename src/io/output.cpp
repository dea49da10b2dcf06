// SPDX-License-Identifier: MIT
#include "io/output.hpp"

#include <hamlet/core/error.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace hamlet::io {

std::string target_of(const std::string& path) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::canonical(path, error);
  if (error) return path;  // nothing there yet, or a reason that opening it will give
  if (!std::filesystem::is_regular_file(target)) {
    const char* const kind = std::filesystem::is_directory(target) ? "a folder, not a regular file: name a file in it"
                                                                   : "not a regular file";
    throw FileError(fmt::format("{}: cannot be written: it is {}", path, kind));
  }
  return target;
}

void check_target(const std::string& path) {
  std::filesystem::path folder = std::filesystem::path(target_of(path)).parent_path();
  if (folder.empty()) folder = ".";
  std::error_code error;
  if (std::filesystem::is_directory(folder, error)) return;
  if (!error) error = std::make_error_code(std::errc::not_a_directory);
  throw FileError(fmt::format("{}: cannot be written: its folder '{}': {}{}", path, folder.string(), error.message(),
                              error == std::errc::no_such_file_or_directory ? ": make it first" : ""));
}

OutputFile::OutputFile(const std::string& path) : target_(target_of(path)) {
  static std::atomic<unsigned> drafts = 0;
  draft_ = fmt::format("{}.{}.{}.part", target_, getpid(), drafts++);
  stream_ = std::fopen(draft_.c_str(), "wbx");
  if (!stream_) fail();
}

OutputFile::~OutputFile() {
  if (draft_.empty()) return;
  if (stream_) std::fclose(stream_);
  std::remove(draft_.c_str());
}

void OutputFile::write(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;  // an empty span may have no address, and fwrite wants one
  if (std::fwrite(bytes.data(), 1, bytes.size(), stream_) != bytes.size()) fail();
}

void OutputFile::commit() {
  // Closing writes what is left in the buffer: a full disk may show only here.
  if (std::fclose(std::exchange(stream_, nullptr)) != 0) fail();
  if (std::rename(draft_.c_str(), target_.c_str()) != 0) fail();
  draft_.clear();
}

void OutputFile::fail() const {
  throw FileError(fmt::format("{}: cannot be written: {}", target_, std::strerror(errno)));
}

}  // namespace hamlet::io
