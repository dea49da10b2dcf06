// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/checkpoint.hpp>

#include <string>

namespace hamlet {

/// The file that the last checkpoint of a run is in, so that a program that is started again goes on where it was:
///
///     const CheckpointFile file("run.npz");
///     const Integration how{.end = 1e6, .checkpoints = {.every = 1000, .save = file}};
///     const Outcome outcome =
///         file.exists() ? resume(file.load(), flow, state, how, path) : integrate(flow, state, how, path);
///
/// It is an npz file, which numpy.load opens: state, derivative, time and what else a Checkpoint holds.
class CheckpointFile {
 public:
  /// Throws FileError when no file can be saved there, so that a run does not end at its first checkpoint: its folder
  /// is not there, or it is a folder itself.
  explicit CheckpointFile(std::string path);

  bool exists() const;
  /// Throws FileError as load_npz, and when it is not a checkpoint that is in it.
  Checkpoint load() const;
  /// Saves a checkpoint instead of the one before, which stays until the new one is whole, also when the program dies;
  /// a loss of power may take both. Throws FileError as save_npz.
  void operator()(const Checkpoint& checkpoint) const;

 private:
  std::string path_;
};

}  // namespace hamlet
