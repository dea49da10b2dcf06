// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/relax.hpp>

#include "spin/chance.hpp"

#include <fmt/format.h>

#include <numeric>
#include <optional>
#include <ostream>

namespace hamlet {
namespace {

std::vector<Index> sites_of(const SpinNetwork& network, const SpinRelaxation& how) {
  std::vector<Index> sites = how.sites;
  if (sites.empty()) {
    sites.resize(static_cast<std::size_t>(network.size()));
    std::iota(sites.begin(), sites.end(), Index{0});
  }
  std::vector<bool> given(static_cast<std::size_t>(network.size()));
  for (const Index site : sites) {
    if (site < 0 || site >= network.size())
      throw ValueError(fmt::format("relax: there is no site {} of {}", site, network.size()));
    if (given[static_cast<std::size_t>(site)]) throw ValueError(fmt::format("relax: site {} is given twice", site));
    given[static_cast<std::size_t>(site)] = true;
  }
  return sites;
}

class Relaxing {
 public:
  Relaxing(const SpinNetwork& network, const Spins& start, const SpinRelaxation& how,
           std::span<const SpinObserver> observers)
      : how_(how), observers_(observers), sites_(sites_of(network, how)), run_(network.run(start)), random_(how.seed) {}

  SpinOutcome outcome() {
    const SpinStatus status = how_.update == Update::synchronous ? together() : in_turn();
    return {status, sweep_, flips_, run_->energy()};
  }
  const Spins& spins() const { return run_->spins(); }

 private:
  /// The first place from k on whose spin is drawn to flip, or the number of places.
  std::size_t next(std::size_t k) const { return k + run_->staying(std::span(sites_).subspan(k)); }

  SpinStatus in_turn() {
    while (sweep_ < how_.most_sweeps) {
      const long before = flips_;
      if (how_.update == Update::random_order) shuffle(sites_, random_);
      for (std::size_t k = next(0); k < sites_.size(); k = next(k + 1)) {
        const Index& site = sites_[k];
        const WideReal difference = observers_.empty() ? WideReal() : run_->difference(site);
        run_->flip(site);
        ++flips_;
        tell({&site, 1}, difference);
      }
      ++sweep_;
      if (flips_ == before) return SpinStatus::settled;
    }
    return SpinStatus::too_many_sweeps;
  }

  SpinStatus together() {
    std::vector<Index> flipping, flipped_before;
    while (sweep_ < how_.most_sweeps) {
      flipping.clear();
      for (std::size_t k = next(0); k < sites_.size(); k = next(k + 1)) flipping.push_back(sites_[k]);
      WideReal difference = 0;
      for (const Index site : flipping) {
        if (!observers_.empty()) difference += run_->difference(site);
        run_->flip(site);
      }
      flips_ += static_cast<long>(flipping.size());
      if (!flipping.empty()) tell(flipping, difference);
      ++sweep_;
      if (flipping.empty()) return SpinStatus::settled;
      // The same spins flip back: the state is that of two updates ago, and all that follows repeats.
      if (flipping == flipped_before) return SpinStatus::two_cycle;
      flipped_before = flipping;
    }
    return SpinStatus::too_many_sweeps;
  }

  void tell(std::span<const Index> sites, const WideReal& difference) const {
    if (observers_.empty()) return;
    const SpinStep step{sweep_, sites, difference, run_->energy(), run_->spins()};
    for (const SpinObserver& observer : observers_) observer(step);
  }

  const SpinRelaxation& how_;
  std::span<const SpinObserver> observers_;
  std::vector<Index> sites_;
  std::unique_ptr<SpinRun> run_;
  Spins::Random random_;
  long sweep_ = 0, flips_ = 0;
};

const char* words(SpinStatus status) {
  switch (status) {
    case SpinStatus::settled:
      return "settled";
    case SpinStatus::two_cycle:
      return "in a cycle of two states";
    case SpinStatus::too_many_sweeps:
      return "not settled";
  }
  return "unknown status";
}

}  // namespace

SpinOutcome relax(const SpinNetwork& network, Spins& spins, const SpinRelaxation& how,
                  std::span<const SpinObserver> observers) {
  if (how.most_sweeps <= 0)
    throw ValueError(fmt::format("relax: most_sweeps is {}: it must be positive", how.most_sweeps));
  Relaxing relaxing(network, spins, how, observers);
  const SpinOutcome outcome = relaxing.outcome();
  spins = relaxing.spins();
  return outcome;
}

std::string SpinOutcome::text() const {
  return fmt::format("{} after {} sweep{}, {} flip{} at E = {}", words(status), sweeps, sweeps == 1 ? "" : "s", flips,
                     flips == 1 ? "" : "s", energy.text());
}

std::ostream& operator<<(std::ostream& out, SpinStatus status) { return out << words(status); }
std::ostream& operator<<(std::ostream& out, const SpinOutcome& outcome) { return out << outcome.text(); }

}  // namespace hamlet
