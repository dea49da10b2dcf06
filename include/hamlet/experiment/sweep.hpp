// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/experiment/table.hpp>
#include <hamlet/network/network.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace hamlet {

/// A network under the name it has in an experiment.
struct Variant {
  std::string name;
  Network network;
};

/// What was measured in a run: numbers by name.
using Measures = std::vector<std::pair<std::string, double>>;

/// How a sweep is run.
struct SweepOptions {
  unsigned threads = 0;  ///< How many runs at a time; 0 for as many as the machine has cores.
  /// Told how many runs have ended, and of how many: at the start and after every run, never by two threads at once.
  /// A Progress shows it.
  std::function<void(std::size_t ended, std::size_t runs)> progress = {};
};

/// Measures every variant with every seed, several runs at a time: `measure` is called from several threads, each with
/// a network that the others may be reading, and should draw all it needs of chance from the seed. The table has
/// columns "variant", "seed" and one a measure; its rows are in order of variants, then seeds, and do not depend on the
/// number of threads. Throws ValueError when there is no variant or seed, a name of a variant is repeated, a seed
/// is beyond 2⁵³ (no table could hold it), or runs measure different things, "variant" or "seed" among them. When a run
/// throws, no other is begun, those under way end, and an Error that names variant and seed, with what was thrown
/// nested in it, tells of the first in order that did.
Table sweep(const std::vector<Variant>& variants, const std::vector<std::uint64_t>& seeds,
            const std::function<Measures(const Network&, std::uint64_t)>& measure, const SweepOptions& options = {});

/// The same of whatever the names stand for; `measure` is told which of them is meant, counted from 0.
Table sweep(const std::vector<std::string>& variants, const std::vector<std::uint64_t>& seeds,
            const std::function<Measures(std::size_t variant, std::uint64_t seed)>& measure,
            const SweepOptions& options = {});

/// One variant a row, from a table that `sweep` made: the number of runs, and of every measure the mean and, under its
/// name with " ±", the standard deviation over the seeds (that of the sample; NaN for a single run). Throws
/// UnknownError when there is no column "variant", ValueError when a measure is text.
Table summary(const Table& sweep);

}  // namespace hamlet
