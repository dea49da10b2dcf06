// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/outcome.hpp>
#include <hamlet/dynamics/recorder.hpp>

#include <memory>
#include <string>

namespace hamlet {

/// An observer that writes what a Trajectory of these options keeps to a folder: `TrajectoryFile path{"run", {.every =
/// 0.1}};`. It holds times.npy (T), states.npy (T × rows × samples) and energies.npy (T × samples, where energies are
/// recorded), which numpy.load opens. Memory does not grow with the run: what is recorded waits until it is a megabyte,
/// a second has passed, a checkpoint is made or the run ends. The files are whole then, and remain so when the program
/// dies; times.npy is written last and counts the moments that all of them have.
///
/// A run starts the folder anew. A resumed one goes on where its checkpoint was, in a folder that was deleted with what
/// comes after it.
class TrajectoryFile : public Recorder {
 public:
  /// Makes the folder, whose parent must be there; files are first written when a run begins. Throws as Trajectory, and
  /// FileError when there is no such folder.
  explicit TrajectoryFile(std::string folder, TrajectoryOptions options = {});
  ~TrajectoryFile();
  TrajectoryFile(TrajectoryFile&&) noexcept;
  TrajectoryFile& operator=(TrajectoryFile&&) noexcept;
  TrajectoryFile(const TrajectoryFile&) = delete;
  TrajectoryFile& operator=(const TrajectoryFile&) = delete;

  /// Throws as Trajectory, and FileError, which names the file, when it cannot be written or a resumed run cannot go on
  /// with what is there.
  void operator()(const Evaluation& evaluation);
  void finish(const Outcome& outcome);

  /// The moments recorded so far in the folder.
  Index size() const;

 private:
  void begin(const Form& form) override;
  void resume(const Form& form, double t, double latest) override;
  void keep(const Moment& moment) override;

  struct Files;
  std::string folder_;
  std::unique_ptr<Files> files_;
};

}  // namespace hamlet
