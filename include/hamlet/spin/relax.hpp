// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/spin_network.hpp>
#include <hamlet/spin/spin_observer.hpp>

#include <array>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace hamlet {

/// In which order spins are updated.
enum class Update {
  random_order,  ///< One at a time; every sweep visits each once, in an order drawn anew.
  fixed_order,   ///< One at a time, in the order given.
  synchronous    ///< All at once, each by the state before.
};

/// How to relax.
struct SpinRelaxation {
  Update update = Update::random_order;
  std::vector<Index> sites = {};  ///< Those that are updated, in this order when it is fixed; all by default.
  std::uint64_t seed = 1;         ///< Of the random order: the same on every machine.
  long most_sweeps = 1000;        ///< > 0
};

/// How a relaxation ended: at a fixed point; in a cycle of two states, of synchronous updates; or neither, in
/// `most_sweeps`.
enum class SpinStatus { settled, two_cycle, too_many_sweeps };

/// How, at what energy and after how much a relaxation ended. A sweep asks every site once; the last one of a
/// relaxation that settled flips nothing.
struct SpinOutcome {
  SpinStatus status;
  long sweeps;
  long flips;
  WideReal energy;

  /// "settled after 3 sweeps, 41 flips at E = -97.5".
  std::string text() const;
};

std::ostream& operator<<(std::ostream&, SpinStatus);
std::ostream& operator<<(std::ostream&, const SpinOutcome&);

/// Updates `spins` by the network's rule until nothing flips; a spin whose field is 0 keeps its sign. Observers are
/// told of every flip, at a synchronous update of all its flips at once. Throws ShapeError when sizes differ,
/// ValueError for a site that is not there or is given twice and for most_sweeps ≤ 0.
SpinOutcome relax(const SpinNetwork& network, Spins& spins, const SpinRelaxation& how,
                  std::span<const SpinObserver> observers);

/// The same with any observers; those named by std::ref are seen through it.
template <SpinObserving... Observers>
SpinOutcome relax(const SpinNetwork& network, Spins& spins, const SpinRelaxation& how, Observers&&... observers) {
  const std::array<SpinObserver, sizeof...(Observers)> list{SpinObserver(observers)...};
  return relax(network, spins, how, std::span<const SpinObserver>(list));
}
inline SpinOutcome relax(const SpinNetwork& network, Spins& spins) { return relax(network, spins, {}, {}); }

}  // namespace hamlet
