// SPDX-License-Identifier: MIT
#include <hamlet/monitor/verdict.hpp>

#include <fmt/format.h>

#include <cmath>
#include <ostream>

namespace hamlet {
namespace {

const char* name(Cause cause) { return cause == Cause::integrator ? "integrator" : "model"; }

}  // namespace

std::string Violation::text() const {
  std::string where = fmt::format("at t = {:.6g}, sample {}", time, sample);
  switch (check) {
    case Check::energy:
      return fmt::format("{}: E rose by {:.3g} in one step, {} (cause: {})", where, size,
                         cause == Cause::integrator
                             ? "and does not with a smaller one"
                             : "and not for want of a smaller one: audit(network) tells which part",
                         name(cause));
    case Check::dissipation:
      return fmt::format("{}: Ė = {:.3g} > 0, so a Lagrangian is not convex there (cause: {})", where, size,
                         name(cause));
    case Check::finite:
      return fmt::format("{}: E is {}, so no descent can be shown{} (cause: {})", where,
                         std::isnan(size) ? "not a number" : "infinite",
                         cause == Cause::integrator ? ", and is finite after a smaller step" : "", name(cause));
    case Check::gradient:
      return fmt::format("{}: the flow is not −∂E/∂g, the slope of E is off by {:.3g} of itself (cause: {})", where,
                         size, name(cause));
  }
  return where;
}

std::string Verdict::text() const {
  if (start.size() == 0) return "Nothing watched: the monitor has not been in a run";
  std::string text;
  if (descends) {
    text = fmt::format("Descends: {} sample{}, {} steps", start.size(), start.size() == 1 ? "" : "s", steps);
  } else {
    text = fmt::format("Rises: {}; {} of {} steps violate", first->text(), violations, steps);
  }
  text += fmt::format(", mean E {:.6g} → {:.6g}", start.mean(), end.mean());
  text += balance <= 1 ? fmt::format(", |ΔE − ∫Ė dt| ≤ {:.2g} |ΔE|", balance) : ", ∫Ė dt not resolved by steps so long";
  if (jumps > 0) text += fmt::format(", {} jumps", jumps);
  return text;
}

std::ostream& operator<<(std::ostream& out, const Verdict& verdict) { return out << verdict.text(); }

}  // namespace hamlet
