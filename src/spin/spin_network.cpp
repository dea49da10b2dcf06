// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/spin_network.hpp>

#include <fmt/format.h>

namespace hamlet {

std::unique_ptr<SpinRun> SpinNetwork::run(const Spins& start) const {
  if (start.size() != size())
    throw ShapeError(fmt::format("{} has {} spins, the state {}", name(), size(), start.size()));
  return form_->run(form_, start);
}

WideReal SpinNetwork::energy(const Spins& spins) const { return run(spins)->energy(); }

Index SpinNetwork::unstable(const Spins& spins) const {
  const std::unique_ptr<SpinRun> at = run(spins);
  Index count = 0;
  for (Index i = 0; i < size(); ++i) count += at->pull(i) == -spins[i] ? 1 : 0;
  return count;
}

}  // namespace hamlet
