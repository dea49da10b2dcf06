// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/experiment/sweep.hpp>

#include "core/parallel.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <thread>

namespace hamlet {
namespace {

/// Calls run(0), …, run(count − 1), begun in this order, on that many threads. When one throws, no other is begun.
/// Returns what each has thrown.
template <class Run>
std::vector<std::exception_ptr> in_parallel(std::size_t count, unsigned threads, const Run& run) {
  std::vector<std::exception_ptr> thrown(count);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stopped = false;
  const bool shared = std::min<std::size_t>(count, threads) > 1;
  const auto work = [&] {
    std::optional<WorksAlone> alone;
    if (shared) alone.emplace();
    while (!stopped) {
      const std::size_t at = next++;
      if (at >= count) return;
      try {
        run(at);
      } catch (...) {
        thrown[at] = std::current_exception();
        stopped = true;
      }
    }
  };
  std::vector<std::jthread> others;
  try {
    while (others.size() + 1 < std::min<std::size_t>(count, threads)) others.emplace_back(work);
  } catch (const std::system_error&) {
    // No more threads are to be had: those there are do the work.
  }
  work();
  others.clear();  // joins them, before what they threw is handed on
  return thrown;
}

std::string names(const Measures& measures) {
  std::vector<std::string> names;
  for (const auto& [name, value] : measures) names.push_back(name);
  return names.empty() ? "nothing" : fmt::format("'{}'", fmt::join(names, "', '"));
}

[[noreturn]] void rethrow(const std::exception_ptr& thrown, const std::string& run) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    std::throw_with_nested(Error(fmt::format("{}: {}", run, error.what())));
  } catch (...) {
    std::throw_with_nested(Error(fmt::format("{}: it threw what is no std::exception", run)));
  }
}

}  // namespace

Table sweep(const std::vector<std::string>& variants, const std::vector<std::uint64_t>& seeds,
            const std::function<Measures(std::size_t, std::uint64_t)>& measure, const SweepOptions& options) {
  if (variants.empty() || seeds.empty()) {
    throw ValueError(fmt::format("a sweep over {} variants and {} seeds has no run", variants.size(), seeds.size()));
  }
  std::set<std::string> known;
  for (const std::string& name : variants) {
    if (!known.insert(name).second) throw ValueError(fmt::format("two variants are named '{}'", name));
  }
  // Before any run is begun: a seed that no table can hold would lose them all.
  const std::vector<Cell> seed_cells(seeds.begin(), seeds.end());
  const auto variant = [&](std::size_t run) { return run / seeds.size(); };
  const auto seed = [&](std::size_t run) { return seeds[run % seeds.size()]; };
  const auto described = [&](std::size_t run) {
    return fmt::format("variant '{}', seed {}", variants[variant(run)], seed(run));
  };

  std::vector<Measures> measured(variants.size() * seeds.size());
  const unsigned threads = options.threads > 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  std::mutex telling;
  std::size_t ended = 0;
  if (options.progress) options.progress(0, measured.size());
  const auto thrown = in_parallel(measured.size(), threads, [&](std::size_t run) {
    measured[run] = measure(variant(run), seed(run));
    if (!options.progress) return;
    const std::lock_guard alone(telling);
    options.progress(++ended, measured.size());
  });
  // Runs are begun in order, so that the first that throws has been begun whatever the others did meanwhile.
  for (std::size_t run = 0; run < thrown.size(); ++run) {
    if (thrown[run]) rethrow(thrown[run], described(run));
  }

  Table table;
  for (std::size_t run = 0; run < measured.size(); ++run) {
    if (names(measured[run]) != names(measured.front())) {
      throw ValueError(fmt::format("{} measured {}, but {} {}", described(run), names(measured[run]), described(0),
                                   names(measured.front())));
    }
    Table::Row row{{"variant", variants[variant(run)]}, {"seed", seed_cells[run % seeds.size()]}};
    row.insert(row.end(), measured[run].begin(), measured[run].end());
    table.add(row);
  }
  return table;
}

Table sweep(const std::vector<Variant>& variants, const std::vector<std::uint64_t>& seeds,
            const std::function<Measures(const Network&, std::uint64_t)>& measure, const SweepOptions& options) {
  std::vector<std::string> names;
  for (const Variant& variant : variants) names.push_back(variant.name);
  return sweep(
      names, seeds, [&](std::size_t variant, std::uint64_t seed) { return measure(variants[variant].network, seed); },
      options);
}

Table summary(const Table& sweep) {
  const std::vector<std::string>& variants = sweep.texts("variant");
  Table table;
  for (auto first = variants.begin(); first != variants.end();) {
    const auto last = std::find_if(first, variants.end(), [&](const std::string& name) { return name != *first; });
    const auto runs = static_cast<double>(last - first);
    Table::Row row{{"variant", *first}, {"runs", runs}};
    for (const std::string& column : sweep.columns()) {
      if (column == "variant" || column == "seed") continue;
      const Eigen::Map<const Eigen::ArrayXd> values(sweep.numbers(column).data() + (first - variants.begin()),
                                                    last - first);
      const double mean = values.mean();
      row.emplace_back(column, mean);
      row.emplace_back(column + " ±", std::sqrt((values - mean).square().sum() / (runs - 1)));
    }
    table.add(row);
    first = last;
  }
  return table;
}

}  // namespace hamlet
