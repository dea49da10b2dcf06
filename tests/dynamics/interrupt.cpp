// SPDX-License-Identifier: MIT
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/interrupt.hpp>
#include <hamlet/dynamics/trajectory.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <sstream>

#include "dynamics/problems.hpp"

using namespace hamlet;
using problems::Logistic;

namespace {

volatile std::sig_atomic_t handled = 0;
void handle(int) { handled = handled + 1; }

/// The program's own handlers while this lives.
struct Handlers {
  std::array<struct sigaction, 2> before{};
  Handlers() {
    struct sigaction own {};
    own.sa_handler = handle;
    sigaction(SIGINT, &own, before.data());
    sigaction(SIGTERM, &own, &before[1]);
    handled = 0;
  }
  Handlers(const Handlers&) = delete;
  Handlers& operator=(const Handlers&) = delete;
  ~Handlers() {
    sigaction(SIGINT, before.data(), nullptr);
    sigaction(SIGTERM, &before[1], nullptr);
  }
};

auto raise_at(long step, int signal) {
  return [=](const Evaluation& now) {
    if (now.step == step) std::raise(signal);
  };
}

/// The status with which a process of its own that does `act` ends; `meet` is called with its id once it runs.
template <class Act, class Meet>
int in_a_process(const Act& act, const Meet& meet) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(pipe(ends.data()) == 0);
  const pid_t child = fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    alarm(60);  // one that no signal ends must not stay
    act([&] { static_cast<void>(!write(ends[1], "!", 1)); });
    _exit(1);
  }
  char running = 0;
  BOOST_REQUIRE(read(ends[0], &running, 1) == 1);
  meet(child);
  int status = 0;
  BOOST_REQUIRE(waitpid(child, &status, 0) == child);
  close(ends[0]);
  close(ends[1]);
  return status;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interrupts)

BOOST_AUTO_TEST_CASE(a_signal_ends_the_run_at_the_step_with_its_data) {
  const Logistic problem(1);
  for (const int signal : {SIGINT, SIGTERM}) {
    const Handlers own;
    State x = problem.start(2, 1);
    {
      const Interrupt interrupt;
      BOOST_TEST(!Interrupt::came());
      Trajectory path;
      const Outcome outcome = integrate(problem, x, {.stepper = Euler{0.01}, .end = 1}, raise_at(5, signal), path);
      BOOST_TEST(outcome.status == Status::interrupted);
      BOOST_TEST(outcome.statistics.steps == 5);
      BOOST_TEST(outcome.text().starts_with("interrupted at t = 0.05"));
      BOOST_TEST(path.size() == 6u);
      BOOST_TEST((path.states().back() == x));
      BOOST_TEST(Interrupt::came());
      BOOST_TEST(handled == 0);
      // A further run ends where it begins, and a second signal is the program's.
      const Outcome further = integrate(problem, x, {.end = 1}, path);
      BOOST_TEST(further.status == Status::interrupted);
      BOOST_TEST(further.statistics.steps == 0);
      std::raise(signal);
      BOOST_TEST(handled == 1);
    }
    BOOST_TEST(!Interrupt::came());
    BOOST_TEST(integrate(problem, x, {.end = 1}, raise_at(2, signal)).status == Status::end_reached);
    BOOST_TEST(handled == 2);
  }
}

BOOST_AUTO_TEST_CASE(without_a_signal_handlers_come_back_with_the_last) {
  const Handlers own;
  const Logistic problem(1);
  State x = problem.start(2, 1);
  {
    const Interrupt outer;
    { const Interrupt inner; }
    BOOST_TEST(integrate(problem, x, {.end = 1}).status == Status::end_reached);
    BOOST_TEST(integrate(problem, x, {.end = 1}, raise_at(1, SIGTERM)).status == Status::interrupted);
    BOOST_TEST(handled == 0);
  }
  { const Interrupt another; }
  std::raise(SIGINT);
  std::raise(SIGTERM);
  BOOST_TEST(handled == 2);
}

BOOST_AUTO_TEST_CASE(a_run_that_was_at_its_end_says_so) {
  const Handlers own;
  const Interrupt interrupt;
  const Logistic problem(1);
  State x = problem.start(2, 1);
  BOOST_TEST(integrate(problem, x, {.stepper = Euler{0.1}, .end = 1}, raise_at(10, SIGINT)).status ==
             Status::end_reached);
}

BOOST_AUTO_TEST_CASE(a_process_is_interrupted_from_outside) {
  const auto endless = [](const State&, State& dxdt, double) { dxdt.setOnes(); };
  const Integration how{.stepper = Euler{1}, .end = 1e12, .most_steps = 1L << 60};
  const int once = in_a_process(
      [&](const auto& running) {
        const Interrupt interrupt;
        State x = State::Zero(1, 1);
        const Outcome outcome = integrate(endless, x, how, [&](const Evaluation& now) {
          if (now.step == 1) running();
        });
        const bool whole =
            outcome.status == Status::interrupted && x(0, 0) == static_cast<double>(outcome.statistics.steps);
        _exit(whole ? 7 : 1);
      },
      [](pid_t child) { kill(child, SIGINT); });
  BOOST_TEST((WIFEXITED(once) && WEXITSTATUS(once) == 7));

  // Where the program does not come to its next step, a second signal ends it.
  for (const int signal : {SIGINT, SIGTERM}) {
    const int twice = in_a_process(
        [&](const auto& running) {
          const Interrupt interrupt;
          State x = State::Zero(1, 1);
          integrate(endless, x, how, [&](const Evaluation& now) {
            if (now.step < 1) return;
            std::raise(SIGINT);
            running();
            while (true) pause();
          });
        },
        [&](pid_t child) { kill(child, signal); });
    BOOST_TEST((WIFSIGNALED(twice) && WTERMSIG(twice) == signal));
  }
}

BOOST_AUTO_TEST_SUITE_END()
