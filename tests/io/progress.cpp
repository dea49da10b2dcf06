// SPDX-License-Identifier: MIT
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/io/progress.hpp>

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <string>

#include "io/ring.hpp"

using namespace hamlet;
using namespace hamlet::test;

namespace {

/// What `act` writes through `write_end` to show its progress.
template <class Act>
std::string shown(int read_end, int write_end, const Act& act) {
  std::FILE* out = fdopen(write_end, "w");
  act(out);
  std::fclose(out);
  fcntl(read_end, F_SETFL, O_NONBLOCK);
  std::string text;
  std::array<char, 4096> part{};
  for (ssize_t count = 0; (count = read(read_end, part.data(), part.size())) > 0;)
    text.append(part.data(), static_cast<std::size_t>(count));
  close(read_end);
  return text;
}

template <class Act>
std::string on_a_terminal(unsigned short columns, const Act& act) {
  int own = 0, terminal = 0;
  winsize size{};
  size.ws_row = 24;
  size.ws_col = columns;
  BOOST_REQUIRE(openpty(&own, &terminal, nullptr, nullptr, &size) == 0);
  const int kept = dup(terminal);  // what was written stays readable while someone holds the terminal open
  std::string text = shown(own, terminal, act);
  close(kept);
  return text;
}

/// Half a second: the line is renewed.
auto run(const std::string& name) {
  return [name](std::FILE* out) {
    const RingWithEnergy problem;
    State x = RingWithEnergy::start(3, 2);
    Progress progress(name, out);
    integrate(problem, x, {.stepper = Euler{0.1}, .end = 0.5}, progress, [](const Evaluation&) { usleep(120'000); });
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(progress)

BOOST_AUTO_TEST_CASE(a_terminal_has_one_line_that_renews_itself) {
  const std::string text = on_a_terminal(100, run("recall"));
  for (const char* part : {"\rrecall  t = 0, step 0, mean E = ", "t = 0.3, step 3", ", residual "})
    BOOST_TEST((text.find(part) != std::string::npos), part << " is not in " << text);
  BOOST_TEST(std::count(text.begin(), text.end(), '\r') == 7);  // six evaluations, and away with it
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 0);
  BOOST_TEST(text.ends_with("\r\x1b[K"));
}

BOOST_AUTO_TEST_CASE(a_narrow_terminal_is_not_wrapped) {
  const std::string text = on_a_terminal(20, run("ψψψψψψψψψψ"));
  BOOST_TEST((text.find("\rψψψψψψψψψψ  t = 0, \x1b[K") != std::string::npos), text);  // 19 characters
}

BOOST_AUTO_TEST_CASE(a_sweep_is_counted) {
  const std::string text = on_a_terminal(100, [](std::FILE* out) {
    Progress progress("capacity", out);
    progress(0, 4);
    progress(1, 4);  // too soon to be shown
    usleep(120'000);
    progress(2, 4);
    progress(4, 4);
  });
  BOOST_TEST(text == "\rcapacity  0 of 4 runs\x1b[K\rcapacity  2 of 4 runs\x1b[K\r\x1b[K");
}

BOOST_AUTO_TEST_CASE(a_pipe_is_left_alone) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(pipe(ends.data()) == 0);
  BOOST_TEST(shown(ends[0], ends[1], run("recall")).empty());
}

BOOST_AUTO_TEST_SUITE_END()
