// SPDX-License-Identifier: MIT
#include "io/files.hpp"

#include <hamlet/io/checkpoint_file.hpp>
#include <hamlet/io/npz.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace hamlet;
using namespace hamlet::test;

namespace {

Checkpoint example() {
  return {.stepper = "Euler(step = 0.1)",
          .begin = -1.0 / 3,
          .end = std::numeric_limits<double>::infinity(),
          .first_step = std::nullopt,
          .smallest_step = 1e-9,
          .largest_step = std::nullopt,
          .every = 7,
          .time = 2.0 / 3,
          .state = State::Random(5, 3),
          .derivative = State::Random(5, 3),
          .chosen_first_step = 0.1,
          .chosen_largest_step = std::numeric_limits<double>::infinity(),
          .next_step = 0.1 + 1e-17,
          .cost = 1.0 / 3,
          .statistics = {.steps = 14,
                         .rejected = 3,
                         .energy_rises = 2,
                         .right_hand_sides = (1L << 60) + 1,
                         .seconds = 0.1,
                         .smallest_step = 1e-300,
                         .largest_step = 0.3,
                         .jacobian_products = 5}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_files)

BOOST_AUTO_TEST_CASE(a_checkpoint_comes_back_bit_for_bit) {
  const Folder folder;
  const CheckpointFile file(folder / "run.npz");
  BOOST_TEST(!file.exists());
  CHECK_MESSAGE_OF(FileError, file.load(), folder / "run.npz", "No such file");
  Checkpoint saved = example();
  for (int time = 0; time < 2; ++time) {
    file(saved);
    BOOST_TEST(file.exists());
    BOOST_TEST(folder.files() == 1u);
    const Checkpoint found = file.load();
    BOOST_TEST(found.stepper == saved.stepper);
    BOOST_TEST(found.begin == saved.begin);
    BOOST_TEST(found.end == saved.end);
    BOOST_TEST((found.first_step == saved.first_step));
    BOOST_TEST((found.smallest_step == saved.smallest_step));
    BOOST_TEST((found.largest_step == saved.largest_step));
    BOOST_TEST(found.every == saved.every);
    BOOST_TEST(found.time == saved.time);
    BOOST_TEST((found.state == saved.state));
    BOOST_TEST((found.derivative == saved.derivative));
    BOOST_TEST(found.chosen_first_step == saved.chosen_first_step);
    BOOST_TEST(found.chosen_largest_step == saved.chosen_largest_step);
    BOOST_TEST(found.next_step == saved.next_step);
    BOOST_TEST(found.cost == saved.cost);
    BOOST_TEST(found.statistics.steps == saved.statistics.steps);
    BOOST_TEST(found.statistics.rejected == saved.statistics.rejected);
    BOOST_TEST(found.statistics.energy_rises == saved.statistics.energy_rises);
    BOOST_TEST(found.statistics.right_hand_sides == saved.statistics.right_hand_sides);
    BOOST_TEST(found.statistics.jacobian_products == saved.statistics.jacobian_products);
    BOOST_TEST(found.statistics.seconds == saved.statistics.seconds);
    BOOST_TEST(found.statistics.smallest_step == saved.statistics.smallest_step);
    BOOST_TEST(found.statistics.largest_step == saved.statistics.largest_step);
    saved.first_step = 0.25;
    saved.state = State::Random(4, 1);
    saved.derivative = State::Random(4, 1);
    saved.statistics.steps = 21;
  }
}

// A program is told when it begins, not when hours later it saves for the first time.
BOOST_AUTO_TEST_CASE(a_place_where_nothing_can_be_saved_is_refused_at_once) {
  const Folder folder;
  CHECK_MESSAGE_OF(FileError, CheckpointFile(folder / "no/run.npz"), folder / "no/run.npz",
                   "its folder '" + (folder / "no'"), "No such file or directory", "make it first");
  write(folder / "file", "text");
  CHECK_MESSAGE_OF(FileError, CheckpointFile(folder / "file/run.npz"), "its folder '" + (folder / "file'"),
                   "Not a directory");
  CHECK_MESSAGE_OF(FileError, CheckpointFile(folder.path()), folder.path(), "it is a folder", "name a file in it");
  CHECK_MESSAGE_OF(FileError, CheckpointFile("/dev/null"), "/dev/null", "not a regular file");
  BOOST_TEST(!CheckpointFile("not here.npz").exists());  // in the folder where the program runs
  BOOST_TEST(folder.files() == 1u);                      // looking leaves nothing there
}

BOOST_AUTO_TEST_CASE(a_damaged_checkpoint_says_what_to_do) {
  const Folder folder;
  const std::string path = folder / "run.npz";
  const CheckpointFile file(path);
  file(example());
  const std::string whole = read(path);
  for (const std::string& damaged :
       {whole.substr(0, whole.size() / 2), whole.substr(0, whole.size() - 1), std::string(), std::string("text")}) {
    write(path, damaged);
    CHECK_MESSAGE_OF(FileError, file.load(), path, "cut short, or no checkpoint", "move the file away");
  }
  // Of what is not there, or no file, nothing of the kind is said.
  for (const bool made : {false, true}) {
    std::filesystem::remove(path);
    if (made) std::filesystem::create_directory(path);
    std::string said;
    BOOST_TEST(throws<FileError>([&] { file.load(); }, {path, made ? "it is a folder" : "No such file"}, said));
    BOOST_TEST(said.find("cut short") == std::string::npos, said);
  }
}

// Whatever is missing, or not what it should be, is named.
BOOST_AUTO_TEST_CASE(a_file_that_is_no_checkpoint_is_told_apart) {
  const Folder folder;
  const std::string path = folder / "run.npz";
  const CheckpointFile file(path);
  file(example());
  const Npz whole = load_npz(path);
  for (const std::string& damaged : whole.names()) {
    Npz lacking, mistaken;
    for (const std::string& name : whole.names()) {
      if (name != damaged) lacking.add(name, whole[name]);
      mistaken.add(name, name == damaged ? Array::from(std::vector<float>{1, 2}) : whole[name]);
    }
    save_npz(path, lacking);
    CHECK_MESSAGE_OF(FileError, file.load(), path, "no checkpoint", "'" + damaged + "'");
    save_npz(path, mistaken);
    CHECK_MESSAGE_OF(FileError, file.load(), path, "no checkpoint");
  }
}

BOOST_AUTO_TEST_SUITE_END()
