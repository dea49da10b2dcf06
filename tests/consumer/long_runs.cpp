// SPDX-License-Identifier: MIT
#include <hamlet/hamlet.hpp>

hamlet::Outcome long_run(hamlet::Flow& flow, hamlet::State& state) {
  const hamlet::Interrupt interrupt;                   // Ctrl-C ends the run at its next step, with its data saved
  const hamlet::CheckpointFile checkpoint{"run.npz"};  // here made every 1000 steps
  hamlet::TrajectoryFile path{"run", {.every = 0.1}};  // run/times.npy, run/states.npy, run/energies.npy
  hamlet::Progress progress;                           // one line, on a terminal only
  const hamlet::Integration how{.end = 1e6, .checkpoints = {.every = 1000, .save = checkpoint}};
  return checkpoint.exists() ? hamlet::resume(checkpoint.load(), flow, state, how, path, progress)
                             : hamlet::integrate(flow, state, how, path, progress);
}
