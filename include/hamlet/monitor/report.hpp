// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace hamlet {

/// One property that was measured.
struct Finding {
  std::string subject;   ///< "layer 'memories': LogSumExp(beta = 4)"
  std::string property;  ///< "g = ∂L/∂x by central differences"
  double measured;       ///< the worst value found
  double bound;          ///< what it may be at most (or at least, for an eigenvalue)
  bool holds;
  std::string note;  ///< where, or what else was seen: null directions, the largest finite scale
};

/// What an audit found: a report, not a throw.
struct Report {
  std::vector<Finding> findings;

  bool holds() const;
  explicit operator bool() const { return holds(); }
  /// A table, one finding a row, below the name of its subject.
  std::string text() const;
  /// {"holds": …, "findings": [{"subject": …, "property": …, "measured": …, "bound": …, "holds": …, "note": …}, …]};
  /// a number that is not finite is null.
  std::string json() const;
};

std::ostream& operator<<(std::ostream&, const Report&);

}  // namespace hamlet
