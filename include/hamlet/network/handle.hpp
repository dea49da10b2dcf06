// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>

namespace hamlet {

struct Layer;
class Synapse;

/// Names a layer or synapse for as long as any network has it: copies, edited copies and reductions of a network share
/// handles, and no two layers of a process have the same one. Made by Network; a default one names nothing.
template <class Named>
class Handle {
 public:
  Handle() = default;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes a defaulted <=> for a null pointer
  friend auto operator<=>(const Handle&, const Handle&) = default;

 private:
  friend class Network;
  explicit Handle(std::uint64_t id) : id_(id) {}

  std::uint64_t id_ = 0;
};

using LayerHandle = Handle<Layer>;
using SynapseHandle = Handle<Synapse>;

}  // namespace hamlet
