// SPDX-License-Identifier: MIT
#include "core/parallel.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/core/threads.hpp>

#include <boost/test/unit_test.hpp>

#include "laws/throws.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace hamlet;

namespace {

/// Restores the number of threads.
struct Threads {
  int before = threads();
  ~Threads() { set_threads(before); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(parallel)

BOOST_AUTO_TEST_CASE(threads_are_those_set) {
  const Threads restored;
  set_threads(3);
  BOOST_TEST(threads() == 3);
  BOOST_TEST(laws::message<ValueError>([] { set_threads(0); }) == "0 threads are asked for: it takes one at least");
  BOOST_TEST(threads() == 3);
}

BOOST_AUTO_TEST_CASE(a_team_is_for_work_that_is_worth_it_and_for_nobody_who_shares_the_cores) {
  const Threads restored;
  set_threads(4);
  BOOST_TEST(team_for(1) == 1);
  BOOST_TEST(team_for(1e6) == 4);
  {
    const WorksAlone outer;
    { const WorksAlone inner; }
    BOOST_TEST(team_for(1e6) == 1);
    int elsewhere = 0;
    std::jthread([&] { elsewhere = team_for(1e6); }).join();
    BOOST_TEST(elsewhere == 4);
  }
  BOOST_TEST(team_for(1e6) == 4);
  std::atomic<int> most = 0;
  in_team(4, 100, [&](Index) {
    if (const int team = team_for(1e6); team > 1) most = team;
  });
  BOOST_TEST(most == 0);
  BOOST_TEST(team_for(1e6) == 4);
}

BOOST_AUTO_TEST_CASE(every_task_is_done_once) {
  for (const int team : {1, 2, 5}) {
    std::vector<std::atomic<int>> done(100);
    in_team(team, 100, [&](Index i) { ++done[static_cast<std::size_t>(i)]; });
    for (const auto& count : done) BOOST_TEST(count == 1);
  }
}

BOOST_AUTO_TEST_CASE(the_first_of_what_tasks_throw_is_thrown) {
  for (const int team : {1, 3}) {
    const auto message = laws::message<std::runtime_error>([&] {
      in_team(team, 50, [](Index i) {
        if (i >= 20) throw std::runtime_error(std::to_string(i));
      });
    });
    BOOST_TEST(message == "20");
    // The team is free again.
    int done = 0;
    in_team(1, 3, [&](Index) { ++done; });
    BOOST_TEST(done == 3);
  }
}

BOOST_AUTO_TEST_SUITE_END()
