// SPDX-License-Identifier: MIT
// A resumed run is the uninterrupted one, bit for bit.
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/event.hpp>
#include <hamlet/dynamics/integrate_each.hpp>
#include <hamlet/dynamics/trajectory.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>

#include "dynamics/problems.hpp"
#include "dynamics/steppers.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using problems::Logistic;

namespace {

/// The problem with an energy, ½‖x‖², of the state of the last call.
struct WithEnergy : Logistic {
  using Logistic::Logistic;
  void energy_at_last(const State& x, Energies& energies) const { energies = 0.5 * x.colwise().squaredNorm(); }
};

/// All that an observer is told, apart from the step before.
struct Told {
  long step;
  double begin, time, residual;
  State state, derivative;
  Energies energies;

  bool operator==(const Told& other) const {
    return step == other.step && begin == other.begin && time == other.time && residual == other.residual &&
           state == other.state && derivative == other.derivative && energies == other.energies;
  }
};

struct Witness {
  std::vector<Told> told;
  void operator()(const Evaluation& now) {
    told.push_back({now.step, now.begin, now.time, now.residual, now.state, now.derivative, *now.energies});
  }
};

bool same_counts(const Outcome& a, const Outcome& b) {
  return a.status == b.status && a.time == b.time && a.statistics.steps == b.statistics.steps &&
         a.statistics.rejected == b.statistics.rejected &&
         a.statistics.right_hand_sides == b.statistics.right_hand_sides &&
         a.statistics.smallest_step == b.statistics.smallest_step &&
         a.statistics.largest_step == b.statistics.largest_step;
}

bool same(const Trajectory& a, const Trajectory& b, std::size_t from) {
  if (a.size() != b.size() - from) return false;
  for (std::size_t k = 0; k < a.size(); ++k)
    if (a.times()[k] != b.times()[k + from] || a.states()[k] != b.states()[k + from] ||
        a.energies()[k] != b.energies()[k + from])
      return false;
  return true;
}

/// Whether `a` are those of `b` after t.
bool same(const std::vector<Occurrence>& a, const std::vector<Occurrence>& b, double t) {
  const auto after = std::find_if(b.begin(), b.end(), [=](const Occurrence& zero) { return zero.time > t; });
  return std::equal(a.begin(), a.end(), after, b.end(), [](const Occurrence& one, const Occurrence& other) {
    return one.time == other.time && one.sample == other.sample && one.state == other.state;
  });
}

/// What a run recorded: every step, at equal intervals, at chosen times.
struct Recorded {
  Witness witness;
  Trajectory steps, tenths{{.every = 0.1, .rows = {{3, 2}, {0, 1}}}}, times{{.times = {0.4, 0.45, 1.0 / 3 + 1, 2.25}}};

  std::array<const Trajectory*, 3> paths() const { return {&steps, &tenths, &times}; }
};

/// Steppers at work: with steps of 0.05, and keeping tolerances with steps of their own; a user's included.
std::vector<std::pair<std::string, Stepper>> in_use() {
  std::vector<std::pair<std::string, Stepper>> list;
  for (const steppers::Method& method : steppers::all())
    if (!method.adaptive) list.emplace_back(method.name, method.at(0.05));
  for (const auto& [name, within] : steppers::controlled())
    for (const double tolerance : {1e-4, 1e-9}) list.emplace_back(name, within(tolerance));
  return list;
}

Integration until_late(const Stepper& stepper, long every, std::vector<Checkpoint>& made) {
  return {.stepper = stepper,
          .begin = 0.25,
          .end = 2.25,
          .checkpoints = {.every = every, .save = [&made](const Checkpoint& point) { made.push_back(point); }}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checkpoints)

BOOST_AUTO_TEST_CASE(a_resumed_run_is_the_uninterrupted_one) {
  for (const auto& [name, stepper] : in_use()) {
    for (const long every : {1L, 3L, 4L, 7L}) {
      const WithEnergy problem(1);
      std::vector<Checkpoint> made, made_again;
      const Integration how = until_late(stepper, every, made);
      State whole = problem.start(3, 2);
      Recorded all;
      const Outcome outcome = integrate(problem, whole, how, all.witness, all.steps, all.tenths, all.times);
      BOOST_TEST(outcome.status == Status::end_reached);
      BOOST_TEST(made.size() == static_cast<std::size_t>(outcome.statistics.steps / every));

      for (std::size_t k = 0; k < made.size(); ++k) {
        BOOST_TEST_CONTEXT(name << ", step " << made[k].statistics.steps << " of " << outcome.statistics.steps) {
          const WithEnergy another(1);
          State state = State::Zero(5, 3);
          Recorded rest;
          made_again.clear();
          const Outcome resumed = resume(made[k], another, state, until_late(stepper, every, made_again), rest.witness,
                                         rest.steps, rest.tenths, rest.times);
          BOOST_TEST(same_counts(resumed, outcome));
          BOOST_TEST((state == whole));
          const auto first = static_cast<std::size_t>(made[k].statistics.steps);
          BOOST_TEST(bool(rest.witness.told == std::vector<Told>(all.witness.told.begin() + static_cast<long>(first),
                                                                 all.witness.told.end())));
          // They hold what came after the checkpoint.
          for (std::size_t path = 0; path < 3; ++path) {
            const Trajectory& uninterrupted = *all.paths()[path];
            const auto due = std::upper_bound(uninterrupted.times().begin(), uninterrupted.times().end(), made[k].time);
            BOOST_TEST(same(*rest.paths()[path], uninterrupted,
                            static_cast<std::size_t>(due - uninterrupted.times().begin())));
          }
          BOOST_TEST(made_again.size() == made.size() - k - 1);
          if (!made_again.empty()) {
            BOOST_TEST((made_again.back().state == made.back().state));
            BOOST_TEST(made_again.back().next_step == made.back().next_step);
            BOOST_TEST(made_again.back().statistics.right_hand_sides == made.back().statistics.right_hand_sides);
          }
        }
      }
    }
  }
}

// A program that keeps its trajectories, ends early and goes on: they are those of a run that never ended.
BOOST_AUTO_TEST_CASE(trajectories_go_on_from_the_checkpoint) {
  for (const auto& [name, stepper] : in_use()) {
    BOOST_TEST_CONTEXT(name) {
      const WithEnergy problem(1);
      std::vector<Checkpoint> made;
      const Integration how = until_late(stepper, 1, made);
      State state = problem.start(3, 2);
      Recorded all, parts;
      integrate(problem, state, how, all.witness, all.steps, all.tenths, all.times);
      made.clear();
      state = problem.start(3, 2);
      const auto early = [](const Evaluation& now) { return now.step == 2 ? Proceed::stop : Proceed::on; };
      integrate(problem, state, how, parts.steps, parts.tenths, parts.times, early);
      BOOST_REQUIRE(made.size() == 2u);
      const Checkpoint first = made.front();
      resume(first, problem, state, how, parts.steps, parts.tenths, parts.times);
      for (std::size_t path = 0; path < 3; ++path) BOOST_TEST(same(*parts.paths()[path], *all.paths()[path], 0));
      integrate(problem, state = problem.start(3, 2), how, parts.steps);  // and a further run starts it anew
      BOOST_TEST(same(parts.steps, all.steps, 0));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_way_a_resumed_run_ends_is_the_same) {
  const WithEnergy problem(2);
  std::vector<Checkpoint> made;
  Integration how{.end = INFINITY, .settled = 1e-3, .checkpoints = {.every = 2, .save = [&](const Checkpoint& point) {
                                                                      made.push_back(point);
                                                                    }}};
  State whole = problem.start(2, 3);
  const Outcome settled = integrate(problem, whole, how);
  BOOST_TEST(settled.status == Status::settled);
  how.most_steps = 5;
  const std::vector<Checkpoint> all = made;
  State state = problem.start(2, 3);
  BOOST_TEST(integrate(problem, state, how).status == Status::too_many_steps);
  how.most_steps = 1000;  // neither it nor `settled` decides how a run goes
  how.checkpoints.save = nullptr;
  for (const Checkpoint& point : all) {
    BOOST_TEST(same_counts(resume(point, problem, state, how), settled));
    BOOST_TEST((state == whole));
  }
  how.most_steps = 1;
  BOOST_TEST(resume(all.front(), problem, state, how).status == Status::too_many_steps);
  how.settled = 1e-1;  // long so at the last checkpoint
  BOOST_TEST(resume(all.back(), problem, state, how).status == Status::settled);
  BOOST_TEST((state == all.back().state));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_costs_a_right_hand_side) {
  const WithEnergy problem(1);
  for (const Stepper& stepper : std::vector<Stepper>{RungeKutta4{0.1}, CashKarp{}, DormandPrince{}, Fehlberg78{}}) {
    BOOST_TEST_CONTEXT(stepper.text()) {
      State x = problem.start(3, 2), y = x;
      long made = 0;
      const Statistics without = integrate(problem, x, {.stepper = stepper, .end = 2}).statistics;
      const Checkpoints checkpoints{.every = 3, .save = [&](const Checkpoint&) { ++made; }};
      const Statistics with =
          integrate(problem, y, {.stepper = stepper, .end = 2, .checkpoints = checkpoints}).statistics;
      BOOST_TEST((x == y));
      BOOST_TEST(made > 0);
      BOOST_TEST(with.right_hand_sides == without.right_hand_sides + made);
    }
  }
}

BOOST_AUTO_TEST_CASE(events_are_those_of_the_uninterrupted_run) {
  const WithEnergy problem(1);
  const auto crossing = [](const State& x) -> Energies { return x.row(0).array() - x.row(0).mean(); };
  const auto late = [](const State&, double t) -> Energies { return Energies::Constant(3, t - 1.9); };
  for (const auto& [name, stepper] : in_use()) {
    BOOST_TEST_CONTEXT(name) {
      std::vector<Checkpoint> made;
      const Integration how = until_late(stepper, 2, made);
      State whole = problem.start(3, 2), state = whole;
      Event all(crossing), last(late, {.terminal = true});
      const Outcome outcome = integrate(problem, whole, how, all, last);
      BOOST_TEST(outcome.status == Status::event);
      const std::vector<Checkpoint> points = made;
      Event longer(crossing);  // of a run that does not end at the event
      integrate(problem, state, how, longer);
      for (const Checkpoint& point : points) {
        Event rest(crossing), end(late, {.terminal = true});
        BOOST_TEST(same_counts(resume(point, problem, state, how, rest, end), outcome));
        BOOST_TEST((state == whole));
        BOOST_TEST(same(rest.occurrences(), all.occurrences(), point.time));
        BOOST_TEST(end.occurrences().size() == 3u);
        Event kept = all;  // of what it saw, it forgets what came after the checkpoint
        resume(point, problem, state, how, kept);
        BOOST_TEST(same(kept.occurrences(), longer.occurrences(), -INFINITY));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_differs_is_said) {
  using laws::message;
  using laws::names;
  const WithEnergy problem(1);
  std::vector<Checkpoint> made;
  const Integration how{.stepper = DormandPrince{.relative_tolerance = 1e-5},
                        .end = 5,
                        .largest_step = 0.5,
                        .checkpoints = {.every = 3, .save = [&](const Checkpoint& point) { made.push_back(point); }}};
  State state = problem.start(2, 4);
  integrate(problem, state, how);
  const Checkpoint point = made.front();
  const auto refusal = [&](const auto& change) {
    Integration other = how;
    change(other);
    const State before = state;
    const std::string text = message<ValueError>([&] { resume(point, problem, state, other); });
    BOOST_TEST((state == before));
    return text;
  };
  BOOST_TEST(names(refusal([](Integration& other) { other.stepper = CashKarp{}; }),
                   {"stepper was DormandPrince(relative_tolerance = 1e-05", "is CashKarp("}));
  BOOST_TEST(names(refusal([](Integration& other) { other.stepper = DormandPrince{}; }), {"1e-05", "1e-06"}));
  BOOST_TEST(names(refusal([](Integration& other) { other.end = 6; }), {"end was 5, is 6"}));
  BOOST_TEST(names(refusal([](Integration& other) { other.begin = 1; }), {"begin was 0, is 1"}));
  BOOST_TEST(names(refusal([](Integration& other) { other.first_step = 0.1; }), {"first_step was not given, is 0.1"}));
  BOOST_TEST(names(refusal([](Integration& other) {
                     other.largest_step = {};
                     other.smallest_step = 1e-9;
                   }),
                   {"largest_step was 0.5, is not given", "smallest_step was not given, is 1e-09"}));
  BOOST_TEST(
      names(refusal([](Integration& other) { other.checkpoints.every = 4; }), {"checkpoints.every was 3, is 4"}));
  // Forgotten in the program that is started again: what to write is said, and does.
  BOOST_TEST(names(refusal([](Integration& other) { other.checkpoints = {}; }),
                   {"checkpoints.every was 3, is 0", ".checkpoints = {.every = 3, .save = "}));
  Integration kept_no_more = how;
  kept_no_more.checkpoints = {.every = 3};
  State onward = state;
  BOOST_TEST(resume(point, problem, onward, kept_no_more).status == Status::end_reached);

  State other = State::Ones(5, 3);
  BOOST_TEST(names(message<ShapeError>([&] { resume(point, problem, other, how); }), {"5 × 2", "5 × 3"}));
  const WithEnergy another(2);
  BOOST_TEST(names(message<ValueError>([&] { resume(point, another, state, how); }), {"another system", "row", "was"}));
  Checkpoint broken = point;
  broken.state(1, 1) = std::nan("");
  BOOST_TEST(names(message<ValueError>([&] { resume(broken, problem, state, how); }), {"row 1, sample 1"}));
}

BOOST_AUTO_TEST_CASE(options_that_contradict_one_another_are_refused) {
  State x = State::Ones(1, 1);
  const Logistic problem(1, 1);
  BOOST_CHECK_THROW(integrate(problem, x, {.end = 1, .checkpoints = {.every = -1}}), ValueError);
  BOOST_CHECK_THROW(integrate(problem, x, {.end = 1, .checkpoints = {.save = [](const Checkpoint&) {}}}), ValueError);
  BOOST_TEST(
      laws::names(laws::message<ValueError>([&] { integrate(problem, x, {.end = 1, .checkpoints = {.every = 3}}); }),
                  {"checkpoints.every is 3", "checkpoints.save", "CheckpointFile"}));
  BOOST_TEST(laws::names(
      laws::message<ValueError>([&] { integrate_each(problem, x, {.end = 1, .checkpoints = {.every = 1}}); }),
      {"integrate_each makes no checkpoints"}));
}

// The library's steppers say which they are, to the last bit of their parameters.
BOOST_AUTO_TEST_CASE(a_stepper_names_itself_and_its_parameters) {
  BOOST_TEST(Stepper(Euler{0.1}).text() == "Euler(step = 0.1)");
  for (const steppers::Method& method : steppers::all())
    if (!method.adaptive) BOOST_TEST(method.at(0.1).text() != method.at(std::nextafter(0.1, 1)).text());
  for (const auto& [name, within] : steppers::controlled()) {
    BOOST_TEST(within(1e-6).text() != within(std::nextafter(1e-6, 1)).text());
  }
  const std::vector<StepControl> controls{Elementary{}, PI{}, PI{.safety = 0.8}, PID{}, PID{.derivative = 0.2}};
  for (const StepControl& a : controls)
    for (const StepControl& b : controls)
      BOOST_TEST((Stepper(DormandPrince{.control = a}).text() == Stepper(DormandPrince{.control = b}).text()) ==
                 (&a == &b));
}

BOOST_AUTO_TEST_CASE(what_saving_throws_leaves_the_last_good_state) {
  const Logistic problem(1);
  State x = problem.start(2, 4), seen;
  const auto full = [](const Checkpoint&) { throw FileError("full"); };
  const auto look = [&](const Evaluation& now) { seen = now.state; };
  BOOST_CHECK_THROW(integrate(problem, x, {.end = 2, .checkpoints = {.every = 3, .save = full}}, look), FileError);
  BOOST_TEST((x == seen));
}

BOOST_AUTO_TEST_SUITE_END()
