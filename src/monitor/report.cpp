// SPDX-License-Identifier: MIT
#include <hamlet/monitor/report.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace hamlet {
namespace {

// Code points, for columns that align; every character used here is one column wide.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t columns) {
  return text + std::string(columns - std::min(columns, width(text)), ' ');
}

}  // namespace

bool Report::holds() const {
  return std::all_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.holds; });
}

std::string Report::text() const {
  std::size_t subjects = 7;
  std::size_t properties = 8;
  for (const Finding& finding : findings) {
    subjects = std::max(subjects, width(finding.subject));
    properties = std::max(properties, width(finding.property));
  }
  std::string text = fmt::format("{}  {}  {:>10}  {:>10}  {:5}  {}\n", padded("subject", subjects),
                                 padded("property", properties), "measured", "bound", "holds", "note");
  for (const Finding& finding : findings) {
    text += fmt::format("{}  {}  {:>10.2e}  {:>10.2e}  {:5}  {}\n", padded(finding.subject, subjects),
                        padded(finding.property, properties), finding.measured, finding.bound,
                        finding.holds ? "yes" : "NO", finding.note);
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
