// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/hamlet.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace school {

using hamlet::Index;

/// A lesson of a class with a teacher in a room. Two of them that share one of these cannot be at the same time.
struct Lesson {
  Index form, teacher, room;

  bool conflicts(const Lesson& other) const {
    return form == other.form || teacher == other.teacher || room == other.room;
  }
};

/// What is to be given a time.
struct School {
  Index forms, teachers, rooms, hours;
  std::vector<Lesson> lessons;
};

/// A school for which there is a timetable: one is made at random and then forgotten, but for its lessons. `busy` is
/// the share of its hours in which a class has a lesson.
inline School random_school(Index forms, Index hours, double busy, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::bernoulli_distribution held(busy);
  School school{forms, forms, forms, hours, {}};
  std::vector<Index> teachers(static_cast<std::size_t>(forms)), rooms(teachers.size());
  std::iota(teachers.begin(), teachers.end(), Index{0});
  std::iota(rooms.begin(), rooms.end(), Index{0});
  for (Index hour = 0; hour < hours; ++hour) {
    std::shuffle(teachers.begin(), teachers.end(), random);
    std::shuffle(rooms.begin(), rooms.end(), random);
    for (Index form = 0; form < forms; ++form) {
      if (!held(random)) continue;
      school.lessons.push_back({form, teachers[static_cast<std::size_t>(form)], rooms[static_cast<std::size_t>(form)]});
    }
  }
  std::shuffle(school.lessons.begin(), school.lessons.end(), random);
  return school;
}

/// Hours of every lesson: none, one, or what a network mistakes for a timetable.
using Timetable = std::vector<std::vector<Index>>;

/// What is wrong with a timetable, counted hour by hour, with no regard to how it was found.
struct Violations {
  Index never = 0, repeated = 0;             // lessons without an hour, and with several
  Index forms = 0, teachers = 0, rooms = 0;  // hours for which one is asked for more than once, each time too many

  Index all() const { return never + repeated + forms + teachers + rooms; }
};

inline Violations check(const School& school, const Timetable& timetable) {
  Violations found;
  for (const std::vector<Index>& hours : timetable) {
    if (hours.empty()) ++found.never;
    if (hours.size() > 1) ++found.repeated;
  }
  const auto too_many = [&](Index count, Index Lesson::*what) {
    std::vector<Index> asked(static_cast<std::size_t>(count * school.hours));
    Index excess = 0;
    for (std::size_t lesson = 0; lesson < timetable.size(); ++lesson) {
      for (const Index hour : timetable[lesson]) {
        const Index at = school.lessons[lesson].*what * school.hours + hour;
        if (asked[static_cast<std::size_t>(at)]++ > 0) ++excess;
      }
    }
    return excess;
  };
  found.forms = too_many(school.forms, &Lesson::form);
  found.teachers = too_many(school.teachers, &Lesson::teacher);
  found.rooms = too_many(school.rooms, &Lesson::room);
  return found;
}

}  // namespace school
