// SPDX-License-Identifier: MIT
#include "core/aligned.hpp"

#include <hamlet/monitor/report.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace hamlet {

bool Report::holds() const {
  return std::all_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.holds; });
}

std::string Report::text() const {
  std::vector<std::vector<std::string>> rows{{"subject", "property", "measured", "bound", "holds", "note"}};
  for (const Finding& finding : findings) {
    rows.push_back({finding.subject, finding.property, fmt::format("{:.2e}", finding.measured),
                    fmt::format("{:.2e}", finding.bound), finding.holds ? "yes" : "NO", finding.note});
  }
  return aligned(rows, {Side::left, Side::left, Side::right, Side::right, Side::left, Side::left});
}

std::string Report::json() const {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    rows.push_back({{"subject", finding.subject},
                    {"property", finding.property},
                    {"measured", finding.measured},
                    {"bound", finding.bound},
                    {"holds", finding.holds},
                    {"note", finding.note}});
  }
  return nlohmann::ordered_json{{"holds", holds()}, {"findings", rows}}.dump(2);
}

std::ostream& operator<<(std::ostream& out, const Report& report) { return out << report.text(); }

}  // namespace hamlet
