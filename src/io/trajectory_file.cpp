// SPDX-License-Identifier: MIT
#include "io/growing_npy.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/io/trajectory_file.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>

namespace hamlet {

namespace {

constexpr std::size_t most_waiting = std::size_t{1} << 20;  // bytes
constexpr std::chrono::seconds longest_wait{1};

std::string in(const std::string& folder, const char* name) { return (std::filesystem::path(folder) / name).string(); }

}  // namespace

struct TrajectoryFile::Files {
  using Clock = std::chrono::steady_clock;

  io::GrowingNpy states;
  std::optional<io::GrowingNpy> energies;
  io::GrowingNpy times;
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> slice = {};
  Clock::time_point flushed = Clock::now();

  // What a run recorded before it threw is kept; that the disk is full as well is then not told.
  ~Files() {
    try {
      flush();
    } catch (const std::exception&) {
    }
  }

  void add(const Moment& moment) {
    slice = moment.state;
    states.append({slice.data(), static_cast<std::size_t>(slice.size())});
    if (energies) energies->append({moment.energies->data(), static_cast<std::size_t>(moment.energies->size())});
    times.append({&moment.time, 1});
    if (states.waiting() >= most_waiting || Clock::now() - flushed >= longest_wait) flush();
  }

  void flush() {
    states.flush();
    if (energies) energies->flush();
    times.flush();  // last: it counts what all have
    flushed = Clock::now();
  }

  /// How many of the moments lie at t or before.
  Index until(double t) const {
    Index from = 0, to = times.length();
    while (from < to) {
      const Index middle = from + (to - from) / 2;
      if (times.front(middle) <= t)
        from = middle + 1;
      else
        to = middle;
    }
    return from;
  }

  void cut(Index length) {
    times.cut(length);  // first: what it counts all have
    if (energies) energies->cut(length);
    states.cut(length);
  }
};

TrajectoryFile::TrajectoryFile(std::string folder, TrajectoryOptions options)
    : Recorder(fmt::format("TrajectoryFile {}", folder), std::move(options)), folder_(std::move(folder)) {
  std::error_code error;
  std::filesystem::create_directory(folder_, error);
  if (error)
    throw FileError(
        fmt::format("{}: no folder for a trajectory: {}{}", folder_, error.message(),
                    error == std::errc::no_such_file_or_directory ? ": make the folder it lies in first" : ""));
}

TrajectoryFile::~TrajectoryFile() = default;
TrajectoryFile::TrajectoryFile(TrajectoryFile&&) noexcept = default;
TrajectoryFile& TrajectoryFile::operator=(TrajectoryFile&&) noexcept = default;

void TrajectoryFile::operator()(const Evaluation& evaluation) {
  Recorder::operator()(evaluation);
  if (evaluation.checkpoint) files_->flush();
}

void TrajectoryFile::finish(const Outcome&) {
  if (files_) files_->flush();
}

Index TrajectoryFile::size() const { return files_ ? files_->times.length() : 0; }

void TrajectoryFile::begin(const Form& form) {
  using io::GrowingNpy;
  files_.reset();
  const std::string energies = in(folder_, "energies.npy");
  std::error_code none;
  if (!form.energies) std::filesystem::remove(energies, none);  // of a run before
  files_.reset(new Files{GrowingNpy::create(in(folder_, "states.npy"), {form.rows, form.samples}),
                         form.energies ? std::optional(GrowingNpy::create(energies, {form.samples})) : std::nullopt,
                         GrowingNpy::create(in(folder_, "times.npy"), {})});
}

void TrajectoryFile::resume(const Form& form, double t, double latest) {
  using io::GrowingNpy;
  files_.reset();
  const std::string states = in(folder_, "states.npy"), energies = in(folder_, "energies.npy"),
                    times = in(folder_, "times.npy");
  if (!std::filesystem::exists(times)) return begin(form);
  files_.reset(new Files{GrowingNpy::open(states, {form.rows, form.samples}),
                         form.energies ? std::optional(GrowingNpy::open(energies, {form.samples})) : std::nullopt,
                         GrowingNpy::open(times, {})});
  const Index before = files_->until(t);
  const double last = before > 0 ? files_->times.front(before - 1) : -std::numeric_limits<double>::infinity();
  if (last < latest - 16 * std::numeric_limits<double>::epsilon() * std::abs(latest))
    throw FileError(fmt::format("{}: the run is resumed at t = {}, but the last time before is {}, it should be {}",
                                times, t, last, latest));
  files_->cut(before);
}

void TrajectoryFile::keep(const Moment& moment) { files_->add(moment); }

}  // namespace hamlet
