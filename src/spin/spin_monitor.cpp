// SPDX-License-Identifier: MIT
#include <hamlet/spin/spin_monitor.hpp>

#include <fmt/format.h>

#include <ostream>

namespace hamlet {

void SpinMonitor::operator()(const SpinStep& step) {
  if (steps_ == 0) start_ = step.energy - step.difference;
  if (step.difference > 0) {
    if (!first_) first_ = {steps_, step.sites.front(), step.difference};
    ++rises_;
  }
  end_ = step.energy;
  ++steps_;
}

std::string SpinMonitor::text() const {
  if (steps_ == 0) return "Descends: no spin flipped";
  const std::string course =
      fmt::format("{} step{}, E {} → {}", steps_, steps_ == 1 ? "" : "s", start_.text(), end_.text());
  if (!first_) return "Descends: " + course;
  return fmt::format("Rises: at step {}, spin {}, by {}; {} of {}", first_->step, first_->site,
                     first_->difference.text(), rises_, course);
}

std::ostream& operator<<(std::ostream& out, const SpinMonitor& monitor) { return out << monitor.text(); }

}  // namespace hamlet
