// SPDX-License-Identifier: MIT
#include "io/output.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/io/checkpoint_file.hpp>
#include <hamlet/io/npz.hpp>

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

namespace hamlet {

namespace {

double or_nan(const std::optional<double>& step) { return step.value_or(std::numeric_limits<double>::quiet_NaN()); }

template <Elemental T>
T number(const Npz& arrays, const char* name) {
  const Array& array = arrays[name];
  if (array.rank() != 0) throw ShapeError(fmt::format("'{}' is {}, not one number", name, array.text()));
  return array.values<T>().front();
}

std::optional<double> step(const Npz& arrays, const char* name) {
  const double step = number<double>(arrays, name);
  return std::isnan(step) ? std::nullopt : std::optional(step);
}

Checkpoint checkpoint_of(const Npz& arrays) {
  const Array& stepper = arrays["stepper"];
  const auto characters = stepper.values<std::uint8_t>();
  return {.stepper = std::string(characters.begin(), characters.end()),
          .begin = number<double>(arrays, "begin"),
          .end = number<double>(arrays, "end"),
          .first_step = step(arrays, "first_step"),
          .smallest_step = step(arrays, "smallest_step"),
          .largest_step = step(arrays, "largest_step"),
          .every = number<std::int64_t>(arrays, "every"),
          .time = number<double>(arrays, "time"),
          .state = arrays["state"].matrix(),
          .derivative = arrays["derivative"].matrix(),
          .chosen_first_step = number<double>(arrays, "chosen_first_step"),
          .chosen_largest_step = number<double>(arrays, "chosen_largest_step"),
          .next_step = number<double>(arrays, "next_step"),
          .cost = number<double>(arrays, "cost"),
          .statistics = {.steps = number<std::int64_t>(arrays, "statistics/steps"),
                         .rejected = number<std::int64_t>(arrays, "statistics/rejected"),
                         .energy_rises = number<std::int64_t>(arrays, "statistics/energy_rises"),
                         .right_hand_sides = number<std::int64_t>(arrays, "statistics/right_hand_sides"),
                         .seconds = number<double>(arrays, "statistics/seconds"),
                         .smallest_step = number<double>(arrays, "statistics/smallest_step"),
                         .largest_step = number<double>(arrays, "statistics/largest_step"),
                         .jacobian_products = number<std::int64_t>(arrays, "statistics/jacobian_products")}};
}

/// load_npz; says what to do about a file that is there but damaged.
Npz arrays_in(const std::string& path) {
  try {
    return load_npz(path);
  } catch (const FileError& error) {
    std::error_code none;
    if (!std::filesystem::is_regular_file(path, none) || !std::ifstream(path)) throw;
    throw FileError(fmt::format(
        "{}: the file is cut short, or no checkpoint: look whether it is the right one; a program that dies "
        "while it saves leaves the checkpoint before whole, a copy that breaks off or a loss of power may "
        "not; move the file away to begin the run anew",
        error.what()));
  }
}

}  // namespace

CheckpointFile::CheckpointFile(std::string path) : path_(std::move(path)) { io::check_target(path_); }

bool CheckpointFile::exists() const { return std::filesystem::exists(path_); }

Checkpoint CheckpointFile::load() const {
  const Npz arrays = arrays_in(path_);
  try {
    Checkpoint checkpoint = checkpoint_of(arrays);
    if (checkpoint.state.rows() != checkpoint.derivative.rows() ||
        checkpoint.state.cols() != checkpoint.derivative.cols())
      throw ShapeError("its state and derivative are not of one shape");
    return checkpoint;
  } catch (const Error& error) {
    throw FileError(fmt::format("{}: no checkpoint: {}", path_, error.what()));
  }
}

void CheckpointFile::operator()(const Checkpoint& checkpoint) const {
  const Statistics& statistics = checkpoint.statistics;
  save_npz(path_,
           {{"stepper", Array::from(std::vector<std::uint8_t>(checkpoint.stepper.begin(), checkpoint.stepper.end()))},
            {"begin", Array::from(checkpoint.begin)},
            {"end", Array::from(checkpoint.end)},
            {"first_step", Array::from(or_nan(checkpoint.first_step))},
            {"smallest_step", Array::from(or_nan(checkpoint.smallest_step))},
            {"largest_step", Array::from(or_nan(checkpoint.largest_step))},
            {"every", Array::from(std::int64_t{checkpoint.every})},
            {"time", Array::from(checkpoint.time)},
            {"state", Array::from(checkpoint.state)},
            {"derivative", Array::from(checkpoint.derivative)},
            {"chosen_first_step", Array::from(checkpoint.chosen_first_step)},
            {"chosen_largest_step", Array::from(checkpoint.chosen_largest_step)},
            {"next_step", Array::from(checkpoint.next_step)},
            {"cost", Array::from(checkpoint.cost)},
            {"statistics/steps", Array::from(std::int64_t{statistics.steps})},
            {"statistics/rejected", Array::from(std::int64_t{statistics.rejected})},
            {"statistics/energy_rises", Array::from(std::int64_t{statistics.energy_rises})},
            {"statistics/right_hand_sides", Array::from(std::int64_t{statistics.right_hand_sides})},
            {"statistics/jacobian_products", Array::from(std::int64_t{statistics.jacobian_products})},
            {"statistics/seconds", Array::from(statistics.seconds)},
            {"statistics/smallest_step", Array::from(statistics.smallest_step)},
            {"statistics/largest_step", Array::from(statistics.largest_step)}});
}

}  // namespace hamlet
