// SPDX-License-Identifier: MIT
#include "io/growing_npy.hpp"

#include "io/npy_header.hpp"
#include "io/output.hpp"
#include "io/source.hpp"

#include <hamlet/core/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

namespace hamlet::io {

GrowingNpy::GrowingNpy(std::string path, const std::vector<Index>& slice, int flags)
    : path_(std::move(path)), sizes_(slice) {
  sizes_.insert(sizes_.begin(), 0);
  slice_ = static_cast<std::size_t>(std::accumulate(slice.begin(), slice.end(), Index{1}, std::multiplies<>()));
  // Room for any length: the header is written again and again in its place.
  header_size_ = header(std::numeric_limits<Index>::max()).size();
  file_ = ::open(path_.c_str(), flags | O_CLOEXEC, 0666);
  if (file_ < 0) fail("cannot be written");
}

GrowingNpy GrowingNpy::create(const std::string& path, const std::vector<Index>& slice) {
  GrowingNpy file(target_of(path), slice, O_RDWR | O_CREAT | O_TRUNC);
  const std::string header = file.header(0);
  file.write(header.data(), header.size(), 0);
  return file;
}

GrowingNpy GrowingNpy::open(const std::string& path, const std::vector<Index>& slice) {
  GrowingNpy file(path, slice, O_RDWR);
  FileSource source(path);
  const NpyHeader found = read_npy_header(source);
  std::vector<Index> sizes = file.sizes_;
  if (!found.sizes.empty()) sizes.front() = found.sizes.front();
  if (found.type != Element::Float64 || found.sizes != sizes)
    throw FileError(fmt::format("{}: holds {} {}, to go on it must hold float64 any × {}", path, name_of(found.type),
                                fmt::join(found.sizes, " × "), fmt::join(slice, " × ")));
  // Headers and orders of other writers cannot be patched.
  const std::string header = file.header(sizes.front());
  std::string there(header.size(), '\0');
  if (::pread(file.file_, there.data(), there.size(), 0) != static_cast<ssize_t>(there.size()) || there != header)
    throw FileError(fmt::format("{}: its header is not one that can grow: another program wrote it", path));
  const off_t size = ::lseek(file.file_, 0, SEEK_END);
  if (size < 0 || static_cast<std::size_t>(size) < file.end(sizes.front()))
    throw FileError(fmt::format("{}: cut short: {} bytes, it should have {}", path, size, file.end(sizes.front())));
  file.length_ = file.flushed_ = sizes.front();
  return file;
}

GrowingNpy::GrowingNpy(GrowingNpy&& other) noexcept
    : path_(std::move(other.path_)),
      sizes_(std::move(other.sizes_)),
      slice_(other.slice_),
      header_size_(other.header_size_),
      file_(std::exchange(other.file_, -1)),
      length_(other.length_),
      flushed_(other.flushed_),
      waiting_(std::move(other.waiting_)) {}

GrowingNpy::~GrowingNpy() {
  if (file_ >= 0) ::close(file_);
}

void GrowingNpy::append(std::span<const double> slice) {
  waiting_.insert(waiting_.end(), slice.begin(), slice.end());
  ++length_;
}

void GrowingNpy::flush() {
  if (flushed_ == length_) return;
  write(waiting_.data(), waiting(), end(flushed_));
  const std::string counted = header(length_);
  write(counted.data(), counted.size(), 0);
  flushed_ = length_;
  waiting_.clear();
}

void GrowingNpy::cut(Index length) {
  const std::string counted = header(length);
  write(counted.data(), counted.size(), 0);
  if (::ftruncate(file_, static_cast<off_t>(end(length))) != 0) fail("cannot be cut");
  length_ = flushed_ = length;
}

double GrowingNpy::front(Index slice) const {
  double value = 0;
  if (::pread(file_, &value, sizeof value, static_cast<off_t>(end(slice))) != sizeof value) fail("cannot be read");
  return value;
}

std::string GrowingNpy::header(Index length) const {
  std::vector<Index> sizes = sizes_;
  sizes.front() = length;
  return npy_header(Element::Float64, sizes, Order::C, header_size_);
}

// Where a slice begins, or the file of so many ends.
std::size_t GrowingNpy::end(Index length) const {
  return header_size_ + static_cast<std::size_t>(length) * slice_ * sizeof(double);
}

void GrowingNpy::write(const void* bytes, std::size_t count, std::size_t offset) {
  const auto* next = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t written = ::pwrite(file_, next, count, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int reason = errno;
      [[maybe_unused]] const int cut = ::ftruncate(file_, static_cast<off_t>(end(flushed_)));  // part of a slice
      errno = reason;
      fail("cannot be written");
    }
    next += written;
    offset += static_cast<std::size_t>(written);
    count -= static_cast<std::size_t>(written);
  }
}

void GrowingNpy::fail(const std::string& what) const {
  throw FileError(fmt::format("{}: {}: {}", path_, what, std::strerror(errno)));
}

}  // namespace hamlet::io
