// SPDX-License-Identifier: MIT
#include "dynamics/fiber.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace hamlet;

BOOST_AUTO_TEST_SUITE(fiber)

BOOST_AUTO_TEST_CASE(it_goes_on_where_it_paused) {
  std::string said;
  Fiber* self = nullptr;
  Fiber fiber([&] {
    for (const char letter : {'a', 'b', 'c'}) {
      said += letter;
      self->pause();
    }
  });
  self = &fiber;
  BOOST_TEST(said == "");
  for (const std::string expected : {"a1", "a1b1", "a1b1c1", "a1b1c11"}) {
    BOOST_TEST(!fiber.ended());
    fiber.resume();
    said += '1';
    BOOST_TEST(said == expected);
  }
  BOOST_TEST(fiber.ended());
}

BOOST_AUTO_TEST_CASE(what_it_throws_comes_out_and_its_objects_are_destroyed) {
  const auto counted = std::make_shared<int>(0);
  for (const bool pausing : {false, true}) {
    Fiber* self = nullptr;
    Fiber fiber([&, held = counted] {
      const std::shared_ptr<int> local = counted;
      if (pausing) self->pause();
      try {
        throw std::domain_error("inside");
      } catch (const std::domain_error&) {
        throw std::out_of_range("outside");
      }
    });
    self = &fiber;
    if (pausing) fiber.resume();
    BOOST_TEST(!fiber.ended());
    BOOST_CHECK_THROW(fiber.resume(), std::out_of_range);
    BOOST_TEST(fiber.ended());
    BOOST_TEST(counted.use_count() == 2);  // its body's own copy is left
  }
  BOOST_TEST(counted.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(one_that_never_began_can_go) {
  const auto counted = std::make_shared<int>(0);
  {
    const Fiber fiber([held = counted] {});
  }
  BOOST_TEST(counted.use_count() == 1);
}

/// Scopes that borrow scratch memory nest within a fiber, not between fibers.
BOOST_AUTO_TEST_CASE(scratch_memory_is_its_own) {
  constexpr int count = 100;
  Scratch outside(4, 1);
  outside.setConstant(-1);
  std::vector<std::unique_ptr<Fiber>> fibers;
  for (int id = 0; id < count; ++id)
    fibers.push_back(std::make_unique<Fiber>([&, id] {
      for (int depth = 0; depth < 3; ++depth) {
        Scratch first(4, 1);
        first.setConstant(id);
        fibers[std::size_t(id)]->pause();
        Scratch second(5, 1);
        second.setConstant(id + 0.5);
        fibers[std::size_t(id)]->pause();
        BOOST_TEST((first.array() == id).all());
        BOOST_TEST((second.array() == id + 0.5).all());
      }
    }));
  // In another order every time, and some less often than others.
  for (int round = 0; round < 40; ++round)
    for (int n = 0; n < count; ++n) {
      Fiber& fiber = *fibers[std::size_t((n * 37 + round) % count)];
      if (!fiber.ended() && (round + n) % 5 != 0) fiber.resume();
    }
  for (const auto& fiber : fibers) BOOST_TEST(fiber->ended());
  BOOST_TEST((outside.array() == -1).all());
}

BOOST_AUTO_TEST_SUITE_END()
