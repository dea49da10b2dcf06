// SPDX-License-Identifier: MIT
#include "io/files.hpp"

#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/trajectory.hpp>
#include <hamlet/io/npy.hpp>
#include <hamlet/io/trajectory_file.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>
#include <optional>

#include "io/ring.hpp"
#include "io/size_limit.hpp"

using namespace hamlet;
using namespace hamlet::test;

namespace {

std::vector<TrajectoryOptions> options() {
  std::vector<TrajectoryOptions> all;
  for (const bool energies : {true, false})
    for (const std::vector<Rows>& rows : {std::vector<Rows>{}, {{3, 2}, {0, 1}}})
      for (const double every : {0.0, 0.1, 0.37, -1.0}) {
        all.push_back({.every = std::max(0.0, every), .rows = rows, .energies = energies});
        if (every < 0) all.back().times = {0.25, 0.3, 1.0 / 3, 1, 2.25, 7};
      }
  return all;
}

/// What `path` holds as files of a folder: those that numpy would write.
void check_holds(const std::string& folder, const Trajectory& path) {
  BOOST_TEST(same_elements(load_npy(folder + "/times.npy"), Array::from(path.times())));
  BOOST_TEST(same_elements(load_npy(folder + "/states.npy"), Array::stack(path.states())));
  BOOST_TEST(std::filesystem::exists(folder + "/energies.npy") == !path.energies().empty());
  if (!path.energies().empty())
    BOOST_TEST(same_elements(load_npy(folder + "/energies.npy"), Array::stack(path.energies())));
}

/// The status with which a process of its own that does `act` ends.
template <class Act>
int in_a_process(const Act& act) {
  const pid_t child = fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    act();
    _exit(0);
  }
  int status = 0;
  BOOST_REQUIRE(waitpid(child, &status, 0) == child);
  return status;
}

Integration until_late(std::optional<Checkpoint>& last, long every) {
  return {.begin = 0.25,
          .end = 2.25,
          .largest_step = 0.02,
          .checkpoints = {.every = every, .save = [&](const Checkpoint& point) { last = point; }}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(trajectory_files)

BOOST_AUTO_TEST_CASE(a_file_is_the_trajectory_bit_for_bit) {
  for (const TrajectoryOptions& chosen : options()) {
    for (const Index samples : {1, 3}) {
      const Folder folder;
      const std::string run = folder / "run";
      const RingWithEnergy problem;
      State x = problem.start(samples, 2);
      Trajectory path(chosen);
      TrajectoryFile file(run, chosen);
      for (const double end : {3.0, 2.25}) {  // a further run starts it anew
        integrate(problem, x, {.begin = 0.25, .end = end}, path, file);
        check_holds(run, path);
        BOOST_TEST(file.size() == static_cast<Index>(path.size()));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_system_without_energy_leaves_no_energies) {
  const Folder folder;
  const RingWithEnergy with;
  const Ring without;
  State x = with.start(3, 2);
  TrajectoryFile file(folder.path());
  integrate(with, x, {.end = 1}, file);
  BOOST_TEST(folder.files() == 3u);
  Trajectory path;
  integrate(without, x, {.end = 1}, file, path);
  BOOST_TEST(folder.files() == 2u);
  check_holds(folder.path(), path);
}

// A process is killed while it runs; another goes on from the last checkpoint. What it wrote until then is whole, and
// in the end the files are those of a run that was never killed.
BOOST_AUTO_TEST_CASE(a_killed_run_leaves_whole_files_and_is_resumed_bit_for_bit) {
  const RingWithEnergy problem;
  for (const TrajectoryOptions& chosen : options()) {
    for (const long killed : {8L, 21L, 25L}) {
      const Folder folder;
      const std::string run = folder / "run";
      std::optional<Checkpoint> last, of_child;
      const Integration how = until_late(last, 10);
      Trajectory path(chosen);
      State whole = problem.start(3, 2);
      integrate(problem, whole, how, path);

      const int status = in_a_process([&] {
        State x = problem.start(3, 2);
        TrajectoryFile file(run, chosen);
        integrate(problem, x, how, file, [&](const Evaluation& now) {
          if (now.step == killed) std::raise(SIGKILL);
        });
      });
      BOOST_TEST((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
      const Index left = load_npy(run + "/times.npy").size();
      BOOST_TEST(load_npy(run + "/states.npy").sizes()[0] == left);

      // The checkpoint that the child had: the run is the same, bit for bit.
      of_child.reset();
      State x = problem.start(3, 2);
      Integration again = until_late(of_child, 10);
      again.most_steps = killed;
      integrate(problem, x, again);
      if (!of_child) continue;
      BOOST_TEST(left >=
                 std::upper_bound(path.times().begin(), path.times().end(), of_child->time) - path.times().begin());
      // As a kill in the midst of a write would leave them.
      std::ofstream(run + "/states.npy", std::ios::app | std::ios::binary) << "part of a mo";
      TrajectoryFile file(run, chosen);
      again.most_steps = how.most_steps;
      resume(*of_child, problem, x, again, file);
      BOOST_TEST((x == whole));
      check_holds(run, path);
    }
  }
}

// The same within one process, where the trajectory went on beyond the checkpoint.
BOOST_AUTO_TEST_CASE(what_came_after_the_checkpoint_is_written_again) {
  const RingWithEnergy problem;
  for (const TrajectoryOptions& chosen : options()) {
    const Folder folder;
    std::optional<Checkpoint> last;
    Integration how = until_late(last, 30);
    State x = problem.start(3, 2);
    Trajectory path(chosen);
    TrajectoryFile file(folder.path(), chosen);
    integrate(problem, x, how, path, file);
    how.checkpoints.save = nullptr;
    resume(*last, problem, x, how, file);
    check_holds(folder.path(), path);
    TrajectoryFile another(folder.path(), chosen);
    resume(*last, problem, x, how, another);
    check_holds(folder.path(), path);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_does_not_fit_the_checkpoint_is_told) {
  const Folder folder;
  const RingWithEnergy problem;
  std::optional<Checkpoint> last;
  Integration how = until_late(last, 30);
  State x = problem.start(3, 2);
  Trajectory path;
  TrajectoryFile file(folder.path());
  integrate(problem, x, how, file, path);
  how.checkpoints.save = nullptr;
  TrajectoryFile fewer(folder.path(), {.rows = {{0, 2}}});
  CHECK_MESSAGE_OF(FileError, resume(*last, problem, x, how, fewer), "states.npy", "× 5 × 3", "2 × 3");

  // A moment is missing.
  save_npy(folder / "times.npy", Array::from(path.times()).head(10));
  CHECK_MESSAGE_OF(FileError, resume(*last, problem, x, how, file), "times.npy", "resumed at t = ");
  // Nothing is there: what comes after the checkpoint is recorded.
  std::filesystem::remove(folder / "times.npy");
  Trajectory rest;
  resume(*last, problem, x, how, file, rest);
  check_holds(folder.path(), rest);
  write(folder / "times.npy", "no array");
  CHECK_MESSAGE_OF(FileError, resume(*last, problem, x, how, file), "times.npy", "no npy file");
}

BOOST_AUTO_TEST_CASE(what_was_recorded_before_an_exception_is_kept) {
  const Folder folder;
  const RingWithEnergy problem;
  State x = problem.start(3, 2);
  Trajectory path;
  {
    TrajectoryFile file(folder.path());
    const auto breaking = [](const Evaluation& now) {
      if (now.step == 5) throw std::domain_error("after five steps");
    };
    BOOST_CHECK_THROW(integrate(problem, x, {.end = 2, .largest_step = 0.1}, file, path, breaking), std::domain_error);
  }
  BOOST_TEST(path.size() == 6u);
  check_holds(folder.path(), path);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_had_is_named) {
  const Folder folder;
  CHECK_MESSAGE_OF(FileError, TrajectoryFile(folder / "no/where"), folder / "no/where", "No such file or directory",
                   "make the folder it lies in");
  write(folder / "file", "text");
  CHECK_MESSAGE_OF(FileError, TrajectoryFile(folder / "file"), folder / "file", "File exists");
  std::filesystem::create_directories(folder / "run/times.npy");
  TrajectoryFile file(folder / "run");
  State x = State::Ones(5, 1);
  CHECK_MESSAGE_OF(FileError, integrate(Ring(), x, {.end = 1}, file), folder / "run/times.npy", "regular file");
  CHECK_MESSAGE_OF(ValueError, TrajectoryFile(folder / "other", {.every = -1}), "TrajectoryFile", "every");
}

// The disk is full at some moment: the file is named, and what was flushed before is whole.
BOOST_AUTO_TEST_CASE(a_full_disk_leaves_whole_what_was_flushed) {
  const RingWithEnergy problem;
  for (const unsigned limit : {100U, 2000U, 2128U, 2500U}) {
    const Folder folder;
    State x = problem.start(3, 2);
    Trajectory path;
    {
      const SizeLimit full(limit);
      TrajectoryFile file(folder.path());
      const Integration how{
          .end = 2, .largest_step = 0.05, .checkpoints = {.every = 1, .save = [](const Checkpoint&) {}}};
      CHECK_MESSAGE_OF(FileError, integrate(problem, x, how, file, path), "states.npy", "cannot be written",
                       "File too large");
    }
    if (limit < 128) continue;
    const Array states = load_npy(folder / "states.npy");
    BOOST_TEST(states.sizes()[0] == (limit - 128) / 120);  // 5 × 3 numbers each
    BOOST_TEST(same_elements(states, Array::stack(path.states()).head(states.sizes()[0])));
    BOOST_TEST(load_npy(folder / "times.npy").size() == states.sizes()[0]);
  }
}

// What waits is written when it is a megabyte: files follow the run, and memory does not.
BOOST_AUTO_TEST_CASE(memory_does_not_grow_with_the_run) {
  const Folder folder;
  constexpr Index rows = 4000;
  const auto still = [](const State&, State& dxdt, double) { dxdt.setZero(); };
  State x = State::Ones(rows, 1);
  TrajectoryFile file(folder.path());
  constexpr std::uintmax_t moment = rows * sizeof(double), megabyte = 1U << 20;
  integrate(still, x, {.stepper = Euler{1}, .end = 400}, file, [&](const Evaluation& now) {
    const auto recorded = static_cast<std::uintmax_t>(now.step + 1) * moment;
    const std::uintmax_t written = std::filesystem::file_size(folder / "states.npy") - 128;
    BOOST_TEST(written <= recorded);
    BOOST_TEST(recorded - written <= megabyte);
  });
  BOOST_TEST(load_npy(folder / "times.npy").size() == 401);
}

BOOST_AUTO_TEST_SUITE_END()
