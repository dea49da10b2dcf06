// SPDX-License-Identifier: MIT
#include <hamlet/attractor/landscape.hpp>
#include <hamlet/core/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hamlet {
namespace {

Vector<double> coordinates(const char* name, const Extent& extent) {
  if (!(std::isfinite(extent.from) && std::isfinite(extent.to) && extent.from < extent.to && extent.points >= 2))
    throw ValueError(
        fmt::format("the {} extent of a landscape, {} points from {} to {}, must be finite, ascending and of "
                    "2 points at least",
                    name, extent.points, extent.from, extent.to));
  return Vector<double>::LinSpaced(extent.points, extent.from, extent.to);
}

void require_state(const char* name, const State& state, const Flow& flow) {
  if (state.rows() == flow.network().size() && state.cols() == 1) return;
  throw ShapeError(
      fmt::format("{} of a landscape is {} × {}, not {} × 1", name, state.rows(), state.cols(), flow.network().size()));
}

}  // namespace

Landscape::Landscape(const Flow& flow, const State& origin, const State& along, const State& across, Extent first,
                     Extent second)
    : origin_(origin),
      axes_(origin.rows(), 2),
      first_(coordinates("first", first)),
      second_(coordinates("second", second)),
      energies_(first_.size(), second_.size()) {
  require_state("the origin", origin, flow);
  require_state("the first direction", along, flow);
  require_state("the second direction", across, flow);
  axes_.col(0) = along / along.norm();
  const State rest = across - axes_.col(0) * axes_.col(0).dot(across.col(0));
  if (!(along.norm() > 0 && rest.norm() > 1e-9 * across.norm()))
    throw ValueError("the two directions of a landscape are parallel, or one is 0");
  axes_.col(1) = rest / rest.norm();
  for (Index column = 0; column < second_.size(); ++column) {
    const State line =
        (axes_.col(0) * first_.transpose()).colwise() + (origin_.col(0) + second_[column] * axes_.col(1));
    energies_.col(column) = flow.energy(line).transpose();
  }
}

State Landscape::project(const State& states) const {
  if (states.rows() != origin_.rows())
    throw ShapeError(
        fmt::format("states of {} rows do not lie in a landscape of {} neurons", states.rows(), origin_.rows()));
  const State away = states.colwise() - origin_.col(0);
  State places(3, states.cols());
  places.topRows(2) = axes_.transpose() * away;
  places.row(2) = (away - axes_ * places.topRows(2)).colwise().norm();
  return places;
}

void Landscape::add(const Trajectory& path) {
  if (path.size() == 0) return;
  const Index samples = path.states().front().cols(), times = static_cast<Index>(path.size());
  std::vector<State> paths(static_cast<std::size_t>(samples), State(3, times));
  for (Index time = 0; time < times; ++time) {
    const State places = project(path.states()[static_cast<std::size_t>(time)]);
    for (Index sample = 0; sample < samples; ++sample)
      paths[static_cast<std::size_t>(sample)].col(time) = places.col(sample);
  }
  std::move(paths.begin(), paths.end(), std::back_inserter(paths_));
}

void Landscape::mark(const std::string& name, const State& state) {
  const auto same = [&](const Mark& other) { return other.name == name; };
  if (name.empty() || std::any_of(marks_.begin(), marks_.end(), same))
    throw ValueError(fmt::format("a mark of a landscape cannot be named '{}': it is empty or taken", name));
  if (state.cols() != 1)
    throw ShapeError(fmt::format("the mark '{}' of a landscape has {} columns, not 1", name, state.cols()));
  marks_.push_back({name, project(state)});
}

Npz to_npz(const Landscape& landscape) {
  Npz arrays{{"landscape/first", Array::from(landscape.first())},
             {"landscape/second", Array::from(landscape.second())},
             {"landscape/energy", Array::from(landscape.energies())}};
  Index number = 0;
  for (const State& path : landscape.paths()) arrays.add(fmt::format("path/{}", ++number), Array::from(path));
  for (const Landscape::Mark& mark : landscape.marks())
    arrays.add("mark/" + mark.name, Array::from(Vector<double>(mark.place.col(0))));
  return arrays;
}

}  // namespace hamlet
