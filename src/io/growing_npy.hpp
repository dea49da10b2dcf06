// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace hamlet::io {

/// An npy file of float64 that grows along its first axis. What was flushed is counted in its header, so that it is
/// whole whenever the program dies; what a write had begun then lies behind, and numpy passes it over. Every error is a
/// FileError that names the file, with the system's reason.
class GrowingNpy {
 public:
  /// A new file, in the place of one that is there, of no slices of these sizes.
  static GrowingNpy create(const std::string& path, const std::vector<Index>& slice);
  /// The file of such slices that is there, to go on with.
  static GrowingNpy open(const std::string& path, const std::vector<Index>& slice);

  GrowingNpy(GrowingNpy&& other) noexcept;
  GrowingNpy& operator=(GrowingNpy&&) = delete;
  /// Closes the file; what was not flushed is lost.
  ~GrowingNpy();

  /// Slices, those that wait to be flushed included.
  Index length() const { return length_; }
  /// One slice more, in C order. It waits in memory until flush().
  void append(std::span<const double> slice);
  void flush();
  std::size_t waiting() const { return waiting_.size() * sizeof(double); }

  /// Forgets the slices from `length` on. Only when none waits.
  void cut(Index length);
  /// The first number of a slice that was flushed.
  double front(Index slice) const;

 private:
  GrowingNpy(std::string path, const std::vector<Index>& slice, int flags);

  std::string header(Index length) const;
  std::size_t end(Index length) const;
  void write(const void* bytes, std::size_t count, std::size_t offset);
  [[noreturn]] void fail(const std::string& what) const;

  std::string path_;
  std::vector<Index> sizes_;  // the first is the length
  std::size_t slice_;         // numbers in one
  std::size_t header_size_ = 0;
  int file_;
  Index length_ = 0, flushed_ = 0;
  std::vector<double> waiting_;
};

}  // namespace hamlet::io
