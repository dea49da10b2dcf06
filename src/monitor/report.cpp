// SPDX-License-Identifier: MIT
#include "core/aligned.hpp"

#include <hamlet/monitor/report.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <sstream>

namespace hamlet {

bool Report::holds() const {
  return std::all_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.holds; });
}

std::string Report::text() const {
  std::vector<std::vector<std::string>> rows{{"property", "measured", "bound", "holds", "note"}};
  for (const Finding& finding : findings) {
    rows.push_back({finding.property, fmt::format("{:.2e}", finding.measured), fmt::format("{:.2e}", finding.bound),
                    finding.holds ? "yes" : "NO", finding.note});
  }
  // Names of subjects are long and repeat: in a column they would push the numbers out of sight.
  std::istringstream table(aligned(rows, {Side::left, Side::right, Side::right, Side::left, Side::left}, 2));
  std::string line, text;
  std::getline(table, line);
  text = line + '\n';
  for (std::size_t i = 0; i < findings.size(); ++i) {
    std::getline(table, line);
    if (i == 0 || findings[i].subject != findings[i - 1].subject) text += findings[i].subject + '\n';
    text += line + '\n';
  }
  return text;
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
