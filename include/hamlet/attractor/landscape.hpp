// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/trajectory.hpp>
#include <hamlet/io/npz.hpp>
#include <hamlet/network/flow.hpp>

#include <string>
#include <vector>

namespace hamlet {

/// Coordinates from `from` to `to`, both among them, evenly spaced.
struct Extent {
  double from, to;
  Index points = 101;
};

/// The energy on a plane of states through an origin, and what lies on it or is projected to it. Coordinates are
/// distances from the origin along two orthonormal axes.
class Landscape {
 public:
  /// The plane through `origin` (N × 1) along two directions (N × 1), the second less its part along the first: E of
  /// `first.points` × `second.points` states. Throws ShapeError when one does not fit the flow, or its inputs are not
  /// the same for all samples; ValueError when the directions are parallel or 0, and for an extent that means nothing.
  Landscape(const Flow& flow, const State& origin, const State& along, const State& across, Extent first,
            Extent second);

  /// Coordinates of the grid.
  const Vector<double>& first() const { return first_; }
  const Vector<double>& second() const { return second_; }
  /// first × second.
  const State& energies() const { return energies_; }

  /// Where states (N × B) lie, 3 × B: both coordinates of their projection, and how far they are from the plane. Throws
  /// ShapeError when they have not N rows.
  State project(const State& states) const;

  /// Keeps the path of every sample. Throws ShapeError when the trajectory has not recorded all rows.
  void add(const Trajectory& path);
  /// Keeps a point (N × 1) by a name. Throws as project, and ValueError when the name is empty or taken.
  void mark(const std::string& name, const State& state);

  /// Of each path, 3 × T.
  const std::vector<State>& paths() const { return paths_; }
  struct Mark {
    std::string name;
    State place;  // 3 × 1
  };
  const std::vector<Mark>& marks() const { return marks_; }

 private:
  State origin_, axes_;  // N × 1, N × 2
  Vector<double> first_, second_;
  State energies_;
  std::vector<State> paths_;
  std::vector<Mark> marks_;
};

/// "landscape/first", "landscape/second", "landscape/energy" (first × second), "path/1", "path/2", … (3 × T), and
/// "mark/NAME" (3). tools/plot.py draws it.
Npz to_npz(const Landscape& landscape);

}  // namespace hamlet
