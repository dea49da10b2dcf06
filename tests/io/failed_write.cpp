// SPDX-License-Identifier: MIT
#include "io/files.hpp"

#include <hamlet/io/checkpoint_file.hpp>
#include <hamlet/io/npy.hpp>
#include <hamlet/io/npz.hpp>
#include <hamlet/io/png.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>

#include "io/size_limit.hpp"

using namespace hamlet;
using namespace hamlet::test;

namespace {

struct Writer {
  std::string name;
  std::function<void(const std::string&)> save;
};

// Each writes 40,000 bytes or more, random so that nothing packs them.
std::vector<Writer> writers() {
  const Array array = random_array(Element::UInt8, {40000}, Order::C, 1);
  const State pixels = array.vector();
  return {{"npy", [=](const std::string& path) { save_npy(path, array); }},
          {"npz",
           [=](const std::string& path) {
             save_npz(path, {{"x", array}});
           }},
          {"deflated npz",
           [=](const std::string& path) {
             save_npz(path, {{"x", array}}, Compression::Deflated);
           }},
          {"checkpoint",
           [=](const std::string& path) {
             Checkpoint checkpoint{};
             checkpoint.state = checkpoint.derivative = State::Random(2500, 1);
             CheckpointFile{path}(checkpoint);
           }},
          {"png", [=](const std::string& path) { save_png(path, pixels, {.width = 200, .height = 200}); }}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(failed_writes)

BOOST_AUTO_TEST_CASE(a_missing_directory_is_named_with_the_reason) {
  const Folder folder;
  const std::string path = folder / "nowhere/file";
  for (const Writer& writer : writers()) {
    BOOST_TEST_CONTEXT(writer.name) {
      CHECK_MESSAGE_OF(FileError, writer.save(path), path, "cannot be written", "No such file or directory");
    }
  }
}

// 100 bytes are refused while they are written, 39,900 only when the last buffer is flushed.
BOOST_AUTO_TEST_CASE(a_full_disk_leaves_what_was_there) {
  for (const Writer& writer : writers()) {
    for (const rlim_t limit : {100U, 39900U}) {
      BOOST_TEST_CONTEXT(writer.name << ", " << limit << " bytes") {
        const Folder folder;
        const std::string path = folder / "file";
        write(path, "before");
        {
          const SizeLimit full(limit);
          CHECK_MESSAGE_OF(FileError, writer.save(path), path, "cannot be written", "File too large");
        }
        BOOST_TEST((read(path) == "before"));
        BOOST_TEST(folder.files() == 1);
        writer.save(path);
        BOOST_TEST(read(path).size() >= 40000);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(only_regular_files_are_replaced_and_links_are_followed) {
  for (const Writer& writer : writers()) {
    BOOST_TEST_CONTEXT(writer.name) {
      const Folder folder;
      CHECK_MESSAGE_OF(FileError, writer.save(folder.path()), folder.path(), "not a regular file");
      CHECK_MESSAGE_OF(FileError, writer.save("/dev/null"), "/dev/null", "not a regular file");
      write(folder / "target", "before");
      std::filesystem::create_symlink("target", folder / "link");
      writer.save(folder / "link");
      BOOST_TEST(std::filesystem::is_symlink(folder / "link"));
      BOOST_TEST(read(folder / "target").size() >= 40000);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
