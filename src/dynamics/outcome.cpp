// SPDX-License-Identifier: MIT
#include <hamlet/dynamics/outcome.hpp>

#include <fmt/format.h>

#include <ostream>

namespace hamlet {

namespace {

const char* words(Status status) {
  switch (status) {
    case Status::end_reached:
      return "end reached";
    case Status::settled:
      return "settled";
    case Status::event:
      return "ended by an event";
    case Status::stopped:
      return "stopped by an observer";
    case Status::interrupted:
      return "interrupted";
    case Status::too_many_steps:
      return "too many steps";
    case Status::step_too_small:
      return "step too small";
    case Status::not_finite:
      return "not finite beyond this point";
  }
  return "unknown status";
}

}  // namespace

std::string Outcome::text() const {
  const Statistics& s = statistics;
  const std::string range = s.steps == 0 ? ""
                            : s.smallest_step == s.largest_step
                                ? fmt::format(" of {:.3g}", s.largest_step)
                                : fmt::format(" of {:.3g} to {:.3g}", s.smallest_step, s.largest_step);
  const std::string rises = s.energy_rises == 0 ? "" : fmt::format(" ({} as E would rise)", s.energy_rises);
  const std::string products =
      s.jacobian_products == 0 ? "" : fmt::format(", {} Jacobian-vector products", s.jacobian_products);
  return fmt::format("{} at t = {:.6g}\n{} step{}{}, {} rejected{}, {} right-hand sides{}, {:.3g} s", words(status),
                     time, s.steps, s.steps == 1 ? "" : "s", range, s.rejected, rises, s.right_hand_sides, products,
                     s.seconds);
}

std::ostream& operator<<(std::ostream& out, Status status) { return out << words(status); }

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) { return out << outcome.text(); }

}  // namespace hamlet
