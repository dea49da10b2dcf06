// SPDX-License-Identifier: MIT
// A school's timetable by a network of spins, one for every lesson and hour: the lesson is then where it is +1. Two
// places exclude each other when they are of one lesson, or of one hour and share a class, a teacher or a room. Counts
// what is wrong with the result apart. Writes out/timetable.npz (tools/plot.py draws it).
#include "figure.hpp"
#include "timetable/school.hpp"

#include <hamlet/hamlet.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <limits>

namespace {

using namespace hamlet;
using school::School;
using school::Timetable;

struct Options {
  Index forms = 6;
  Index hours = 20;
  double busy = 0.8;
  long kicks = 20000;
  std::uint64_t seed = 1;
  std::string out = "out";
};

/// Whether two places cannot both be taken.
bool exclude(const School& school, Index a, Index b) {
  const Index lesson = a / school.hours, other = b / school.hours;
  if (lesson == other) return a != b;
  return a % school.hours == b % school.hours &&
         school.lessons[static_cast<std::size_t>(lesson)].conflicts(school.lessons[static_cast<std::size_t>(other)]);
}

/// E = −2 Σ s_a + 4 Σ s_a s_b over places a < b that exclude each other, s = (1 + σ)/2, up to a constant: a place
/// is taken when none that excludes it is, and left when one is. So where the network settles nothing is wrong but that
/// some lessons have no hour, and E counts the others: minus twice their number.
SpinNetwork network(const School& school) {
  const Index N = static_cast<Index>(school.lessons.size()) * school.hours;
  State weights = State::Zero(N, N);
  for (Index a = 0; a < N; ++a) {
    for (Index b = 0; b < N; ++b) weights(a, b) = exclude(school, a, b) ? -1 : 0;
  }
  const Vector<double> bias = 1 + weights.rowwise().sum().array();
  return CoupledSpins(weights, bias);
}

Timetable read(const School& school, const Spins& spins) {
  Timetable timetable(school.lessons.size());
  for (Index place = 0; place < spins.size(); ++place) {
    if (spins[place] > 0) timetable[static_cast<std::size_t>(place / school.hours)].push_back(place % school.hours);
  }
  return timetable;
}

/// A lesson without an hour takes one by chance, and what excludes that is left.
void kick(const School& school, Spins& spins, Spins::Random& random) {
  const Timetable timetable = read(school, spins);
  std::vector<Index> without;
  for (std::size_t lesson = 0; lesson < timetable.size(); ++lesson) {
    if (timetable[lesson].empty()) without.push_back(static_cast<Index>(lesson));
  }
  const Index lesson = without[random() % without.size()];
  const Index place = lesson * school.hours + static_cast<Index>(random() % static_cast<std::uint64_t>(school.hours));
  for (Index other = 0; other < spins.size(); ++other) {
    if (spins[other] > 0 && exclude(school, place, other)) spins.set(other, -1);
  }
  spins.set(place, 1);
}

/// Hours from left to right, classes from top to bottom: the teacher, from 1, and nothing where there is none.
State picture(const School& school, const Timetable& timetable, Index school::Lesson::*row, Index rows,
              Index school::Lesson::*shown) {
  State picture = State::Constant(rows, school.hours, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t lesson = 0; lesson < timetable.size(); ++lesson) {
    for (const Index hour : timetable[lesson]) {
      picture(school.lessons[lesson].*row, hour) = static_cast<double>(school.lessons[lesson].*shown + 1);
    }
  }
  return picture;
}

Options parse(int argc, char** argv) {
  Options options;
  CLI::App app{"Makes the timetable of a random school with a network of spins, and checks it."};
  app.option_defaults()->always_capture_default();
  app.add_option("--classes", options.forms, "and as many teachers and rooms")->check(CLI::Range(2, 30));
  app.add_option("--hours", options.hours, "of the week")->check(CLI::Range(2, 60));
  app.add_option("--busy", options.busy, "share of its hours in which a class has a lesson")
      ->check(CLI::Range(0.1, 1.0));
  app.add_option("--kicks", options.kicks, "after which it gives up")->check(CLI::NonNegativeNumber);
  app.add_option("--seed", options.seed, "of the school and of the search");
  app.add_option("--out", options.out, "folder for timetable.npz");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) try {
  const Options options = parse(argc, argv);
  std::filesystem::create_directories(options.out);
  const School school = school::random_school(options.forms, options.hours, options.busy, options.seed);
  if (school.lessons.empty()) throw ValueError("the school has no lesson");
  const SpinNetwork net = network(school);

  const auto begin = std::chrono::steady_clock::now();
  Spins::Random random(options.seed);
  Table table;
  std::vector<double> steps, missing;
  const auto tell = [&](const std::string& when, const Spins& spins) {
    const school::Violations wrong = school::check(school, read(school, spins));
    table.add({{"when", when},
               {"lessons", school.lessons.size()},
               {"spins", net.size()},
               {"E", net.energy(spins).value()},
               {"no hour", wrong.never},
               {"several hours", wrong.repeated},
               {"class twice", wrong.forms},
               {"teacher twice", wrong.teachers},
               {"room twice", wrong.rooms},
               {"violations", wrong.all()},
               {"seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()}});
    return wrong.all();
  };
  Spins best(net.size());  // no lesson has an hour
  double least = relax(net, best, {.seed = random()}).energy.value();
  Index violations = tell("settled", best);
  long kicks = 0;
  for (; violations > 0 && kicks < options.kicks; ++kicks) {
    Spins spins = best;
    kick(school, spins, random);
    const double energy = relax(net, spins, {.seed = random()}).energy.value();
    if (energy <= least) {
      least = energy;
      best = spins;
      violations = school::check(school, read(school, best)).all();
    }
    steps.push_back(static_cast<double>(kicks + 1));
    missing.push_back(static_cast<double>(violations));
  }
  tell(fmt::format("after {} kicks", kicks), best);
  fmt::print("{} classes, teachers and rooms, {} hours. Violations are counted apart, hour by hour.\n\n", options.forms,
             options.hours);
  std::cout << table;

  const Timetable timetable = read(school, best);
  Figure figure(fmt::format("A timetable of {} lessons, {} violations", school.lessons.size(), violations));
  figure.panel({.title = "a row a class", .x = "hour", .y = "teacher"});
  figure.image(picture(school, timetable, &school::Lesson::form, school.forms, &school::Lesson::teacher));
  figure.panel({.title = "a row a teacher", .x = "hour", .y = "class"});
  figure.image(picture(school, timetable, &school::Lesson::teacher, school.teachers, &school::Lesson::form));
  if (!steps.empty()) {
    figure.panel({.title = "search", .x = "kicks", .y = "lessons without an hour"});
    figure.line("best state", steps, missing);
  }
  figure.save(options.out + "/timetable.npz");
  fmt::print("\nwrote {}/timetable.npz\n", options.out);
  if (violations > 0) throw Error(fmt::format("no timetable was found: {} violations are left", violations));
  return 0;
} catch (const std::exception& error) {
  std::cerr << "timetable: " << error.what() << '\n';
  return 1;
}
